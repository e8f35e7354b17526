package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 9: SIGTERM in the middle of training; so SIGINT, and SIGHUP, which is what a terminal that closes sends. */
class StoppedRunsIT {
    @TempDir
    private static Path directory;

    private static SmallTraining training;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        training = new SmallTraining(directory, 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = SmallTraining.Cluster.class,
            names = {"RESIDENT", "TREE_AT_ONCE"})
    void aStoppedRunSavesItsStepAndEndsInTheSameBits(SmallTraining.Cluster cluster) throws Exception {
        Path output = directory.resolve(cluster.name());
        // a checkpoint at each step, which the next one waits for: so there is much left to do after the first
        try (Program program = training.start(output, cluster, Map.of(), List.of())) {
            program.await("checkpoint", () -> newestStep(output) > 0).terminate();
            Invocation stopped = program.ended().failed(143, "Stopped by SIGTERM after step", "which is saved in");
            JsonNode runJson =
                    Invocation.parsed(Files.readString(SmallTraining.run(output).resolve("run.json")));
            assertEquals(stopped.json(), runJson);
            assertEquals("stopped", runJson.get("status").asText());
            assertEquals(143, runJson.get("exitCode").asInt());
            long step = runJson.get("steps").asLong();
            assertEquals(step, newestStep(output), "what it says and what it saved differ");
            assertTrue(step < training.steps(), "it was stopped too late");
        }
        training.assertWhole(output);
        Invocation resumed = training.here(output, cluster.next(), List.of()).succeeded();
        assertTrue(resumed.json().get("resumedAtStep").asLong() > 0);
        training.assertSameEnd(output);
    }

    @ParameterizedTest
    @CsvSource({
        "before-step:30:hang, TERM, 1, after step 30",
        "before-step:30:hang, INT, 2, after step 30",
        "before-step:30:hang, HUP, 1, after step 30",
        "before-load:0:hang, TERM, 1, before it was done",
        "before-current:0:hang, INT, 2, before it was done",
        "lock-filled:0:hang, TERM, 1, before it began"
    })
    void aRunThatHangsStopsToo(String failpoint, String signal, int times, String expected) throws Exception {
        Assumptions.assumeFalse(
                isIgnored(signal),
                "this build ignores this signal, as a job in the background does, and so does all that it starts");
        Path output = directory.resolve("hang-" + failpoint.replace(':', '-') + signal);
        Map<String, String> properties = Map.of("treegrad.failpoint", failpoint);
        try (Program program = training.start(output, SmallTraining.Cluster.TREE_AT_ONCE, properties, List.of())) {
            program.await("hang", () -> program.err()
                    .contains("failpoint " + failpoint.split(":")[0] + " hangs"));
            program.signal(signal, times);
            Invocation stopped = program.ended().failed(143, "Stopped by SIG" + signal + " " + expected);
            Path runJson = SmallTraining.run(output).resolve("run.json");
            if (expected.endsWith("began")) {
                assertFalse(Files.exists(runJson), "it had no right to write");
            } else {
                assertEquals(stopped.json(), Invocation.parsed(Files.readString(runJson)));
            }
        }
        assertFalse(Files.exists(SmallTraining.run(output).resolve("LOCK")), "a lock is left");
        assertFalse(Files.exists(output.resolve("LOCK")), "a lock is left");
        training.assertWhole(output);
        training.here(output, SmallTraining.Cluster.TREE_AT_ONCE, List.of()).succeeded();
        training.assertSameEnd(output);
    }

    /** Spark stops the application at once, so that its jobs fail, or that there are no executors to wait for. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aCommandThatLeavesNothingUndoneIsStoppedWithoutAStack(String signal) throws Exception {
        Assumptions.assumeFalse(isIgnored(signal), "this build ignores this signal, and so does all that it starts");
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < 400_000; row++) {
            rows.add(row % 10 + "." + row + ",2.5,0.125," + row % 2);
        }
        Path table = Files.write(directory.resolve("table.csv"), rows);
        List<String> words = List.of("check-data", "--data", table.toString());
        try (Program program = Program.start(directory, Map.of(), words)) {
            program.await("data", () -> program.err().contains("Data: ")).signal(signal);
            Invocation stopped = program.ended();
            String said = stopped.err();
            assertEquals(143, stopped.code(), said);
            assertFalse(said.contains("this is a bug"), said);
            assertFalse(said.contains("at io.treegrad"), said);
        }
    }

    /** By the mask of ignored signals of this process, in which signal 1 is the first bit. */
    private static boolean isIgnored(String signal) throws IOException {
        int number = Map.of("HUP", 1, "INT", 2, "TERM", 15).get(signal);
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.split("\\s+")[1], 16) & (1L << (number - 1))) != 0);
    }

    private static long newestStep(Path output) {
        try {
            return SmallTraining.newestStep(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
