package io.treegrad.settings;

import io.treegrad.common.Decimal;
import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The settings of one command: every value checked, each with its origin. Precedence: option, Spark key, file, default.
 * An accessor that does not fit the setting's rule is a bug and throws {@link IllegalStateException}.
 */
public final class Settings {
    public static final String SPARK_PREFIX = "spark.treegrad.";

    /** Where a value can come from, the strongest last. */
    public enum Rank {
        DEFAULT,
        FILE,
        SPARK,
        OPTION
    }

    /**
     * A value and where it came from.
     *
     * @param source as {@code --print-config} shows it: {@code default}, {@code option}, the Spark key or the file
     */
    public record Value(String text, Rank rank, String source) {}

    /** A setting that acts only beside certain values of another. */
    private record Companion(Setting setting, Setting other, List<String> values) {}

    private static final List<Companion> COMPANIONS = List.of(
            new Companion(Setting.MOMENTUM, Setting.OPTIMIZER, List.of("momentum", "nesterov")),
            new Companion(Setting.TREE_DEPTH, Setting.ENGINE, List.of("tree", "auto")));

    private static final List<Setting> HOLDOUTS =
            List.of(Setting.SPLIT, Setting.VALIDATION_ROWS, Setting.VALIDATION_FRACTION);

    private static final List<String> WORDS_FOR_NOTHING = List.of("none", "auto", "full", "all");

