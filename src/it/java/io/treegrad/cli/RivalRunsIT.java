package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void ofTwoThatPublishOneWinsAndADeadOneLosesItsRightAtOnce() throws Exception {
        try (Program first = publishing()) {
            Invocation second = another("second");
            second.failed(
                    75, output + "/LOCK is held by run " + SmallTraining.RUN + " (process " + first.pid() + " on ");
            assertFalse(Files.exists(output.resolve("CURRENT")), "the second has published");
            assertEquals(75, runJson("second").at("/exitCode").asInt());
            first.kill();
        }
        training.assertWhole(output);
        Invocation third = another("third").succeeded();
        assertTrue(third.err().contains("taking it over"), third.err());
        assertTrue(Files.readString(output.resolve("CURRENT")).contains("third"));
        // both that failed need not train again
        Invocation again = training.here(output, SmallTraining.Cluster.TREE_AT_ONCE, List.of("--run-id", "second"));
        assertEquals(
                training.steps(), again.succeeded().json().at("/resumedAtStep").asLong());
        training.here(output, SmallTraining.Cluster.TREE_AT_ONCE, List.of()).succeeded();
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
