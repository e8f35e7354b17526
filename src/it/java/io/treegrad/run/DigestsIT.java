package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.cli.DigitFiles;
import io.treegrad.cli.Invocation;
import io.treegrad.settings.ConfigFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Short runs of all presets end in the digests that are recorded for every machine. */
class DigestsIT {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void drawDigits() throws Exception {
        DigitFiles.write(directory.resolve("digits"), 600, 200);
    }

    static List<String> presets() {
        return ConfigFile.PRESETS;
    }

    @ParameterizedTest
    @MethodSource("presets")
    void shortRunOfAPresetEndsInItsDigest(String preset) {
        assertEquals(ExpectedDigests.ofShortRun(preset), Optional.of(digest(preset, List.of())));
    }

    @ParameterizedTest
    @MethodSource("presets")
    void engineAndPartitionsDoNotMatter(String preset) {
        assertEquals(
                ExpectedDigests.ofShortRun(preset),
                Optional.of(digest(preset, List.of("--engine", "tree", "--partitions", "1"))));
    }

    @Test
    void everySystemThatReproduceKnowsHasADigestOfItsFirstSeed() {
        for (String preset : TextbookSystem.presets()) {
            assertTrue(ExpectedDigests.of(preset, 1).isPresent(), preset);
        }
    }

    private static String digest(String preset, List<String> more) {
        boolean table = preset.startsWith("generic-") && !preset.equals("generic-mnist");
        List<String> words = new ArrayList<>(List.of("train", "--config", preset, "--json", "--report", "false"));
        words.addAll(List.of("--output", directory.resolve("output").toString(), "--checkpoint-every", "none"));
        words.addAll(List.of("--epochs", table ? "100" : "2", "--always"));
        if (!table) {
            words.addAll(List.of("--data", directory.resolve("digits").toString()));
            words.addAll(List.of("--split", "none", "--validation-rows", "100"));
        }
        words.addAll(more);
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new))
                .succeeded()
                .json()
                .get("weightsSha256")
                .asText();
    }
}
