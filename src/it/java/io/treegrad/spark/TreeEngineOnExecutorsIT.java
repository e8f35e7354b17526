package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.ArmedFailpoint;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Storage;
import io.treegrad.network.GradientSum;
import io.treegrad.spark.exchange.ExchangeChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A job a step on two executor processes of one core, which die, hang and throw. */
@ExtendWith(StandaloneCluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class TreeEngineOnExecutorsIT {
    private static final Storage STORAGE = new LocalStorage();
    /** From six partitions at depth 2 on, executors combine sums before the driver does. */
    private static final int PARTITIONS = 6;

    private final Trial trial = Trial.synthetic(1003, 9, 100, 5, 2);
    private Trial.Result expected;
    private StandaloneCluster processes;
    private Cluster cluster;

    @BeforeAll
    void start(StandaloneCluster shared) throws IOException {
        processes = shared;
        expected = trial.oracle(STORAGE);
        cluster = Cluster.start(
                "tree",
                processes
                        .conf(1)
                        .set("spark.speculation", "true")
                        .set("spark.speculation.quantile", "0.5")
                        .set(ExchangeChoice.KEY, "rpc"));
        assertEquals(2, cluster.awaitSlots(120));
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @AfterEach
    void disarm() {
        int tasks = cluster.awaitSlots(120);
        cluster.context().parallelize(List.of(1, 2, 3, 4), tasks).foreach(any -> ArmedFailpoint.arm(null));
    }

    /** Arms whichever executor takes this one task. */
    private void armOne(String failpoint) {
        cluster.context().parallelize(List.of(1), 1).foreach(any -> ArmedFailpoint.arm(failpoint));
    }

    private Trial.Result train() {
        try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), PARTITIONS, STORAGE)) {
            return trial.on(new TreeEngine(rows, Trial.spec(trial.steps()), 2));
        }
    }

    @Test
    void bothEnginesGiveTheBitsOfTheOracle() {
        assertEquals(2, processes.executors().size(), "processes");
        assertEquals(expected, train());
        try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), 2, STORAGE);
                StepEngine resident = new ResidentEngine(rows, Trial.spec(trial.steps()), Duration.ofSeconds(60))) {
            assertEquals(expected, trial.on(resident));
        }
    }

    @Test
    void executorThatDiesInAGradientChangesNoBit() {
        List<ProcessHandle> before = processes.executors();
        armOne("gradient:7:halt");
        assertEquals(expected, train());
        assertEquals(1, before.stream().filter(ProcessHandle::isAlive).count(), "executors that lived on");
    }

    @Test
    void executorThatDiesWhileCombiningChangesNoBit() {
        List<ProcessHandle> before = processes.executors();
        armOne("combine:7:halt");
        assertEquals(expected, train());
        assertEquals(1, before.stream().filter(ProcessHandle::isAlive).count(), "executors that lived on");
    }

    @Test
    void slowTaskIsOvertakenByItsCopyAndCountedOnce() {
        armOne("gradient:7:hang");
        Tasks tasks = Tasks.of(cluster);
        assertEquals(expected, train());
        assertTrue(tasks.speculative() > 0, "no copy of a task was started");
    }

    @Test
    void rowsOfALostExecutorAreReadAgain(@TempDir Path directory) throws IOException {
        CountedReads source =
                new CountedReads(trial.train(), directory.resolve("reads").toString());
        Map<Part, ShardedPart> parts = Map.of(
                Part.TRAIN,
                new ShardedPart(
                        source,
                        RowSet.range(0, trial.steps().rows()),
                        trial.steps().shardPlan()));
        try (DistributedRows rows = new DistributedRows(cluster, parts, PARTITIONS, STORAGE)) {
            rows.load();
            TreeEngine engine = new TreeEngine(rows, Trial.spec(trial.steps()), 2);
            List<String> first = source.readings();
            assertEquals(PARTITIONS, Set.copyOf(first).size(), "partitions read");
            GradientSum sum = engine.sumAt(trial.start(), 0);
            float[] gradient = sum.gradient().clone();
            int kept = source.readings().size();
            ProcessHandle victim = source.aReader();
            victim.destroyForcibly();
            victim.onExit().join();
            GradientSum again = engine.sumAt(trial.start(), 0);
            assertArrayEquals(gradient, again.gradient());
            assertEquals(sum.counts().rows(), again.counts().rows());
            List<String> readAgain =
                    source.readings().subList(kept, source.readings().size());
            assertFalse(readAgain.isEmpty(), "the lost rows came from nowhere");
            assertTrue(first.containsAll(readAgain), () -> "other rows were read: " + readAgain);
        }
    }

    @Test
    void taskThatAlwaysFailsEndsTheRunAfterFourTimes() {
        cluster.context()
                .parallelize(List.of(1, 2, 3, 4), 4)
                .foreach(any -> ArmedFailpoint.arm("gradient:3:throw:1000"));
        Tasks tasks = Tasks.of(cluster);
        SparkException failure = assertInstanceOf(
                SparkException.class,
                assertThrows(RuntimeException.class, this::train).getCause());
        String message = failure.getMessage();
        assertTrue(message.contains("failed 4 times") && message.contains("failpoint gradient at 3"), message);
        assertTrue(tasks.failed() >= 4, "failed tasks");
    }

    @Test
    void exceptionThatCannotTravelIsStillReadable() {
        Map<Part, ShardedPart> parts = Map.of(
                Part.TRAIN,
                new ShardedPart(
                        new BrokenRows(trial.train(), BrokenRows.Fault.UNSERIALIZABLE),
                        RowSet.range(0, 1003),
                        trial.steps().shardPlan()));
        try (DistributedRows rows = new DistributedRows(cluster, parts, 2, STORAGE)) {
            RuntimeException failure = assertThrows(RuntimeException.class, rows::load);
            assertTrue(failure.toString().contains("a disk made of cheese"), failure.toString());
        }
    }
}
