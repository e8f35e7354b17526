package io.treegrad.settings;

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

    static List<String> keys() {
        return TABLE.stream().filter(Setting::isKey).map(Setting::name).toList();
    }

    /** The default of a setting as it is written. */
    public static String defaultOf(Setting<?> setting) {
        return setting.isKey() ? ConfigFile.defaults().values().get(setting.name()) : setting.ownDefault();
    }
}
