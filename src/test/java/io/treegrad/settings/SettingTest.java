package io.treegrad.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {
    /** Files of Log4j and of Spark's metrics in the same directory. */
    private static final Set<String> NOT_OURS = Set.of("log4j2", "metrics");

    @Test
    void defaultsFileHoldsEveryKeyOnceInTheOrderOfTheTable() {
        List<String> keys = Arrays.stream(Setting.values())
                .filter(Setting::isKey)
                .map(Setting::title)
                .toList();
        assertEquals(keys, List.copyOf(ConfigFile.defaults().values().keySet()));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void exampleIsAcceptedByItsOwnRule(Setting setting) {
        assertTrue(setting.rule().accepts().test(setting.rule().example()));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void emptyTextIsNeverAValue(Setting setting) {
        assertTrue(setting.rule().accepts().negate().test(""));
    }

    @Test
    void presetsAreTheFilesOfSettingsInConf() throws IOException {
        try (var files = Files.list(Path.of("conf"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".properties"))
                    .map(name -> name.replace(".properties", ""))
                    .filter(name -> !NOT_OURS.contains(name))
                    .sorted()
                    .toList();
            assertEquals(ConfigFile.PRESETS.stream().sorted().toList(), names);
        }
    }
}
