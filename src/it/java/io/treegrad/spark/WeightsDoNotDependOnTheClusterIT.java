package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.StepPlan;
import io.treegrad.data.Storage;
import io.treegrad.data.TrainAndTest;
import io.treegrad.formats.IdxFiles;
import io.treegrad.training.UpdateRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both engines, in every layout that one process offers, against the engine without Spark. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class WeightsDoNotDependOnTheClusterIT {
    private static final Storage STORAGE = new LocalStorage();
    /** 1003 rows in 9 shards are uneven shards, and five steps an epoch give no shard as many rows at every step. */
    private static final Trial UNEVEN = Trial.synthetic(1003, 9, 200, 5, 2);

    private final Map<Trial, Trial.Result> expected = new LinkedHashMap<>();
    private String master;
    private Cluster cluster;

    @BeforeAll
    void askTheOracle() throws IOException {
        for (Trial trial : new Trial[] {
            UNEVEN.with(new UpdateRule.Sgd(), 0),
            UNEVEN.with(new UpdateRule.Momentum(0.9), 0.01),
            UNEVEN.with(new UpdateRule.Nesterov(0.9), 0),
            UNEVEN.with(new UpdateRule.Adam(0.9, 0.999, 1e-8), 0)
        }) {
            expected.put(trial, trial.oracle(STORAGE));
        }
    }

    @AfterAll
    void closeCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private Cluster cluster(String wanted) {
        if (!wanted.equals(master)) {
            closeCluster();
            master = wanted;
            cluster = Cluster.start("layouts", new SparkConf().setMaster(wanted));
        }
        return cluster;
    }

    @ParameterizedTest
    @CsvSource({
        "local[1], 1, tree, 2",
        "local[1], 1, resident, 2",
        "local[2], 2, tree, 1",
        "local[2], 2, resident, 2",
        "local[2], 6, tree, 2",
        "local[2], 7, tree, 3",
        "local[2], 9, tree, 2",
        "local[9], 9, resident, 2",
        "local[9], 7, resident, 2",
        "local[9], 11, tree, 2"
    })
    void everyLayoutGivesTheBitsOfTheOracle(String wanted, int partitions, String engine, int depth) {
        try (DistributedRows rows = new DistributedRows(cluster(wanted), UNEVEN.parts(), partitions, STORAGE)) {
            expected.forEach((trial, result) -> {
                try (StepEngine steps = open(engine, rows, trial.steps(), depth)) {
                    assertEquals(engine, steps.name());
                    assertEquals(result, trial.on(steps), () -> trial.rule().toString());
                }
            });
        }
    }

    @Test
    void rowsOnDiskGiveTheBitsOfTheOracle() throws IOException {
        Trial trial = Trial.synthetic(4003, 9, 500, 5, 2);
        Trial.Result result = trial.oracle(STORAGE);
        for (String engine : new String[] {"tree", "resident"}) {
            try (DistributedRows rows = new DistributedRows(cluster("local[2]"), trial.parts(), 2, STORAGE, 0);
                    StepEngine steps = open(engine, rows, trial.steps(), 2)) {
                rows.load();
                assertTrue(rows.areOnDisk());
                assertEquals(result, trial.on(steps), engine);
            }
        }
    }

    @Test
    void oneShardAndOneRowAShardAreLayoutsToo() throws IOException {
        for (Trial trial : new Trial[] {
            Trial.synthetic(130, 1, 13, 5, 2), Trial.synthetic(13, 13, 13, 5, 3), Trial.synthetic(40, 3, 7, 5, 2)
        }) {
            Trial.Result result = trial.oracle(STORAGE);
            for (String engine : new String[] {"tree", "resident"}) {
                try (DistributedRows rows = new DistributedRows(cluster("local[2]"), trial.parts(), 2, STORAGE);
                        StepEngine steps = open(engine, rows, trial.steps(), 2)) {
                    assertEquals(result, trial.on(steps), () -> engine + " " + trial.steps());
                }
            }
        }
    }

    @Test
    void otherHyperParametersGiveOtherWeights() throws IOException {
        // else the tests above would compare constants
        String weights = UNEVEN.oracle(STORAGE).weights();
        StepPlan steps = UNEVEN.steps();
        Trial eightShards =
                new Trial(UNEVEN.train(), UNEVEN.test(), new StepPlan(1003, 8, 200, steps.seed()), UNEVEN.rule(), 0, 2);
        assertNotEquals(weights, eightShards.oracle(STORAGE).weights(), "another number of shards");
        Trial otherOrder = new Trial(UNEVEN.train(), UNEVEN.test(), new StepPlan(1003, 9, 200, 6), UNEVEN.rule(), 0, 2);
        assertNotEquals(weights, otherOrder.oracle(STORAGE).weights(), "another seed");
        assertNotEquals(
                weights, UNEVEN.with(UNEVEN.rule(), 0.01).oracle(STORAGE).weights(), "another l2");
        try (DistributedRows rows = new DistributedRows(cluster("local[2]"), eightShards.parts(), 2, STORAGE);
                StepEngine engine = open("resident", rows, eightShards.steps(), 2)) {
            assertNotEquals(weights, eightShards.on(engine).weights(), "another number of shards in an engine");
        }
    }

    @Test
    void mnistGivesTheBitsOfTheOracle() throws IOException {
        String directory = System.getenv("MNIST_DIR");
        assumeTrue(directory != null, "skipped: MNIST_DIR does not name the directory of the four files of MNIST");
        TrainAndTest mnist = IdxFiles.mnist(STORAGE, Path.of(directory).toString());
        // shards of at most 512 rows, since the oracle evaluates each in one block
        StepPlan steps = new StepPlan(59_000, 128, 1000, 3);
        Trial trial = new Trial(mnist.train(), mnist.test(), steps, new UpdateRule.Momentum(0.9), 1e-4, 1);
        Trial.Result result = trial.oracle(STORAGE);
        for (String engine : new String[] {"tree", "resident"}) {
            int partitions = engine.equals("tree") ? 6 : 2;
            try (DistributedRows rows = new DistributedRows(cluster("local[2]"), trial.parts(), partitions, STORAGE);
                    StepEngine running = open(engine, rows, trial.steps(), 2)) {
                assertEquals(result, trial.on(running), engine);
            }
        }
    }

    private static StepEngine open(String engine, DistributedRows rows, StepPlan steps, int depth) {
        boolean resident = engine.equals("resident");
        return Trial.open(resident, rows, Trial.spec(steps), depth, Duration.ofSeconds(60));
    }
}
