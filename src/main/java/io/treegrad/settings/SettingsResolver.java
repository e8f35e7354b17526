package io.treegrad.settings;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Task;
import io.treegrad.spark.EngineChoice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds the value of each setting. The strongest origin wins: option, Spark key, file, default. */
public final class SettingsResolver {
    /** The settings that say which rows are held out of training. At most one of them takes effect. */
    private static final List<Setting<? extends Optional<?>>> HOLDOUTS =
            List.of(DataSettings.SPLIT, DataSettings.VALIDATION_ROWS, DataSettings.VALIDATION_FRACTION);

    private final Command command;
    private final Map<Setting<?>, Settings.Value> values = new LinkedHashMap<>();

    private SettingsResolver(Command command) {
        this.command = command;
        for (Setting<?> setting : AllSettings.of(command)) {
            apply(setting, AllSettings.defaultOf(setting), Origin.DEFAULT, "default");
        }
    }

    /**
     * @param options the options of the command line
     * @param config the preset or file of {@code --config}; when empty, of {@code spark.treegrad.config}
     * @param properties any map; its keys that begin with {@code spark.treegrad.} are settings
     * @param directory base of a relative path to the configuration file
     * @throws UserError USAGE for an option, BAD_CONFIGURATION for a key, INPUT_MISSING for the file
     */
    public static Settings resolve(
            Command command,
            Map<Setting<?>, String> options,
            Optional<String> config,
            Map<String, String> properties,
            Path directory) {
        SettingsResolver resolver = new SettingsResolver(command);
        config.or(() -> Optional.ofNullable(properties.get(Setting.SPARK_PREFIX + "config")))
                .map(name -> ConfigFile.named(name, directory))
                .ifPresent(resolver::applyFile);
        resolver.applySparkKeys(properties);
        options.forEach((setting, text) -> resolver.apply(setting, text, Origin.OPTION, "option"));
        return resolver.resolved();
    }

    /**
     * The settings of a training that another program asks for.
     *
     * @throws UserError USAGE, in which settings have their plain names
     */
    public static Settings ofProgram(Map<Setting<?>, String> texts) {
        SettingsResolver resolver = new SettingsResolver(Command.TRAIN);
        texts.forEach((setting, text) -> resolver.apply(setting, text, Origin.PROGRAM, "program"));
        return resolver.resolved();
    }

    private Settings resolved() {
        parse();
        followTask();
        Settings settings = new Settings(command, values);
        if (command == Command.TRAIN) {
            requireEffects(settings);
        }
        boolean holdsOut = HOLDOUTS.stream().allMatch(setting -> setting.belongsTo(command));
        return holdsOut ? withStrongestHoldout(settings) : settings;
    }

    /**
     * The settings of a training as its model records them: they took effect together, so none is preferred to another.
     *
     * @param texts by names; a setting that is not among them has its default
     * @throws UserError BAD_CONFIGURATION for a value that this version does not know
     */
    public static Settings recorded(Map<String, String> texts) {
        SettingsResolver resolver = new SettingsResolver(Command.TRAIN);
        for (Setting<?> setting : AllSettings.of(Command.TRAIN)) {
            if (texts.containsKey(setting.name())) {
                resolver.apply(setting, texts.get(setting.name()), Origin.FILE, "the model");
            }
        }
        resolver.parse();
        return new Settings(Command.TRAIN, resolver.values);
    }

