package io.treegrad.settings;

import io.treegrad.common.Redaction;
import java.util.Set;
import java.util.TreeSet;

/**
 * A setting: its name, how its text becomes a value, its help, the commands that have it, and whether it decides the
 * result of a training. A setting of {@code train} is an option {@code --name}, a key {@code name} of a configuration
 * file and a Spark key {@code spark.treegrad.name}, and its default is in {@code conf/default.properties}. A setting
 * that only other commands have is just an option, with a default of its own.
 */
public final class Setting<T> {
    /** The prefix of all Spark keys that are settings. */
    public static final String SPARK_PREFIX = "spark.treegrad.";

    /** Whether another value gives another model. If it does, a resumed run must keep the value. */
    public enum Effect {
        /** A resume with another value is refused. */
        DECIDES_RESULT,
        /** A resume may have another value. */
        KEEPS_RESULT
    }

    /** The placeholder of addresses of web hooks. */
    static final String HOOK = "URL";

    private final String name;
    private final SettingGroup group;
    private final String placeholder;
    private final String help;
    private final ValueParser<T> parser;
    private final Effect effect;
    private final String ownDefault;
    private final Set<Command> commands;

    private Setting(
            String name,
            SettingGroup group,
            String placeholder,
            String help,
            ValueParser<T> parser,
            Effect effect,
            String ownDefault,
            Set<Command> commands) {
        this.name = name;
        this.group = group;
        this.placeholder = placeholder;
        this.help = help.replace("%s", parser.expected());
        this.parser = parser;
        this.effect = effect;
        this.ownDefault = ownDefault;
        this.commands = commands;
    }

    /**
     * A setting of {@code train}.
     *
     * @param placeholder the name of the value in the help; empty for an option without a value
     * @param help one line; {@code %s} in it is replaced by what the parser expects
     * @param others other commands that have it
     */
    static <T> Setting<T> ofTrain(
            String name,
            SettingGroup group,
            String placeholder,
            String help,
            ValueParser<T> parser,
            Effect effect,
            Command... others) {
        Set<Command> commands = new TreeSet<>(Set.of(others));
        commands.add(Command.TRAIN);
        return new Setting<>(name, group, placeholder, help, parser, effect, null, Set.copyOf(commands));
    }

    /** A setting of other commands than {@code train}. */
    static <T> Setting<T> of(
            String name,
            SettingGroup group,
            String placeholder,
            String help,
            ValueParser<T> parser,
            String ownDefault,
            Command... commands) {
        return new Setting<>(name, group, placeholder, help, parser, Effect.KEEPS_RESULT, ownDefault, Set.of(commands));
    }

    /** {@code learning-rate}: the option without its hyphens and the key in a file. */
    public String name() {
        return name;
    }

    public String option() {
        return "--" + name;
    }

    String sparkKey() {
        return SPARK_PREFIX + name;
    }

    public SettingGroup group() {
        return group;
    }

    public String placeholder() {
        return placeholder;
    }

    /** Whether the option takes no value: if present, it is true. */
    public boolean takesNoValue() {
        return placeholder.isEmpty();
    }

    public String help() {
        return help;
    }

    /** A text of this setting without secrets. A web hook has its key in the path, even where it is no good address. */
    public String redacted(String text) {
        if (!placeholder.equals(HOOK)) {
            return Redaction.redact(text);
        }
        String scheme = "://";
        return text.contains(scheme)
                ? Redaction.redactHook(text)
                : Redaction.redactHook(scheme + text).substring(scheme.length());
    }

    public ValueParser<T> parser() {
        return parser;
    }

    public Effect effect() {
        return effect;
    }

    public boolean belongsTo(Command command) {
        return commands.contains(command);
    }

    /** Whether files and Spark keys may set it too. */
    boolean isKey() {
        return ownDefault == null;
    }

    /** The default of a setting that is not a key. */
    String ownDefault() {
        return ownDefault;
    }

    @Override
    public String toString() {
        return name;
    }
}
