package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.Storage;
import io.treegrad.network.GradientSum;
import io.treegrad.network.SplitMix64;
import io.treegrad.training.GradientSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many steps, and now and then an executor killed from outside in the midst of one. 300 steps; with {@code TREEGRAD_SOAK}
 * set, 10,000.
 */
@ExtendWith(StandaloneCluster.Shared.class)
@Timeout(3000)
class SoakIT {
    private static final Storage STORAGE = new LocalStorage();
    private static final boolean LONG = System.getenv("TREEGRAD_SOAK") != null;
    private static final long EPOCHS = LONG ? 1000 : 20;
    private static final int STEPS_BETWEEN_DEATHS = LONG ? 500 : 100;
    /** From here on, memory must be flat. */
    private static final long SETTLED = LONG ? 1000 : 90;
    /** Spark and the network library start and end some as they need them. */
    private static final int SPARE_THREADS = 10;

    /** Whether resident; the other engine only for long. */
    static List<Boolean> engines() {
        return LONG ? List.of(true, false) : List.of(true);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void executorsDieAndNeitherBitsNorMemoryShowIt(boolean resident, StandaloneCluster processes) throws IOException {
        Trial trial = Trial.synthetic(1003, 9, 100, 5, EPOCHS);
        Trial.Result expected = trial.oracle(STORAGE);
        long seed = System.nanoTime();
        try (Cluster cluster = Cluster.start("soak", processes.conf(1))) {
            assertEquals(2, cluster.awaitSlots(120));
            try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), 2, STORAGE);
                    StepEngine engine =
                            Trial.open(resident, rows, Trial.spec(trial.steps()), 2, Duration.ofMinutes(2))) {
                Deaths deaths = new Deaths(engine, processes, new SplitMix64(seed));
                assertEquals(expected, trial.result(deaths, engine::evaluate), () -> "seed " + seed);
                long end = Heap.usedAfterCollection();
                long threads = threads();
                System.out.printf(
                        "%s: %,d steps, %d deaths; driver at step %,d: heap %,d bytes, %d threads; at the end: %,d, %d%n",
                        engine.name(),
                        trial.lastStep(),
                        deaths.count,
                        SETTLED,
                        deaths.settledHeap,
                        deaths.settledThreads,
                        end,
                        threads);
                assertTrue(deaths.count >= 2, "executors killed");
                assertTrue(
                        end < deaths.settledHeap * 11 / 10,
                        () -> "the heap of the driver grew from " + deaths.settledHeap + " to " + end);
                assertTrue(
                        threads <= deaths.settledThreads + SPARE_THREADS,
                        () -> "the threads of the driver grew from " + deaths.settledThreads + " to " + threads);
            }
        }
    }

    /** But for those of two pools of Spark, each of which grows up to a hundred as executors are lost. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("block-manager-"))
                .count();
    }

    /** Kills an executor a few milliseconds into a step, each time after so many others. */
    private static final class Deaths implements GradientSource {
        private final StepEngine engine;
        private final StandaloneCluster processes;
        private final SplitMix64 random;
        private int count;
        private long settledHeap;
        private long settledThreads;

        Deaths(StepEngine engine, StandaloneCluster processes, SplitMix64 random) {
            this.engine = engine;
            this.processes = processes;
            this.random = random;
        }

        @Override
        public GradientSum sumAt(float[] theta, long step) {
            if (step == SETTLED) {
                settledHeap = Heap.usedAfterCollection();
                settledThreads = threads();
            }
            if (step % STEPS_BETWEEN_DEATHS == STEPS_BETWEEN_DEATHS / 2) {
                List<ProcessHandle> executors = processes.executors();
                ProcessHandle victim = executors.get(random.nextInt(executors.size()));
                int delay = random.nextInt(10);
                CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS).execute(victim::destroyForcibly);
                count++;
            }
            return engine.sumAt(theta, step);
        }
    }
}
