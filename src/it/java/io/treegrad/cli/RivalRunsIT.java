package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 18, as processes: two at the same work, and the one that holds the right to it is killed. */
class RivalRunsIT {
    private static final Map<String, String> HANG_BEFORE_CURRENT =
            Map.of("treegrad.failpoint", "before-current:0:hang");

    @TempDir
    private static Path directory;

    private static SmallTraining training;

    @TempDir
    private Path output;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        training = new SmallTraining(directory, 24);
    }

    @Test
    void ofTwoThatPublishOneWaitsAndADeadOneLosesItsRightAtOnce() throws Exception {
        try (Program first = publishing();
                Program second = training.start(
                        output, SmallTraining.Cluster.RESIDENT, Map.of(), List.of("--run-id", "second"))) {
            String held = output + "/LOCK is held by run " + SmallTraining.RUN + " (process " + first.pid() + " on ";
            second.await(
                    "wait", () -> second.err().contains(held) && second.err().contains("waiting, at most 300"));
            assertFalse(Files.exists(output.resolve("CURRENT")), "the second has published");
            first.kill();
            Invocation published = second.ended().succeeded();
            assertTrue(published.err().contains("taking it over"), published.err());
        }
        training.assertWhole(output);
        assertTrue(Files.readString(output.resolve("CURRENT")).contains("second"));
        // the one that was killed need not train again
        Invocation again = training.here(output, SmallTraining.Cluster.TREE_AT_ONCE, List.of());
        assertEquals(
                training.steps(), again.succeeded().json().at("/resumedAtStep").asLong());
        training.assertSameEnd(output);
    }

    /** As on a machine that was suspended: it wakes up when another has finished its run. */
    @Test
    void aRunThatWasStoppedForLongerThanItsLockLivesWritesNothingWhenItGoesOn() throws Exception {
        Path lock = SmallTraining.run(output).resolve("LOCK");
        List<String> options = List.of("--checkpoint-every", "none");
        try (Program first = training.start(output, SmallTraining.Cluster.RESIDENT, Map.of(), options)) {
            first.await("lock", () -> Files.exists(lock)).signal("STOP");
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(70)));
            Invocation second = training.here(output, SmallTraining.Cluster.TREE_AT_ONCE, options)
                    .succeeded();
            byte[] record = Files.readAllBytes(SmallTraining.run(output).resolve("run.json"));
            assertEquals(second.json(), runJson(SmallTraining.RUN));
            first.signal("CONT");
            first.ended().failed(75, "LOCK was taken over by another run");
            assertArrayEquals(
                    record, Files.readAllBytes(SmallTraining.run(output).resolve("run.json")));
        }
        assertFalse(Files.exists(lock), "a lock is left");
        assertEquals(1, SmallTraining.finished(output.resolve("versions")).size());
        training.assertSameEnd(output);
    }

    @Test
    void ofTwoThatAreTheSameRunOneWinsAndADeadOneLosesItsRightAtOnce() throws Exception {
        try (Program first = publishing()) {
            Invocation second = training.here(output, SmallTraining.Cluster.TREE_AT_ONCE, List.of());
            second.failed(75, "LOCK is held by run " + SmallTraining.RUN + " (process " + first.pid() + " on ");
            assertFalse(Files.exists(SmallTraining.run(output).resolve("run.json")), "it is not the second's run");
            first.kill();
        }
        Invocation third = another(SmallTraining.RUN).succeeded();
        assertTrue(third.err().contains("taking it over"), third.err());
        training.assertSameEnd(output);
    }

    /** A process that holds both locks and is about to have CURRENT name its version. */
    private Program publishing() throws Exception {
        Program program = training.start(output, SmallTraining.Cluster.RESIDENT, HANG_BEFORE_CURRENT, List.of());
        try {
            return program.await("version", () -> {
                try {
                    return !SmallTraining.finished(output.resolve("versions")).isEmpty();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (AssertionError e) {
            program.close();
            throw e;
        }
    }

    private Invocation another(String run) throws Exception {
        try (Program program =
                training.start(output, SmallTraining.Cluster.RESIDENT, Map.of(), List.of("--run-id", run))) {
            return program.ended();
        }
    }

    private JsonNode runJson(String run) throws IOException {
        return Invocation.parsed(
                Files.readString(output.resolve("runs").resolve(run).resolve("run.json")));
    }
}
