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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look at data by itself and beside that of the published model, before a training and instead of one. */
class CheckDataIT {
    @TempDir
    private static Path directory;

    private static Path data;

    @BeforeAll
    static void publish() throws IOException {
        data = SmallTraining.writeData(directory.resolve("rows.csv"));
        train("output", data, "--partitions", "2").succeeded();
    }

    private static Path changed(String name, UnaryOperator<String> row) throws IOException {
        return Files.write(
                directory.resolve(name),
                Files.readAllLines(data).stream().map(row).toList());
    }

    @Test
    void theSameDataIsNotOddAndHasTheSameProfileOnAnyCluster() throws IOException {
        Invocation check = run("check-data", "output", data, "--max-drift", "0", "--max-duplicates", "0");
        String table = check.succeeded().out();
        assertTrue(table.contains("Nothing odd was found."), table);
        assertTrue(table.lines().allMatch(line -> line.length() <= 80 || line.contains("/")), table);
        train("other cluster", data, "--partitions", "1", "--engine", "tree").succeeded();
        assertEquals(profile("output"), profile("other cluster"));
    }

    private static JsonNode profile(String output) throws IOException {
        String current =
                Files.readString(directory.resolve(output).resolve("CURRENT")).strip();
        Path file =
                directory.resolve(output).resolve("versions").resolve(current).resolve("model.json");
        JsonNode profile = Invocation.parsed(Files.readString(file)).at("/provenance/data/profile");
        assertEquals(3, profile.get("rowsOfClass").size());
        return profile;
    }

    @Test
    void driftBeyondTheThresholdEndsBeforeTraining() throws IOException {
        Path shifted = changed("shifted.csv", row -> "9" + row.substring(row.indexOf(',')));
        Invocation run = train("output", shifted, "--max-drift", "0.25", "--run-id", "drifted");
        run.failed(
                80,
                "is not like that of the published",
                "feature 1 is 9.0",
                "The drift of the values of ",
                "--max-drift");
        assertFalse(run.err().contains("Engine:"), run.err());
        JsonNode record = Invocation.parsed(Files.readString(directory.resolve("output/runs/drifted/run.json")));
        assertTrue(record.at("/dataCheck/drift").asDouble() > 1, record.toString());
        assertEquals(3, record.at("/dataCheck/findings").size(), record.toString());
        Invocation check = run("check-data", "output", shifted, "--max-drift", "0.25", "--json");
        check.failed(80, "is not like that of the published");
        JsonNode summary = check.json();
        assertEquals(record.at("/dataCheck/classes"), summary.at("/dataCheck/classes"));
        assertEquals(80, summary.get("exitCode").asInt());
        String warned = run("check-data", "output", shifted).succeeded().out();
        assertTrue(
                warned.contains(
                        "- One feature has the same value in all training rows that were looked at: feature 1 "),
                warned);
    }

    @Test
    void aClassThatIsGoneHasALine() throws IOException {
        Path fewer = Files.write(
                directory.resolve("fewer.csv"),
                Files.readAllLines(data).stream()
                        .filter(row -> !row.endsWith(",2"))
                        .toList());
        String table = run("check-data", "output", fewer).succeeded().out();
        assertTrue(table.lines().anyMatch(line -> line.matches("2 +0 +0\\.00 % +3[0-9]\\.[0-9]{2} % +-")), table);
        assertTrue(table.contains("- No training row has label 2, which "), table);
    }

    @Test
    void testRowsThatAreTrainingRowsAreCounted() throws IOException {
        Path test = Files.write(
                directory.resolve("test.csv"), Files.readAllLines(data).subList(0, 60));
        List<String> both = List.of("--test-data", test.toString(), "--split", "none", "--validation-rows", "none");
        String table = run("check-data", "output", data, both.toArray(String[]::new))
                .succeeded()
                .out();
        assertTrue(table.contains("- 60 of 60 test rows are also among the training rows"), table);
        List<String> strict = new ArrayList<>(both);
        strict.addAll(List.of("--max-duplicates", "0.5"));
        Invocation run = train("output", data, strict.toArray(String[]::new));
        run.failed(65, "60 of 60 test rows are also among the training rows", "--max-duplicates");
        assertFalse(run.err().contains("Engine:"), run.err());
    }

    @Test
    void timesThatFloatCannotTellApartAreNamed() throws IOException {
        List<String> rows = new ArrayList<>(List.of("x,time,label"));
        for (int row = 0; row < 60; row++) {
            rows.add("%d,%d,%d".formatted(row * 7 % 11, 1_700_000_000 + 60 * row, row % 2));
        }
        Path times = Files.write(directory.resolve("times.csv"), rows);
        String table = run("check-data", "no output", times).succeeded().out();
        assertTrue(table.contains("- Values lose digits that tell them apart"), table);
        assertTrue(table.contains("\"time\" (1,700,00"), table);
        assertTrue(table.contains(" in steps of 128)"), table);
    }

    private static Invocation train(String output, Path rows, String... more) {
        List<String> words = new ArrayList<>(List.of("--scale", "none", "--hidden", "8", "--epochs", "2"));
        words.addAll(List.of("--report", "false"));
        words.addAll(List.of(more));
        return run("train", output, rows, words.toArray(String[]::new));
    }

    private static Invocation run(String command, String output, Path rows, String... more) {
        List<String> words = new ArrayList<>(List.of(command, "--data", rows.toString()));
        words.addAll(List.of("--output", directory.resolve(output).toString()));
        words.addAll(List.of(more));
        if (!words.contains("--split")) {
            words.addAll(List.of("--split", "0.6,0.2,0.2"));
        }
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }
}
