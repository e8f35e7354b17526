package io.treegrad.cli;

import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingGroup;
import io.treegrad.settings.Settings;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code --print-config}: each setting, its value and its origin, in the order of the table. */
final class PrintedConfig {
    private static final int WIDEST_VALUE = 30;

    private PrintedConfig() {}

    static void print(Settings settings, PrintStream out) {
        if (settings.get(OutputSettings.JSON)) {
            out.println(Summary.json(asMap(settings)));
            return;
        }
        int nameWidth = settings.values().keySet().stream()
                .mapToInt(setting -> setting.name().length())
                .max()
                .orElse(0);
        int valueWidth = settings.values().entrySet().stream()
                .mapToInt(entry -> Math.min(
                        WIDEST_VALUE,
                        entry.getKey().redacted(entry.getValue().text()).length()))
                .max()
                .orElse(0);
        String line = "  %-" + nameWidth + "s  %-" + valueWidth + "s  %s%n";
        SettingGroup group = null;
        for (Map.Entry<Setting<?>, Settings.Value> entry : settings.values().entrySet()) {
            Setting<?> setting = entry.getKey();
            if (setting.group() != group) {
                out.print(group == null ? "" : System.lineSeparator());
                group = setting.group();
                out.println(group.heading());
            }
            Settings.Value value = entry.getValue();
            out.printf(line, setting.name(), setting.redacted(value.text()), value.source());
        }
    }

    private static Map<String, Object> asMap(Settings settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        settings.values().forEach((setting, value) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("value", setting.redacted(value.text()));
            one.put("origin", value.source());
            all.put(setting.name(), one);
        });
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("schema", Summary.SCHEMA);
        object.put("command", settings.command().title());
        object.put("settings", all);
        return object;
    }
}
