package io.treegrad.settings;

import io.treegrad.common.Printable;
import io.treegrad.common.Suggestion;
import io.treegrad.common.UserError;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The table of all settings, in the order of the help and of {@code conf/default.properties}. */
public final class AllSettings {
    private static final List<Setting<?>> TABLE = Stream.of(
                    DataSettings.ALL,
                    NetworkSettings.ALL,
                    TrainingSettings.ALL,
                    ClusterSettings.ALL,
                    OutputSettings.ALL,
                    CommandSettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private AllSettings() {}

    public static List<Setting<?>> table() {
        return TABLE;
    }

    public static List<Setting<?>> of(Command command) {
        return TABLE.stream().filter(setting -> setting.belongsTo(command)).toList();
    }

    /** The setting that a key of a file or of Spark names; empty if there is none. */
    static Optional<Setting<?>> ofKey(String key) {
        return TABLE.stream()
                .filter(setting -> setting.isKey() && setting.name().equals(key))
                .findFirst();
    }

    /**
     * The setting of a name.
     *
     * @throws UserError USAGE if there is none, with a suggestion
     */
    public static Setting<?> named(String name) {
        return ofKey(name)
                .orElseThrow(() -> new UserError(
                        UserError.Kind.USAGE,
                        "There is no setting " + Printable.quoted(name) + "." + Suggestion.sentence(name, keys())));
    }

    static List<String> keys() {
        return TABLE.stream().filter(Setting::isKey).map(Setting::name).toList();
    }

    /** The default of a setting as it is written. */
    public static String defaultOf(Setting<?> setting) {
        return setting.isKey() ? ConfigFile.defaults().values().get(setting.name()) : setting.ownDefault();
    }
}
