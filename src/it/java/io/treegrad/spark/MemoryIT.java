package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.Storage;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Activation;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.testing.ForkedJvm;
import io.treegrad.worker.WorkSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a step allocates, and what the driver keeps, for a network of 784-100-10. What is left of it on
 * executors is Spark's: an RPC message is written into an array that doubles as it fills, gathered from the network and
 * read out; the tree engine's results are written into blocks of a megabyte each.
 */
@ExtendWith(StandaloneCluster.Shared.class)
@Timeout(600)
class MemoryIT {
    private static final Storage STORAGE = new LocalStorage();
    private static final Network NETWORK = Network.dense(
            List.of(784, 100, 10), List.of(Activation.SIGMOID, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
    private static final long PARAMETER_BYTES = (long) NETWORK.parameterCount() * Float.BYTES;
    private static final int WARM_UP = 30;
    private static final int MEASURED = 40;
    /** While a thread compiles the kernels, it allocates too. */
    private static final Duration COMPILED_WITHIN = Duration.ofMinutes(2);

    private static DistributedRows rows(Cluster cluster, StepPlan steps) {
        RowSource source = new SyntheticDigits(3, 0, steps.rows());
        RowSet all = RowSet.range(0, steps.rows());
        return new DistributedRows(
                cluster, Map.of(Part.TRAIN, new ShardedPart(source, all, steps.shardPlan())), 2, STORAGE);
    }

    private static StepEngine open(boolean resident, DistributedRows rows, StepPlan steps) {
        WorkSpec spec = new WorkSpec(NETWORK, Scaling.unit(), steps);
        return Trial.open(resident, rows, spec, 2, Duration.ofMinutes(2));
    }

    private static float[] parameters() {
        return new Initialization.Glorot().parameters(NETWORK, 1);
    }

    /**
     * In a JVM of its own, since the JIT of those of the tests is told to take its time, and what it has not compiled
     * allocates.
     *
     * @param most bytes a step over all threads of the process, in sizes of the parameters
     */
    @ParameterizedTest
    @CsvSource({"true, 0.1", "false, 50"})
    void stepInOneProcessAllocatesNoMoreThanThis(boolean resident, double most) throws Exception {
        Process process = ForkedJvm.of(
                        List.of("-XX:TieredStopAtLevel=4", "-Xmx1g"),
                        MemoryIT.class,
                        List.of(Boolean.toString(resident), Double.toString(most)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        double sizes = Double.parseDouble(said);
        System.out.printf("%s: a step allocates %.3f times the parameters%n", resident ? "resident" : "tree", sizes);
        assertTrue(0 <= sizes && sizes < most, () -> "a step allocates " + sizes + " times the parameters");
    }

    /** @param words as {@link #stepInOneProcessAllocatesNoMoreThanThis} has them */
    public static void main(String[] words) {
        StepPlan steps = new StepPlan(2000, 4, 100, 1);
        try (Cluster cluster = Cluster.start("memory", new SparkConf().setMaster("local[2]"));
                DistributedRows rows = rows(cluster, steps);
                StepEngine engine = open(Boolean.parseBoolean(words[0]), rows, steps)) {
            System.out.print(measuredUntilBelow(Double.parseDouble(words[1]), () -> allocatedByAStep(engine)));
        }
    }

    /**
     * Bytes a step over all threads, in sizes of the parameters.
     *
     * @param mostOnDriver for two executors
     * @param mostOnExecutor for each of them
     */
    @ParameterizedTest
    @CsvSource({"true, 1, 1", "false, 35, 20"})
    void stepOnExecutorsAllocatesNoMoreThanThis(
            boolean resident, double mostOnDriver, double mostOnExecutor, StandaloneCluster processes) {
        StepPlan steps = new StepPlan(2000, 4, 100, 1);
        try (Cluster cluster = Cluster.start("memory", processes.conf(1))) {
            cluster.awaitSlots(120);
            try (DistributedRows rows = rows(cluster, steps)) {
                rows.load();
                double onDriver;
                try (StepEngine engine = open(resident, rows, steps)) {
                    onDriver = measuredUntilBelow(mostOnDriver, () -> allocatedByAStep(engine));
                }
                double onExecutor = measuredUntilBelow(
                        mostOnExecutor, () -> allocatedByAStepOnAnExecutor(resident, cluster, rows, steps));
                System.out.printf(
                        "%s: a step allocates %.2f times the parameters on the driver, %.2f on each executor%n",
                        resident ? "resident" : "tree", onDriver, onExecutor);
                assertTrue(
                        0 <= onDriver && onDriver < mostOnDriver,
                        () -> "times the parameters on the driver: " + onDriver);
                assertTrue(
                        0 <= onExecutor && onExecutor < mostOnExecutor,
                        "times the parameters on an executor: " + onExecutor);
            }
        }
    }

    /**
     * The last measurement, in sizes of the parameters; the first below the bound, if any is. When the thread that compiles
     * ends, all that it allocated leaves the count, so a measurement below zero is none.
     */
    private static double measuredUntilBelow(double most, LongSupplier bytes) {
        long end = System.nanoTime() + COMPILED_WITHIN.toNanos();
        double sizes;
        do {
            sizes = (double) bytes.getAsLong() / PARAMETER_BYTES;
        } while ((sizes < 0 || sizes >= most) && System.nanoTime() < end);
        return sizes;
    }

    private static long allocatedByAStepOnAnExecutor(
            boolean resident, Cluster cluster, DistributedRows rows, StepPlan steps) {
        long before = allocatedOnExecutors(cluster);
        int few = 20;
        run(resident, rows, steps, few);
        long between = allocatedOnExecutors(cluster);
        run(resident, rows, steps, few + MEASURED);
        long after = allocatedOnExecutors(cluster);
        // the difference leaves out what the start of a run takes; two executors
        return ((after - between) - (between - before)) / (2 * MEASURED);
    }

    private static void run(boolean resident, DistributedRows rows, StepPlan plan, int steps) {
        try (StepEngine engine = open(resident, rows, plan)) {
            float[] theta = parameters();
            for (long step = 0; step < steps; step++) {
                engine.sumAt(theta, step);
            }
        }
    }

    private static long allocatedByAStep(StepEngine engine) {
        float[] theta = parameters();
        for (long step = 0; step < WARM_UP; step++) {
            engine.sumAt(theta, step);
        }
        Map<Long, Long> before = Heap.allocatedByThread();
        for (long step = WARM_UP; step < WARM_UP + MEASURED; step++) {
            engine.sumAt(theta, step);
        }
        return Heap.allocatedSince(before) / MEASURED;
    }

    /** By all threads of both executors that still live; those of tasks do. */
    private static long allocatedOnExecutors(Cluster cluster) {
        return cluster
                .context()
                .parallelize(List.of(1, 2), 2)
                .rdd()
                .barrier()
                .mapPartitions(new AllocatedBytes(), false, scala.reflect.ClassTag$.MODULE$.<Long>apply(Long.class))
                .toJavaRDD()
                .collect()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void heapOfTheDriverDoesNotGrowWithTheRows(StandaloneCluster processes) {
        boolean thorough = System.getenv("TREEGRAD_SOAK") != null;
        int[] sizes = thorough ? new int[] {10_000, 10_000, 60_000, 240_000} : new int[] {2_000, 2_000, 30_000};
        List<Long> heaps = new ArrayList<>();
        try (Cluster cluster = Cluster.start("memory", processes.conf(1))) {
            cluster.awaitSlots(120);
            for (int size : sizes) {
                StepPlan steps = new StepPlan(size, 4, 100, 1);
                try (DistributedRows rows = rows(cluster, steps)) {
                    rows.load();
                    run(true, rows, steps, 20);
                    run(false, rows, steps, 20);
                    heaps.add(Heap.usedAfterCollection());
                    System.out.printf("%,d rows: heap of the driver %,d bytes%n", size, heaps.get(heaps.size() - 1));
                }
            }
        }
        // the first time leaves what is kept for ever, as buffers of connections
        long growth = heaps.get(heaps.size() - 1) - heaps.get(1);
        long rowBytes = 784L * (sizes[sizes.length - 1] - sizes[1]);
        assertTrue(growth < rowBytes / 5, () -> "the driver kept %,d bytes more for %,d bytes of rows more"
                .formatted(growth, rowBytes));
    }
}
