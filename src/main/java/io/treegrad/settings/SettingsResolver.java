package io.treegrad.settings;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import io.treegrad.spark.EngineChoice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lays the origins of settings over each other, the strongest last: default, file, Spark key, option. */
public final class SettingsResolver {
    /** At most one of these says what is held out of training. */
    private static final List<Setting<? extends Optional<?>>> HOLDOUTS =
            List.of(DataSettings.SPLIT, DataSettings.VALIDATION_ROWS, DataSettings.VALIDATION_FRACTION);

    private final Command command;
    private final Map<Setting<?>, Settings.Value> values = new LinkedHashMap<>();

    private SettingsResolver(Command command) {
        this.command = command;
        for (Setting<?> setting : AllSettings.of(command)) {
            lay(setting, AllSettings.defaultOf(setting), Origin.DEFAULT, "default");
        }
    }

    /**
     * @param options what the command line says
     * @param config the preset or file of {@code --config}; when empty, of {@code spark.treegrad.config}
     * @param properties any map; its keys that begin with {@code spark.treegrad.} are settings
     * @param directory what a relative path of the configuration file is relative to
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
                .ifPresent(resolver::layFile);
        resolver.laySparkKeys(properties);
        options.forEach((setting, text) -> resolver.lay(setting, text, Origin.OPTION, "option"));
        resolver.parse();
        Settings settings = new Settings(command, resolver.values);
        if (command != Command.TRAIN) {
            return settings;
        }
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
        return resolver.withStrongestHoldout(settings);
    }

    private void layFile(ConfigFile file) {
        file.values().forEach((key, text) -> {
            Setting<?> setting = AllSettings.ofKey(key)
                    .orElseThrow(() -> new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The configuration file " + file.title() + " has the unknown key " + Printable.quoted(key)
                                    + "." + Suggestion.sentence(key, AllSettings.keys())
                                    + " The keys are the options of train without the two hyphens: see train --help."));
            lay(setting, text, Origin.FILE, file.title());
        });
    }

    private void laySparkKeys(Map<String, String> properties) {
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
                                    + " The keys are the options of train behind spark.treegrad.: see train --help."));
            lay(setting, text.strip(), Origin.SPARK_KEY, sparkKey);
        });
    }

    /** A key that only other commands use is known, checked for its name, and of no interest here. */
    private void lay(Setting<?> setting, String text, Origin origin, String source) {
        if (setting.belongsTo(command)) {
            values.put(setting, new Settings.Value(null, text, origin, source));
        }
    }

    /** Only what is strongest is parsed: a weaker value that it hides may be wrong. */
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

    /** How the user would write the example in the same place. */
    private static String assignment(Setting<?> setting, Origin origin) {
        String example = setting.parser().example();
        return switch (origin) {
            case OPTION -> setting.option() + " " + example;
            case SPARK_KEY -> setting.sparkKey() + "=" + example;
            case FILE, DEFAULT -> setting.name() + " = " + example;
        };
    }

    /** Refuses a value that acts only beside another, unless a weaker origin gave it. */
    private static void requireEffect(
            Settings settings, boolean acts, Setting<?> setting, Setting<?> beside, String values) {
        Origin origin = settings.value(setting).origin();
        boolean meant = origin != Origin.DEFAULT
                && origin.compareTo(settings.value(beside).origin()) >= 0;
        if (meant && !acts) {
            throw settings.refusal(
                    setting,
                    "it has no effect with " + beside.name() + " "
                            + settings.value(beside).text() + ". Leave it out, or take " + beside.name() + " " + values
                            + ".");
        }
    }

    /** Three settings say what is held out of training: only the one of the strongest origin stays. */
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
