package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {
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
    void presetsAreTheFilesOfConfOtherThanThoseOfSpark() throws IOException {
        try (var files = Files.list(Path.of("conf"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".properties") && !name.equals("metrics.properties"))
                    .map(name -> name.replace(".properties", ""))
                    .sorted()
                    .toList();
            assertEquals(ConfigFile.PRESETS.stream().sorted().toList(), names);
        }
    }
}
