package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many tasks are waited for: more than can ever come would cost a minute at each start. */
class ExecutorSlotsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "spark://h:1,                8, -, -, -, 8",
                "spark://h:1,                8, -, 2, -, 4",
                "spark://h:1,                4, 3, -, -, 3", // one executor: the fourth core is left over
                "spark://h:1,                4, 3, 2, -, 1", // and one of its cores too
                "spark://h:1,                4, 2, -, 8, 4", // a standalone master does not look at instances
                "spark://h:1,                -, 2, -, 8, 1",
                "yarn,                       -, 2, -, 3, 6",
                "yarn,                       64, 2, -, 3, 6", // nor YARN at the most cores
                "k8s://https://h:443,        64, 5, 2, 3, 6",
                "'local-cluster[2,1,1024]',  -, -, -, -, 2",
                "'local-cluster[2,3,1024]',  -, -, 2, -, 2",
                "'local-cluster[2,1,1024]',  64, -, -, -, 2",
                "'local-cluster[2,1,1024]',  1, -, -, -, 1",
            })
    void noMoreAreWaitedForThanTheClusterWillGive(
            String master, String most, String cores, String cpus, String instances, int expected) {
        SparkConf conf = new SparkConf(false).setMaster(master);
        set(conf, "spark.cores.max", most);
        set(conf, "spark.executor.cores", cores);
        set(conf, "spark.task.cpus", cpus);
        set(conf, "spark.executor.instances", instances);
        assertEquals(expected, ExecutorSlots.wanted(conf));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, -, 1", "3, -, -, 6", "-, 2, -, 4", "-, -, 5, 10", "1, 4, 2, 8"})
    void dynamicAllocationIsWaitedForAsFarAsItBegins(String least, String first, String instances, int expected) {
        SparkConf conf = new SparkConf(false).setMaster("spark://h:1");
        set(conf, "spark.dynamicAllocation.enabled", "true");
        set(conf, "spark.cores.max", "64");
        set(conf, "spark.executor.cores", "2");
        set(conf, "spark.dynamicAllocation.minExecutors", least);
        set(conf, "spark.dynamicAllocation.initialExecutors", first);
        set(conf, "spark.executor.instances", instances);
        assertEquals(expected, ExecutorSlots.wanted(conf));
    }

    private static void set(SparkConf conf, String key, String value) {
        if (value != null) {
            conf.set(key, value);
        }
    }
}
