package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterUrlTest {
    @ParameterizedTest
    @ValueSource(strings = {"local", "local[2]", "local[*]", "local[4,3]"})
    void tasksOfALocalMasterRunInTheDriver(String url) {
        assertTrue(new MasterUrl(url).runsTasksHere());
        assertEquals(0, new MasterUrl(url).executorCores());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yarn", "spark://host:7077", "k8s://https://host:443"})
    void tasksOfAClusterDoNot(String url) {
        assertFalse(new MasterUrl(url).isOnThisMachine());
        assertFalse(new MasterUrl(url).runsTasksHere());
    }

    @Test
    void aLocalClusterTellsItsCores() {
        MasterUrl master = new MasterUrl("local-cluster[3, 2,1024]");
        assertTrue(master.isOnThisMachine());
        assertFalse(master.runsTasksHere());
        assertEquals(6, master.executorCores());
    }

    @Test
    void withoutAMasterAllCoresHereAreTaken() {
        assertTrue(MasterUrl.of(new SparkConf(false)).runsTasksHere());
    }
}
