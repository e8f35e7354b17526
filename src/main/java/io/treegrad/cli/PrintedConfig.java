package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.run.Summary;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code --print-config}: each setting, its value and its origin, in the order of the table. */
final class PrintedConfig {
    private static final int WIDEST_VALUE = 30;

    private PrintedConfig() {}

    static void print(Settings settings, PrintStream out) {
        if (settings.flag(Setting.JSON)) {
            out.println(Summary.json(asMap(settings)));
            return;
        }
        int nameWidth = settings.values().keySet().stream()
                .mapToInt(setting -> setting.title().length())
                .max()
                .orElse(0);
        int valueWidth = settings.values().values().stream()
                .mapToInt(value ->
                        Math.min(WIDEST_VALUE, Printable.redacted(value.text()).length()))
                .max()
                .orElse(0);
        String line = "  %-" + nameWidth + "s  %-" + valueWidth + "s  %s%n";
        Setting.Group group = null;
        for (Map.Entry<Setting, Settings.Value> entry : settings.values().entrySet()) {
            Setting setting = entry.getKey();
            if (setting.group() != group) {
                out.print(group == null ? "" : System.lineSeparator());
                group = setting.group();
                out.println(group.heading());
            }
            Settings.Value value = entry.getValue();
            out.printf(line, setting.title(), Printable.redacted(value.text()), value.source());
        }
    }

    private static Map<String, Object> asMap(Settings settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        settings.values().forEach((setting, value) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("value", Printable.redacted(value.text()));
            one.put("origin", value.source());
            all.put(setting.title(), one);
        });
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("schema", Summary.SCHEMA);
        object.put("command", settings.command().title());
        object.put("settings", all);
        return object;
    }
}
