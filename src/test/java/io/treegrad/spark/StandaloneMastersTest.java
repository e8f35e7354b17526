package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandaloneMastersTest {
    /** Nothing listens at port 1 of any machine that runs tests. */
    private static final String NOBODY = "127.0.0.1:1";

    private static void require(String master) {
        StandaloneMasters.requireReachable(new SparkConf(false).setMaster(master));
    }

    @Test
    void addressWhereNobodyListensIsToldWithWhatToDo() {
        UserError error = assertThrows(UserError.class, () -> require("spark://" + NOBODY));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertEquals(
                "no master of spark://127.0.0.1:1 can be reached (127.0.0.1:1: Connection refused): expected one that"
                        + " listens there. Check spark.master and that the master runs, or run again later.",
                error.getMessage());
    }

    @Test
    void oneMasterOfSeveralIsEnough() throws IOException {
        try (ServerSocket standby = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listening = "127.0.0.1:" + standby.getLocalPort();
            assertDoesNotThrow(() -> require("spark://" + NOBODY + "," + listening));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local[2]", "yarn", "k8s://https://127.0.0.1:1"})
    void clustersOfAnotherKindAreLeftToSpark(String master) {
        assertDoesNotThrow(() -> require(master));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark://no port",
                "spark://host",
                "spark://",
                "spark://host:7077,",
                "spark://host:0",
                "spark://host:7077/x y"
            })
    void whatIsNoAddressIsRefusedWithTheFormOfOne(String master) {
        UserError error = assertThrows(UserError.class, () -> require(master));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals(
                "spark.master is " + master + ", expected spark://HOST:PORT, or spark://HOST:PORT,HOST:PORT for several"
                        + " masters. Correct it.",
                error.getMessage());
    }

    @Test
    void executorsThatNeedMoreCoresThanThereMayBeAreNotWaitedFor() {
        SparkConf conf = new SparkConf(false)
                .setMaster("spark://" + NOBODY)
                .set("spark.cores.max", "1")
                .set("spark.executor.cores", "2");
        UserError error = assertThrows(UserError.class, () -> StandaloneMasters.requireReachable(conf));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals(
                "spark.executor.cores is 2, expected at most spark.cores.max, which is 1: no executor would ever come."
                        + " Correct one of them (--executor-cores, --total-executor-cores of spark-submit).",
                error.getMessage());
    }

    @Test
    void anExecutorMayHaveAllCoresThatThereMayBe() {
        SparkConf conf = new SparkConf(false)
                .setMaster("spark://" + NOBODY)
                .set("spark.cores.max", "2")
                .set("spark.executor.cores", "2");
        UserError error = assertThrows(UserError.class, () -> StandaloneMasters.requireReachable(conf));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind(), "only that nobody listens");
    }
}
