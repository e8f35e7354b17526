package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gate that compares with the published model, which is for other rows or damaged. */
class ChampionIT {
    @TempDir
    private static Path directory;

    private static Path data;

    @BeforeAll
    static void publish() throws IOException {
        data = SmallTraining.writeData(directory.resolve("rows.csv"));
        train("output", data).succeeded();
    }

    @Test
    void aPublishedModelForOtherRowsIsRefusedBeforeTraining() throws IOException {
        Path wider = directory.resolve("wider.csv");
        Files.write(
                wider, Files.readAllLines(data).stream().map(row -> "1," + row).toList());
        Invocation run = train("output", wider, "--max-regression", "1");
        run.failed(2, "is for rows of 8 values in 3 classes, expected 9 values in 3 classes", "--max-regression");
        assertFalse(run.err().contains("Engine:"), run.err());
    }

    @Test
    void aDamagedPublishedModelIsNoChampion() throws IOException {
        train("damaged", data).succeeded();
        Path versions = directory.resolve("damaged/versions");
        String current = Files.readString(directory.resolve("damaged/CURRENT")).strip();
        Files.write(versions.resolve(current).resolve("model.safetensors"), new byte[8]);
        train("damaged", data, "--max-regression", "0").succeeded();
    }

    @Test
    void nothingIsTrainedWhileDataAndSettingsAreThoseOfThePublishedModel() throws IOException {
        Path copy = Files.copy(data, directory.resolve("the same rows.csv"));
        Invocation same = train("output", copy, "--skip-unchanged", "--json").succeeded();
        assertTrue(same.err().contains("Nothing new"), same.err());
        assertFalse(same.err().contains("Engine:"), same.err());
        assertTrue(same.json().get("unchanged").asBoolean());
        assertTrue(same.json().get("model").asText().startsWith(directory + "/output/versions/"));
        assertEquals(0, same.json().get("exitCode").asInt());
        String other = train("output", copy, "--skip-unchanged", "--seed", "2")
                .succeeded()
                .err();
        assertTrue(other.contains("Engine:"), "another setting: " + other);
        List<String> rows = Files.readAllLines(copy);
        Files.write(copy, rows.subList(0, rows.size() - 1));
        String fewer = train("output", copy, "--skip-unchanged", "--seed", "2")
                .succeeded()
                .err();
        assertTrue(fewer.contains("Engine:"), "other data: " + fewer);
        train("output", copy, "--expect-rows", rows.size() + ".." + 2 * rows.size())
                .failed(65, (rows.size() - 1) + " rows, expected " + rows.size() + " to ", "--expect-rows");
        train("output", copy, "--settle", "1h").failed(75, "the same rows.csv was written to", "--settle");
    }

    private static Invocation train(String output, Path rows, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", rows.toString(), "--scale", "none"));
        words.addAll(List.of("--output", directory.resolve(output).toString(), "--split", "0.6,0.2,0.2"));
        words.addAll(List.of("--hidden", "8", "--epochs", "2", "--report", "false"));
        words.addAll(List.of(more));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }
}
