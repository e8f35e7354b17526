package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

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

    private static Invocation train(String output, Path rows, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", rows.toString(), "--scale", "none"));
        words.addAll(List.of("--output", directory.resolve(output).toString(), "--split", "0.6,0.2,0.2"));
        words.addAll(List.of("--hidden", "8", "--epochs", "2", "--report", "false"));
        words.addAll(List.of(more));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }
}
