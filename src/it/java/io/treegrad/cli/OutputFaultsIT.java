package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.spark.LogLines;
import io.treegrad.storage.CurrentVersion;
import io.treegrad.storage.FaultyFileSystem;
import io.treegrad.storage.FaultyFileSystem.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 14, 15 and 35 through the command line: what is written after training, and a CURRENT that leads nowhere. */
class OutputFaultsIT {
    private static final String IMPLEMENTATION = "spark.hadoop.fs.faulty.impl";

    @TempDir
    private static Path directory;

    private static String digits;

    @BeforeAll
    static void draw() throws IOException {
        digits = DigitFiles.write(directory.resolve("digits"), 300, 100).toString();
    }

    @BeforeEach
    void offerTheFaultyFileSystem() {
        System.setProperty(IMPLEMENTATION, FaultyFileSystem.class.getName());
    }

    @AfterEach
    void repair() throws IOException {
        FaultyFileSystem.disarm();
        System.clearProperty(IMPLEMENTATION);
    }

    @Test
    void aPageThatCannotBeWrittenOnlyWarnsAtWhicheverOperationItFails() throws IOException {
        int failures = 0;
        boolean happened = true;
        for (int n = 1; happened; n++) {
            Path output = directory.resolve("page-" + n);
            FaultyFileSystem.arm(Fault.FAIL, n, "report/index.html");
            Invocation run = train(output).succeeded();
            happened = FaultyFileSystem.disarm();
            assertEquals(happened, run.err().contains("Warning: the report could not be written"), run.err());
            assertPublishedAndRecorded(output, run);
            failures += happened ? 1 : 0;
        }
        assertTrue(failures >= 3, failures + " operations");
    }

    @ParameterizedTest
    @ValueSource(strings = {"report/index.html", "metrics.jsonl", "losses.json"})
    void aFullDiskForPageOrMetricsOnlyWarnsAndTheModelIsPublished(String file) throws IOException {
        Path output = directory.resolve("full for " + file.charAt(0));
        FaultyFileSystem.arm(Fault.DISK_FULL, 1, file);
        Invocation run = train(output).succeeded();
        assertTrue(FaultyFileSystem.disarm());
        assertTrue(run.err().contains("Warning: "), run.err());
        assertTrue(run.err().contains("No space left on device"), run.err());
        assertPublishedAndRecorded(output, run);
    }

    /** After the record of the run has failed at each of its operations, none says otherwise than the exit code. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"FAIL", "DISK_FULL"})
    void theRecordOfTheRunNeverContradictsTheExitCode(Fault fault) throws IOException {
        boolean happened = true;
        int failures = 0;
        for (int n = 1; happened; n++) {
            Path output = directory.resolve(fault + "-" + n);
            FaultyFileSystem.arm(fault, n, "run.json");
            Invocation run = train(output, "--report", "false");
            happened = FaultyFileSystem.disarm();
            Path record = output.resolve("runs/nightly/run.json");
            if (Files.exists(record)) {
                assertEquals(
                        run.code(),
                        Invocation.parsed(Files.readString(record))
                                .path("exitCode")
                                .asInt(-1),
                        run.err());
            }
            if (run.code() != 0) {
                assertTrue(run.code() == 73 || run.code() == 66, run.err());
                run.failed(run.code(), record.toString());
                failures++;
            }
            // started again it has nothing to train, and publishes what it had published
            JsonNode again = train(output, "--report", "false").succeeded().json();
            assertEquals(again, Invocation.parsed(Files.readString(record)));
        }
        assertTrue(failures >= 3, failures + " failures");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no-such-version\n", "unfinished\n"})
    void aBrokenCurrentMeansTheNewestWholeModelForEveryCommandAndAWarning(String current) throws IOException {
        Path output = directory.resolve("broken " + current.strip());
        String weights = train(output).succeeded().json().get("weightsSha256").asText();
        Files.createDirectories(output.resolve("versions/unfinished"));
        Files.writeString(output.resolve("CURRENT"), current);
        String model = output.toString();
        Invocation evaluation = warned("evaluate", "--model", model, "--data", digits, "--json");
        assertEquals(weights, evaluation.succeeded().json().get("weightsSha256").asText());
        Invocation inspection = warned("inspect", model, "--json");
        assertEquals(
                weights,
                inspection.succeeded().json().at("/inspected/0/weightsSha256").asText());
        Invocation prediction = warned("predict", "--model", model, "--data", digits, "--limit", "3");
        assertEquals(4, prediction.succeeded().out().lines().count(), prediction.out());
        // the gate compares with it: only a model that is no worse takes its place
        Invocation gated = warned(
                "train",
                "--data",
                digits,
                "--output",
                model,
                "--epochs",
                "1",
                "--validation-rows",
                "50",
                "--report",
                "false",
                "--learning-rate",
                "0.0000001",
                "--max-regression",
                "0");
        gated.failed(80, "that of the published " + model + "/versions/", "nothing was published");
        assertEquals(current, Files.readString(output.resolve("CURRENT")));
    }

    private static Invocation warned(String... words) {
        try (LogLines log = LogLines.of(CurrentVersion.class)) {
            Invocation run = Invocation.of(directory, Map.of(), words);
            assertTrue(
                    log.lines().stream().anyMatch(line -> line.contains("CURRENT cannot be used")),
                    List.of(words) + " gave no warning: " + log.lines());
            return run;
        }
    }

    private static void assertPublishedAndRecorded(Path output, Invocation run) throws IOException {
        assertEquals(run.json(), Invocation.parsed(Files.readString(output.resolve("runs/nightly/run.json"))));
        String version = Files.readString(output.resolve("CURRENT")).strip();
        assertTrue(Files.exists(output.resolve("versions").resolve(version).resolve("_SUCCESS")));
        try (Stream<Path> files = Files.walk(output)) {
            assertEquals(
                    List.of(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith(".probe") || name.startsWith("LOCK"))
                            .toList());
        }
        assertFalse(run.err().contains("\tat "), run.err());
    }

    private static Invocation train(Path output, String... options) {
        List<String> words = new ArrayList<>(
                List.of("train", "--data", digits, "--output", "faulty://" + output, "--run-id", "nightly"));
        words.addAll(List.of("--epochs", "1", "--validation-rows", "50", "--json"));
        words.addAll(List.of(options));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }
}