    private final Command command;
    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);

    /**
     * @param options what the command line says
     * @param config the preset or file of {@code --config}; when empty, of {@code spark.treegrad.config}
     * @param properties any map; its keys that begin with {@code spark.treegrad.} are settings
     * @param directory what a relative path of the configuration file is relative to
     * @throws UserError USAGE for an option, BAD_CONFIGURATION for a key, INPUT_MISSING for the file
     */
    public Settings(
            Command command,
            Map<Setting, String> options,
            Optional<String> config,
            Map<String, String> properties,
            Path directory) {
        this.command = command;
        ConfigFile defaults = ConfigFile.defaults();
        for (Setting setting : command.settings()) {
            String text = setting.isKey() ? defaults.values().get(setting.title()) : setting.ownDefault();
            values.put(setting, new Value(text, Rank.DEFAULT, "default"));
        }
        config.or(() -> Optional.ofNullable(properties.get(SPARK_PREFIX + "config")))
                .map(name -> ConfigFile.named(name, directory))
                .ifPresent(this::layFile);
        laySparkKeys(properties);
        options.forEach((setting, text) -> lay(setting, new Value(text, Rank.OPTION, "option")));
        for (Setting setting : values.keySet()) {
            if (!setting.rule().accepts().test(values.get(setting).text())) {
                throw refusal(
                        setting,
                        "expected " + setting.rule().expected() + ". For example: "
                                + assignment(setting, setting.rule().example()));
            }
        }
        if (command == Command.TRAIN) {
            keepStrongestHoldout();
            COMPANIONS.forEach(this::checkCompanion);
        }
    }

    private void layFile(ConfigFile file) {
        file.values().forEach((key, text) -> {
            Setting setting = setting(key)
                    .orElseThrow(() -> new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The configuration file " + file.title() + " has the unknown key " + Printable.quoted(key)
                                    + "."
                                    + Suggestion.sentence(key, keys())
                                    + " The keys are the options of train without the two hyphens: see train --help."));
            lay(setting, new Value(text, Rank.FILE, file.title()));
        });
    }

    private void laySparkKeys(Map<String, String> properties) {
        new TreeMap<>(properties).forEach((sparkKey, text) -> {
            if (!sparkKey.startsWith(SPARK_PREFIX) || sparkKey.equals(SPARK_PREFIX + "config")) {
                return;
            }
            String key = sparkKey.substring(SPARK_PREFIX.length());
            Setting setting = setting(key)
                    .orElseThrow(() -> new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "Unknown Spark key " + Printable.quoted(sparkKey) + "."
                                    + Suggestion.sentence(
                                            sparkKey,
                                            keys().stream()
                                                    .map(name -> SPARK_PREFIX + name)
                                                    .toList())
                                    + " The keys are the options of train behind spark.treegrad.: see train --help."));
            lay(setting, new Value(text.strip(), Rank.SPARK, sparkKey));
        });
    }

    /** A key that only other commands use is known, checked for its name, and of no interest here. */
    private void lay(Setting setting, Value value) {
        values.computeIfPresent(setting, (key, weaker) -> value);
    }

    private static Optional<Setting> setting(String key) {
        return Arrays.stream(Setting.values())
                .filter(setting -> setting.isKey() && setting.title().equals(key))
                .findFirst();
    }

    private static List<String> keys() {
        return Arrays.stream(Setting.values())
                .filter(Setting::isKey)
                .map(Setting::title)
                .toList();
    }

    /** Three settings say what is held out of training: only the one of the strongest origin stays. */
    private void keepStrongestHoldout() {
        Setting strongest = null;
        for (Setting setting : HOLDOUTS) {
            if (!isGiven(setting)) {
                continue;
            }
            if (strongest != null && value(setting).rank() == value(strongest).rank()) {
                throw refusal(
                        setting,
                        "expected none beside " + strongest.title() + " " + Printable.plain(text(strongest))
                                + ". Give one of the two.");
            }
            if (strongest == null
                    || value(setting).rank().compareTo(value(strongest).rank()) > 0) {
                strongest = setting;
            }
        }
        for (Setting setting : HOLDOUTS) {
            if (setting != strongest && isGiven(setting)) {
                values.put(setting, new Value("none", value(setting).rank(), "because of " + strongest.title()));
            }
        }
    }

    private void checkCompanion(Companion companion) {
        Value value = value(companion.setting());
        Value other = value(companion.other());
        boolean meant = value.rank() != Rank.DEFAULT && value.rank().compareTo(other.rank()) >= 0;
        if (meant && !companion.values().contains(other.text())) {
            throw refusal(
                    companion.setting(),
                    "it has no effect with " + companion.other().title() + " " + other.text()
                            + ". Leave it out, or take " + companion.other().title() + " "
                            + String.join(" or ", companion.values()) + ".");
        }
    }

    public Command command() {
        return command;
    }

    public Value value(Setting setting) {
        Value value = values.get(setting);
        if (value == null) {
            throw new IllegalStateException(command.title() + " has no setting " + setting.title());
        }
        return value;
    }

    /** The settings of the command in the order of the table. */
    public Map<Setting, Value> values() {
        return Collections.unmodifiableMap(values);
    }

    public String text(Setting setting) {
        return value(setting).text();
    }

    /** Whether the value is another than {@code none}, {@code auto}, {@code full} and {@code all}. */
    public boolean isGiven(Setting setting) {
        return !WORDS_FOR_NOTHING.contains(text(setting));
    }

    public boolean flag(Setting setting) {
        return switch (text(setting)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw misread(setting, "flag");
        };
    }

    public int integer(Setting setting) {
        return Math.toIntExact(longInteger(setting));
    }

    /** Empty for {@code none}, {@code auto} and {@code full}. */
    public OptionalInt optionalInteger(Setting setting) {
        return isGiven(setting) ? OptionalInt.of(integer(setting)) : OptionalInt.empty();
    }

    public long longInteger(Setting setting) {
        return Decimal.whole(text(setting)).orElseThrow(() -> misread(setting, "whole number"));
    }

    public double number(Setting setting) {
        return Decimal.number(text(setting)).orElseThrow(() -> misread(setting, "number"));
    }

    /** Empty for {@code none} and {@code auto}. */
    public OptionalDouble optionalNumber(Setting setting) {
        return isGiven(setting) ? OptionalDouble.of(number(setting)) : OptionalDouble.empty();
    }

    /** Whole numbers separated by commas; none for {@code none}. A new array. */
    public int[] integers(Setting setting) {
        return isGiven(setting)
                ? Arrays.stream(text(setting).split(","))
                        .mapToInt(item ->
                                Math.toIntExact(Decimal.whole(item).orElseThrow(() -> misread(setting, "list"))))
                        .toArray()
                : new int[0];
    }

    /** Numbers separated by commas; none for {@code none}. A new array. */
    public double[] numbers(Setting setting) {
        return isGiven(setting)
                ? Arrays.stream(text(setting).split(","))
                        .mapToDouble(item -> Decimal.number(item).orElseThrow(() -> misread(setting, "list")))
                        .toArray()
                : new double[0];
    }

    /** The constant whose name is the value: {@code cross-entropy} is CROSS_ENTROPY. */
    public <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
        return choices(setting, type).get(0);
    }

    /** The constants whose names are the value, separated by commas; at least one. */
    public <E extends Enum<E>> List<E> choices(Setting setting, Class<E> type) {
        return Arrays.stream(text(setting).split(",", -1))
                .map(name -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> Command.kebab(constant.name()).equals(name))
                        .findFirst()
                        .orElseThrow(() -> misread(setting, type.getSimpleName())))
                .toList();
    }

    /** A local path, which a locale without its letters cannot express. */
    public Path path(Setting setting, Path directory) {
        try {
            return directory.resolve(text(setting));
        } catch (InvalidPathException e) {
            throw refusal(
                    setting,
                    "expected a path in the letters of this locale. Set LC_ALL to one with UTF-8, such as C.UTF-8.");
        }
    }

    /** A name with numbers behind it, such as the value of {@link Setting#INIT}. */
    public Form form(Setting setting) {
        return Form.parse(text(setting));
    }

    public ScheduleForm schedule() {
        return ScheduleForm.parse(text(Setting.SCHEDULE));
    }

    /** As the user would look for it: {@code --hidden}, {@code spark.treegrad.hidden}, {@code hidden in my.properties}. */
    public String nameOf(Setting setting) {
        Value value = value(setting);
        return switch (value.rank()) {
            case OPTION -> setting.option();
            case SPARK -> setting.sparkKey();
            case FILE -> setting.title() + " in " + value.source();
            case DEFAULT -> setting.title() + " by default";
        };
    }

    /** How the user would write another value in the same place. */
    private String assignment(Setting setting, String text) {
        return switch (value(setting).rank()) {
            case OPTION -> setting.option() + " " + text;
            case SPARK -> setting.sparkKey() + "=" + text;
            case FILE, DEFAULT -> setting.title() + " = " + text;
        };
    }

    /**
     * The error for a value that only later proves wrong: "NAME is "VALUE": EXPECTATION". USAGE when it was an option,
     * else BAD_CONFIGURATION.
     *
     * @param expectation what was expected and what to do
     */
    public UserError refusal(Setting setting, String expectation) {
        return new UserError(
                value(setting).rank() == Rank.OPTION ? UserError.Kind.USAGE : UserError.Kind.BAD_CONFIGURATION,
                nameOf(setting) + " is " + Printable.quoted(text(setting)) + ": " + expectation);
    }

    private IllegalStateException misread(Setting setting, String type) {
        return new IllegalStateException(setting.title() + " is no " + type + ": " + Printable.quoted(text(setting)));
    }
}
