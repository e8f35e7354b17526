package io.treegrad.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingTest {
    /** Files of Log4j and of Spark's metrics in the same directory. */
    private static final Set<String> NOT_OURS = Set.of("log4j2", "metrics");

    static List<Setting<?>> table() {
        return AllSettings.table();
    }

    @Test
    void defaultsFileHoldsEveryKeyOnceInTheOrderOfTheTable() {
        assertEquals(
                AllSettings.keys(), List.copyOf(ConfigFile.defaults().values().keySet()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void exampleIsAcceptedByItsOwnParser(Setting<?> setting) {
        assertTrue(setting.parser().parse().apply(setting.parser().example()).isPresent());
    }

    @ParameterizedTest
    @MethodSource("table")
    void emptyTextIsNeverAValue(Setting<?> setting) {
        assertTrue(setting.parser().parse().apply("").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "scheduled__2026-11-27T02:00:00+00:00, scheduled__2026-11-27T02-00-00-00-00",
        "manual__2026-11-27T09:15:02.123456+00:00, manual__2026-11-27T09-15-02.123456-00-00",
        "2026-11-27, 2026-11-27"
    })
    void runIdsOfAirflowNameRuns(String given, String run) {
        assertEquals(
                Optional.of(run),
                OutputSettings.RUN_ID.parser().parse().apply(given).orElseThrow());
        assertEquals(
                new ResumeChoice.Run(run),
                OutputSettings.RESUME.parser().parse().apply(given).orElseThrow());
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
