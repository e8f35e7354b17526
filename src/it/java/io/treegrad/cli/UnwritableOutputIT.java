package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 15 and 16, as processes: no place to write, from the beginning or from some file on. */
class UnwritableOutputIT {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path directory;

    private Path data;
    private Path output;

    @BeforeEach
    void writeData() throws IOException {
        data = SmallTraining.writeData(directory.resolve("rows.csv"));
        output = directory.resolve("output");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.csv", "rows.csv/below/a/file", "../../../../../../../proc/nowhere"})
    void anOutputThatCannotBeADirectoryIsRefusedBeforeTheDataIsRead(String name) throws Exception {
        String path = directory.resolve(name).toString();
        assertRefusedAtOnce(train(words(path)), path);
    }

    @Test
    void anOutputWithoutTheRightToWriteIsRefusedBeforeTheDataIsRead() throws Exception {
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write anywhere");
        Files.createDirectory(
                output, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
        assertRefusedAtOnce(train(words(output.toString())), output.toString());
    }

    private static void assertRefusedAtOnce(Invocation run, String path) {
        run.failed(73, path + " cannot be written", "expected a directory", "Choose another", "--output");
        assertFalse(run.err().contains("Data:"), run.err());
        assertEquals(73, run.json().get("exitCode").asInt());
    }

    @Test
    void anOutputThatIsMissingIsMadeWithAllAboveIt() throws Exception {
        Path deep = output.resolve("a/b/c d");
        train(words(deep.toString())).succeeded();
        assertTrue(Files.exists(deep.resolve("CURRENT")));
    }

    @Test
    void curvesAndPageThatCannotBeWrittenOnlyWarn() throws Exception {
        Path run = Files.createDirectories(output.resolve("runs/night"));
        Files.createSymbolicLink(run.resolve("metrics.jsonl"), FULL);
        Files.createSymbolicLink(run.resolve("losses.json"), FULL);
        Files.createSymbolicLink(Files.createDirectory(run.resolve("report")).resolve("index.html"), FULL);
        Invocation training =
                train(words(output.toString(), "--run-id", "night")).succeeded();
        assertTrue(
                training.err().contains("metrics.jsonl cannot be written (No space left on device)"), training.err());
        assertTrue(training.err().contains("Warning: the report could not be written: "), training.err());
        assertFalse(training.err().contains("\tat "), training.err());
        assertTrue(Files.exists(output.resolve("CURRENT")));
        assertEquals(training.json(), runJson("night"));
    }

    @Test
    void aPageThatCannotBeWrittenLosesNoCurve() throws Exception {
        Path report = Files.createDirectories(output.resolve("runs/night/report"));
        Files.createSymbolicLink(report.resolve("index.html"), FULL);
        Invocation training =
                train(words(output.toString(), "--run-id", "night")).succeeded();
        assertTrue(
                training.err().contains("report/index.html cannot be written (No space left on device)"),
                training.err());
        assertEquals(
                training.json().get("epochs").asInt(),
                Files.readAllLines(output.resolve("runs/night/metrics.jsonl")).size());
    }

    /** A limit on the size of a file stands in for a full disk: a checkpoint is above it, or else a model. */
    @ParameterizedTest
    @ValueSource(strings = {"5s", "none"})
    void aCheckpointOrModelWithoutRoomEndsTheRunAndLeavesTheLastGoodOne(String checkpoints) throws Exception {
        Path large = Path.of("runs/large");
        JsonNode small = train(words(output.toString())).succeeded().json();
        List<String> words =
                words(output.toString(), "--run-id", "large", "--hidden", "3000", "--checkpoint-every", checkpoints);
        try (Program program = Program.startLimited(directory, 96, words)) {
            Invocation run = program.ended().failed(73, output.toString(), "cannot be written (File too large)");
            assertEquals(run.json(), runJson("large"));
        }
        assertEquals(List.of(), SmallTraining.finished(output.resolve(large).resolve("checkpoints")));
        assertFalse(Files.exists(output.resolve("LOCK")));
        JsonNode evaluation = train(
                        List.of("evaluate", "--model", output.toString(), "--data", data.toString(), "--json"))
                .succeeded()
                .json();
        assertEquals(small.get("weightsSha256"), evaluation.get("weightsSha256"));
        assertEquals(1, SmallTraining.finished(output.resolve("versions")).size());
        // with room again the run goes on
        train(words(output.toString(), "--run-id", "large", "--hidden", "3000")).succeeded();
        assertEquals(0, runJson("large").get("exitCode").asInt());
    }

    @Test
    void aTableWithoutRoomEndsThePredictionInOneSentence() throws Exception {
        train(words(output.toString())).succeeded();
        Path table = directory.resolve("table");
        Path rows = directory.resolve("many.csv");
        Files.writeString(rows, Files.readString(data).repeat(60));
        List<String> words = List.of(
                "predict", "--data", rows.toString(), "--model", output.toString(), "--output", table.toString());
        try (Program program = Program.startLimited(directory, 4, words)) {
            Invocation run = program.ended().failed(73, table + " cannot be written (File too large)", "--output");
            assertTrue(run.err().lines().count() <= 15, run.err());
        }
        assertEquals(0, table.toFile().list().length);
    }

    private List<String> words(String path, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", data.toString(), "--output", path));
        words.addAll(List.of("--split", "0.6,0.2,0.2", "--scale", "none", "--epochs", "2", "--json"));
        words.addAll(List.of(more));
        return words;
    }

    private Invocation train(List<String> words) {
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }

    private JsonNode runJson(String run) throws IOException {
        return Invocation.parsed(
                Files.readString(output.resolve("runs").resolve(run).resolve("run.json")));
    }
}
