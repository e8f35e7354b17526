package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.ArmedFailpoint;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.time.Duration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that fail once after they have computed, in one process that retries. */
@Timeout(300)
class RetriedTasksIT {
    private static final Storage STORAGE = new LocalStorage();

    @ParameterizedTest
    @CsvSource({"true, 2", "false, 2", "false, 6"})
    void taskThatFailsOnceIsNotCountedTwice(boolean resident, int partitions) throws IOException {
        Trial trial = Trial.synthetic(1003, 9, 100, 5, 2);
        Trial.Result expected = trial.oracle(STORAGE);
        try (Cluster cluster = Cluster.start("retries", new SparkConf().setMaster("local[2,4]"));
                DistributedRows rows = new DistributedRows(cluster, trial.parts(), partitions, STORAGE);
                StepEngine engine = Trial.open(resident, rows, Trial.spec(trial.steps()), 2, Duration.ofSeconds(60));
                ArmedFailpoint failpoint = new ArmedFailpoint("gradient:5:throw:2")) {
            Trial.Result result = trial.on(engine);
            assertTrue(failpoint.hits() >= 2, "the failpoint was not reached");
            assertEquals(expected, result);
            // the equality above says so too; this is what a reader looks for
            assertEquals(1003, result.epochs().get(0).rows());
            assertEquals(1003, result.epochs().get(1).rows());
        }
    }
}
