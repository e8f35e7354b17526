package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run and the published model: gates that compare with it, nothing new since, a deadline before it is trained. */
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
        run.failed(
                2,
                "is for rows of 8 values in the classes 0, 1, 2, expected 9 values in the classes 0, 1, 2",
                "--max-regression");
        assertFalse(run.err().contains("Engine:"), run.err());
    }

    @Test
    void digitsInPlaceOfMnistAreRefusedBeforeTrainingBesideAModelOfOtherData() {
        Map<String, String> offline =
                Map.of("HOME", directory.toString(), "HTTPS_PROXY", "http://127.0.0.1:9"); // where nobody listens
        Invocation run = Invocation.of(
                directory,
                offline,
                "train",
                "--output",
                directory.resolve("output").toString());
        run.failed(80, "MNIST is not available, so this run is on synthetic data", "was trained on csv data", "--data");
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
    void nothingIsTrainedIfThePublishedModelWouldComeOutAgain() throws IOException {
        Path copy = Files.copy(data, directory.resolve("the same rows.csv"));
        Invocation same = train("output", copy, "--json").succeeded();
        assertTrue(same.err().contains("Nothing new"), same.err());
        assertFalse(same.err().contains("Engine:"), same.err());
        assertTrue(same.json().get("unchanged").asBoolean());
        assertTrue(same.json().get("model").asText().startsWith(directory + "/output/versions/"));
        assertEquals(0, same.json().get("exitCode").asInt());
        for (List<String> other : List.of(
                List.of("--always"),
                List.of("--resume", "never"),
                List.of("--gate", "accuracy>=0.01"),
                List.of("--seed", "2"))) {
            String said = train("output", copy, other.toArray(String[]::new))
                    .succeeded()
                    .err();
            assertTrue(said.contains("Engine:"), other + ": " + said);
        }
        List<String> rows = Files.readAllLines(copy);
        Files.write(copy, rows.subList(0, rows.size() - 1));
        String fewer = train("output", copy, "--seed", "2").succeeded().err();
        assertTrue(fewer.contains("Engine:"), "other data: " + fewer);
        train("output", copy, "--expect-rows", rows.size() + ".." + 2 * rows.size())
                .failed(65, (rows.size() - 1) + " rows, expected " + rows.size() + " to ", "--expect-rows");
        train("output", copy, "--settle", "1h").failed(75, "the same rows.csv was written to", "--settle");
    }

    @Test
    void onlyTheFilesOfTheManifestAreTrainedOn() throws IOException {
        train("listed", data, "--run-id", "first").succeeded();
        String manifest = directory.resolve("listed/runs/first/inputs.json").toString();
        train("listed", data, "--manifest", manifest, "--always").succeeded();
        Path other = Files.write(
                Files.createDirectories(directory.resolve("other")).resolve("rows.csv"),
                Files.readAllLines(data).subList(1, 600));
        Invocation run = train("listed", other, "--manifest", manifest);
        run.failed(65, "The data is not that of " + manifest, "rows.csv has ", "--manifest");
        assertFalse(run.err().contains("Engine:"), run.err());
    }

    @Test
    void aTrainingThatIsStoppedByItsDeadlineGoesOnToTheSameBits() throws IOException {
        String whole = train("undisturbed", data, "--json")
                .succeeded()
                .json()
                .get("weightsSha256")
                .asText();
        Invocation early = train("late", data, "--run-id", "night", "--deadline", "0s");
        early.failed(75, "The deadline came, and no epoch was finished.", "--deadline");
        assertFalse(Files.exists(directory.resolve("late/CURRENT")));
        JsonNode record =
                train("late", data, "--run-id", "night", "--json").succeeded().json();
        assertEquals(1, record.get("resumedAtStep").asInt());
        assertEquals(whole, record.get("weightsSha256").asText());
    }

    @Test
    void whatIsBestAtTheDeadlineIsPublishedIfItPassesTheGates() throws IOException {
        List<String> epochs = List.of("--batch-size", "full", "--shards", "2", "--deadline", "0s");
        List<String> gated = new ArrayList<>(epochs);
        gated.addAll(List.of("--gate", "accuracy>=1"));
        train("hasty", data, gated.toArray(String[]::new))
                .failed(75, "what is trained so far passes no gate. The test accuracy is ", "--deadline");
        assertFalse(Files.exists(directory.resolve("hasty/CURRENT")));
        Invocation run = train("hasty", data, epochs.toArray(String[]::new)).succeeded();
        assertTrue(run.err().contains("The deadline came after step 1 of 2."), run.err());
        assertTrue(Files.exists(directory.resolve("hasty/CURRENT")));
    }

    private static Invocation train(String output, Path rows, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", rows.toString(), "--scale", "none"));
        words.addAll(List.of("--output", directory.resolve(output).toString(), "--split", "0.6,0.2,0.2"));
        words.addAll(List.of("--hidden", "8", "--epochs", "2", "--report", "false"));
        words.addAll(List.of(more));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }
}