    /** The Spark keys that are settings. spark-submit hands them over as system properties. */
    public static Map<String, String> sparkKeys() {
        Properties properties = System.getProperties();
        return properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(Setting.SPARK_PREFIX))
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    private void applyFile(ConfigFile file) {
        file.values().forEach((key, text) -> {
            Setting<?> setting = AllSettings.ofKey(key)
                    .orElseThrow(() -> new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The configuration file " + file.title() + " has the unknown key " + Printable.quoted(key)
                                    + "." + Suggestion.sentence(key, AllSettings.keys())
                                    + " The keys are the options of train without the two hyphens: see train --help."));
            apply(setting, text, Origin.FILE, file.title());
        });
    }

    private void applySparkKeys(Map<String, String> properties) {
        new TreeMap<>(properties).forEach((sparkKey, text) -> {
            if (!sparkKey.startsWith(Setting.SPARK_PREFIX) || sparkKey.equals(Setting.SPARK_PREFIX + "config")) {
                return;
            }
            Setting<?> setting = AllSettings.ofKey(sparkKey.substring(Setting.SPARK_PREFIX.length()))
                    .orElseThrow(() -> new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "Unknown Spark key " + Printable.quoted(sparkKey) + "."
                                    + Suggestion.sentence(
                                            sparkKey,
                                            AllSettings.keys().stream()
                                                    .map(name -> Setting.SPARK_PREFIX + name)
                                                    .toList())
                                    + " The keys are spark.treegrad. and an option of train: see train --help."));
            apply(setting, text.strip(), Origin.SPARK_KEY, sparkKey);
        });
    }

    /** A key that only other commands use is accepted and ignored. */
    private void apply(Setting<?> setting, String text, Origin origin, String source) {
        if (setting.belongsTo(command)) {
            values.put(setting, new Settings.Value(null, text, origin, source));
        }
    }

    /** Parses only the strongest value: a weaker one may be wrong. */
    private void parse() {
        values.replaceAll((setting, value) -> new Settings.Value(
                setting.parser()
                        .parse()
                        .apply(value.text())
                        .orElseThrow(() -> Settings.refusal(
                                setting,
                                value,
                                "expected " + setting.parser().expected() + ". For example: "
                                        + assignment(setting, value.origin()))),
                value.text(),
                value.origin(),
                value.source()));
    }

    /**
     * Numbers are predicted by another loss and output activation than classes, and squared errors need smaller steps than
     * those of a softmax, unless the user says which.
     */
    private void followTask() {
        Settings.Value task = values.get(DataSettings.TASK);
        if (task != null && task.value() == Task.REGRESSION) {
            follow(NetworkSettings.LOSS, Loss.MSE, Loss.MSE.label());
            follow(NetworkSettings.OUTPUT_ACTIVATION, Activation.IDENTITY, Activation.IDENTITY.label());
            follow(TrainingSettings.LEARNING_RATE, 0.01, "0.01");
        }
    }

    private <T> void follow(Setting<T> setting, T value, String text) {
        if (setting.belongsTo(command) && values.get(setting).origin() == Origin.DEFAULT) {
            values.put(
                    setting, new Settings.Value(value, text, Origin.DEFAULT, "because of " + DataSettings.TASK.name()));
        }
    }

    /** How the user would write the example in the same place. */
    private static String assignment(Setting<?> setting, Origin origin) {
        String example = setting.parser().example();
        return switch (origin) {
            case OPTION -> setting.option() + " " + example;
            case SPARK_KEY -> setting.sparkKey() + "=" + example;
            case FILE, DEFAULT, PROGRAM -> setting.name() + " = " + example;
        };
    }

    private static void requireEffects(Settings settings) {
        requireEffect(
                settings,
                settings.get(TrainingSettings.OPTIMIZER).hasMomentum(),
                TrainingSettings.MOMENTUM,
                TrainingSettings.OPTIMIZER,
                "momentum or nesterov");
        requireEffect(
                settings,
                settings.get(ClusterSettings.ENGINE) != EngineChoice.RESIDENT,
                ClusterSettings.TREE_DEPTH,
                ClusterSettings.ENGINE,
                "tree or auto");
    }

    /** Refuses a value that has no effect with the value of another setting, unless its origin is the weaker one. */
    private static void requireEffect(
            Settings settings, boolean hasEffect, Setting<?> setting, Setting<?> other, String values) {
        Origin origin = settings.value(setting).origin();
        boolean intended = origin != Origin.DEFAULT
                && origin.compareTo(settings.value(other).origin()) >= 0;
        if (intended && !hasEffect) {
            throw settings.refusal(
                    setting,
                    "it has no effect with " + other.name() + " "
                            + settings.value(other).text() + ". Leave it out, or take " + other.name() + " " + values
                            + ".");
        }
    }

    /** Three settings say which rows are held out of training. Keeps only the one with the strongest origin. */
    private Settings withStrongestHoldout(Settings settings) {
        Setting<?> strongest = null;
        for (Setting<? extends Optional<?>> setting : HOLDOUTS) {
            if (settings.get(setting).isEmpty()) {
                continue;
            }
            Origin origin = settings.value(setting).origin();
            if (strongest != null && settings.value(strongest).origin() == origin) {
                throw settings.refusal(
                        setting,
                        "expected none beside " + strongest.name() + " "
                                + Printable.plain(settings.value(strongest).text()) + ". Give one of the two.");
            }
            if (strongest == null || origin.compareTo(settings.value(strongest).origin()) > 0) {
                strongest = setting;
            }
        }
        for (Setting<? extends Optional<?>> setting : HOLDOUTS) {
            if (setting != strongest && settings.get(setting).isPresent()) {
                values.put(
                        setting,
                        new Settings.Value(
                                Optional.empty(),
                                "none",
                                settings.value(setting).origin(),
                                "because of " + strongest.name()));
            }
        }
        return new Settings(command, values);
    }
}
