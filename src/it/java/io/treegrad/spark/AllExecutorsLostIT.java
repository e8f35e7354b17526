package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster whose workers go, all of them: Spark by itself waits for ever. */
@ExtendWith(StandaloneCluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class AllExecutorsLostIT {
    private static final Storage STORAGE = new LocalStorage();
    private static final int SHORT_WAIT = 2; // seconds

    private final Trial trial = Trial.synthetic(1003, 9, 100, 5, 2);
    private StandaloneCluster processes;
    private Cluster cluster;

    @BeforeAll
    void start(StandaloneCluster shared) {
        processes = shared;
        cluster = Cluster.start("lost", processes.conf(1));
    }

    @BeforeEach
    void awaitExecutors() {
        cluster.awaitSlots(120);
    }

    @AfterEach
    void restoreWorkers() throws IOException {
        processes.startWorkers();
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    private StepEngine open(boolean resident, DistributedRows rows) {
        return Trial.open(resident, rows, Trial.spec(trial.steps()), 2, Duration.ofSeconds(200));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lossOfAllExecutorsEndsTheRunWithASentence(boolean resident) {
        try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), 2, STORAGE);
                StepEngine engine = open(resident, rows)) {
            engine.sumAt(trial.start(), 0);
            cluster.awaitSlots(SHORT_WAIT);
            processes.killWorkers();
            UserError error = assertThrows(UserError.class, () -> trial.on(engine));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(
                    error.getMessage()
                            .startsWith("all executors were lost and no other came within " + SHORT_WAIT + " seconds"),
                    error.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void executorsThatComeInTimeGoOnWhereTheOthersEnded(boolean resident) throws IOException {
        Trial.Result expected = trial.oracle(STORAGE);
        try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), 2, STORAGE);
                StepEngine engine = open(resident, rows)) {
            engine.sumAt(trial.start(), 0);
            processes.killWorkers();
            processes.startWorkers();
            assertEquals(expected, trial.on(engine));
        }
    }

    @Test
    void residentTasksThatFindNoRoomEndTheRunWithASentence() {
        try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), 3, STORAGE);
                ResidentEngine engine =
                        new ResidentEngine(rows, Trial.spec(trial.steps()), Duration.ofSeconds(SHORT_WAIT))) {
            UserError error = assertThrows(UserError.class, () -> engine.sumAt(trial.start(), 0));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(
                    error.getMessage()
                            .startsWith("3 resident tasks need as many cores at once, and within " + SHORT_WAIT
                                    + " seconds"),
                    error.getMessage());
        }
    }
}
