package io.treegrad.settings;

import io.treegrad.common.Decimal;
import io.treegrad.common.Printable;
import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of one command, every value parsed, each with its origin. Immutable. They travel as the texts they were
 * parsed from.
 */
public final class Settings implements Serializable {
    /**
     * A value and where it came from.
     *
     * @param value the text, parsed by the parser of the setting
     * @param source as {@code --print-config} shows it: {@code default}, {@code option}, the Spark key or the file
     */
    public record Value(Object value, String text, Origin origin, String source) {}

    /** Settings that say where data is, and so do not decide the result. */
    private static final Set<Setting<?>> LOCATIONS =
            Set.of(DataSettings.CHOICE, DataSettings.TEST_DATA, DataSettings.FORMAT);

    private final Command command;
    private final Map<Setting<?>, Value> values;

    /** @param values of every setting of the command, in the order of the table; each from the setting's own parser */
    Settings(Command command, Map<Setting<?>, Value> values) {
        this.command = command;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    private record Text(String name, String text, Origin origin, String source) implements Serializable {}

    /** The settings on their way to another process. */
    private record Texts(Command command, List<Text> texts) implements Serializable {
        private Object readResolve() {
            Map<String, Text> byName = new HashMap<>();
            texts.forEach(text -> byName.put(text.name, text));
            Map<Setting<?>, Value> values = new LinkedHashMap<>();
            for (Setting<?> setting : AllSettings.of(command)) {
                Text text = byName.get(setting.name());
                Object value = setting.parser().parse().apply(text.text).orElseThrow();
                values.put(setting, new Value(value, text.text, text.origin, text.source));
            }
            return new Settings(command, values);
        }
    }

    private Object writeReplace() {
        List<Text> texts = new ArrayList<>();
        values.forEach(
                (setting, value) -> texts.add(new Text(setting.name(), value.text(), value.origin(), value.source())));
        return new Texts(command, texts);
    }

    public Command command() {
        return command;
    }

    /** @throws IllegalStateException if the command has no such setting, which is a bug */
    @SuppressWarnings("unchecked") // the resolver lets each setting parse its own text
    public <T> T get(Setting<T> setting) {
        return (T) value(setting).value();
    }

    public Value value(Setting<?> setting) {
        Value value = values.get(setting);
        if (value == null) {
            throw new IllegalStateException(command.title() + " has no setting " + setting.name());
        }
        return value;
    }

    boolean isDefault(Setting<?> setting) {
        return value(setting).origin() == Origin.DEFAULT;
    }

    /** The settings of the command in the order of the table. */
    public Map<Setting<?>, Value> values() {
        return values;
    }

    /** The text of every setting, by its name, without secrets. */
    public Map<String, String> redacted() {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((setting, value) -> texts.put(setting.name(), setting.redacted(value.text())));
        return texts;
    }

    /** A command line that gives the data and all that decides the result, as far as they are no defaults. Without secrets. */
    public String asCommand() {
        StringBuilder words = new StringBuilder(command.title());
        values.forEach((setting, value) -> {
            boolean isGiven = value.origin() != Origin.DEFAULT && !value.text().equals(AllSettings.defaultOf(setting));
            if (isGiven && (setting.effect() == Setting.Effect.DECIDES_RESULT || LOCATIONS.contains(setting))) {
                words.append(' ').append(setting.option()).append(' ').append(quoted(setting.redacted(value.text())));
            }
        });
        return words.toString();
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[-+.,:/=_@%a-zA-Z0-9]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The settings that decide the result, by their names, without secrets; equal numbers have equal texts. */
    public Map<String, String> decidingResult() {
        Map<String, String> deciding = new TreeMap<>();
        values.forEach((setting, value) -> {
            if (setting.effect() == Setting.Effect.DECIDES_RESULT) {
                deciding.put(setting.name(), normalized(Redaction.redact(value.text())));
            }
        });
        return deciding;
    }

    /** The same of the settings of {@code train} that a model records, by their names. */
    public static Map<String, String> decidingResult(Map<String, String> recorded) {
        Map<String, String> deciding = new TreeMap<>();
        for (Setting<?> setting : AllSettings.of(Command.TRAIN)) {
            if (setting.effect() == Setting.Effect.DECIDES_RESULT && recorded.containsKey(setting.name())) {
                deciding.put(setting.name(), normalized(recorded.get(setting.name())));
            }
        }
        return deciding;
    }

    private static String normalized(String text) {
        OptionalLong whole = Decimal.whole(text);
        if (whole.isPresent()) {
            return Long.toString(whole.getAsLong());
        }
        OptionalDouble number = Decimal.number(text);
        return number.isPresent() ? Double.toString(number.getAsDouble()) : text;
    }

    /** The same, as if this value had been given as an option. */
    Settings with(Setting<?> setting, String text) {
        Map<Setting<?>, Value> changed = new LinkedHashMap<>(values);
        Object value = setting.parser().parse().apply(text).orElseThrow();
        changed.put(setting, new Value(value, text, Origin.OPTION, "option"));
        return new Settings(command, changed);
    }

    /**
     * The name that the user would look for: {@code --hidden}, {@code spark.treegrad.hidden}, {@code hidden in
     * my.properties}.
     */
    public String nameOf(Setting<?> setting) {
        return nameOf(setting, value(setting));
    }

    private static String nameOf(Setting<?> setting, Value value) {
        return switch (value.origin()) {
            case OPTION -> setting.option();
            case SPARK_KEY -> setting.sparkKey();
            case PROGRAM -> setting.name();
            case FILE -> setting.name() + " in " + value.source();
            case DEFAULT -> setting.name() + " by default";
        };
    }

    /**
     * The error for a value that turns out to be wrong later: "NAME is "VALUE": EXPECTATION". USAGE if it was an
     * option or a program's, otherwise BAD_CONFIGURATION.
     *
     * @param expectation what was expected and what to do
     */
    public UserError refusal(Setting<?> setting, String expectation) {
        return refusal(setting, value(setting), expectation);
    }

    static UserError refusal(Setting<?> setting, Value value, String expectation) {
        return new UserError(
                value.origin().compareTo(Origin.OPTION) >= 0 ? UserError.Kind.USAGE : UserError.Kind.BAD_CONFIGURATION,
                nameOf(setting, value) + " is " + Printable.quoted(setting.redacted(value.text())) + ": "
                        + expectation);
    }
}
