package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster that grants nothing. */
@ExtendWith(StandaloneCluster.Shared.class)
@Timeout(120)
class NoExecutorsIT {
    @Test
    void executorsThatNoWorkerHasRoomForAreWaitedForOnlySoLong(StandaloneCluster processes) {
        try (Cluster cluster = Cluster.start("none", processes.conf(1).set("spark.executor.memory", "1000g"))) {
            UserError error = assertThrows(UserError.class, () -> cluster.awaitSlots(2));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(
                    error.getMessage().startsWith("no executor came within 2 seconds from spark://127.0.0.1:"),
                    error.getMessage());
            assertTrue(
                    error.getMessage().contains("connect to the driver at 127.0.0.1 (spark.driver.host)"),
                    error.getMessage());
        }
    }

    /** As where dynamic allocation is switched on and nothing else is said of it. */
    @Test
    void dynamicAllocationIsAskedForItsFirstExecutor(StandaloneCluster processes) {
        SparkConf conf = processes
                .conf(1)
                .set("spark.dynamicAllocation.enabled", "true")
                .set("spark.dynamicAllocation.shuffleTracking.enabled", "true");
        try (Cluster cluster = Cluster.start("dynamic", conf)) {
            assertEquals(1, cluster.awaitSlots());
        }
    }

    @Test
    void anApplicationThatSparkHasEndedIsNotWaitedFor(StandaloneCluster processes) {
        try (Cluster cluster = Cluster.start("ended", processes.conf(1).set("spark.executor.memory", "1000g"))) {
            cluster.context().stop(); // as Spark does where no master takes the application
            UserError error = assertThrows(UserError.class, () -> cluster.awaitSlots(60));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(
                    error.getMessage().startsWith("Spark has ended the application at spark://"), error.getMessage());
        }
    }
}
