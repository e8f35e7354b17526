package io.treegrad.cli;

import io.treegrad.data.StepPlan;
import io.treegrad.network.Arithmetic;
import io.treegrad.network.DenseBatch;
import io.treegrad.network.Network;
import io.treegrad.run.Platform;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.EngineChoice;
import io.treegrad.spark.EngineDecision;
import io.treegrad.spark.StepBenchmark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Step rates of both engines beside what this machine could do at most if no input were zero: the rate of our own dense
 * products on one core, measured in the same process, times the cores that tasks run on.
 */
final class BenchCommand implements CommandAction {
    private static final int ROWS = 60_000;
    private static final int SQUARE = 1024;
    private static final int PRODUCTS = 15;

    /**
     * One line of the result.
     *
     * @param denseShare arithmetic of a dense pass, as a share of what dense products could do in the same time on as many
     *     cores; above 1 where bytes that are zero cost nothing
     */
    private record Rate(
            int hidden,
            int batch,
            int tasks,
            String engine,
            double rowsPerSecond,
            double millisPerStep,
            double denseShare) {}

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws InterruptedException {
        Cluster.prepareArithmetic(settings.get(CommandSettings.HIDDEN_SIZES)).ifPresent(console.err()::println);
        try (Cluster cluster = Cluster.start(
                "treegrad bench", settings.get(ClusterSettings.EXCHANGE), settings.get(ClusterSettings.PORT))) {
            int slots = cluster.awaitSlots();
            Arithmetic.awaitCompiled();
            double dense = denseRate();
            boolean text = !settings.get(OutputSettings.JSON);
            if (text) {
                console.out()
                        .printf(
                                Locale.ROOT,
                                "%s on %s: dense products %.1f GFLOP/s a core, %d tasks at once%n%n%6s %6s %5s  %-9s %11s %9s %9s%n",
                                Arithmetic.name(),
                                Platform.cpu(),
                                dense / 1e9,
                                slots,
                                "hidden",
                                "batch",
                                "tasks",
                                "engine",
                                "rows/s",
                                "ms/step",
                                "of dense");
            }
            List<Rate> rates = new ArrayList<>();
            for (int hidden : settings.get(CommandSettings.HIDDEN_SIZES)) {
                for (int batch : settings.get(CommandSettings.BATCH_SIZES)) {
                    for (EngineChoice engine : engines(settings.get(ClusterSettings.ENGINE))) {
                        Rate rate = measure(cluster, slots, dense, hidden, batch, engine, settings);
                        rates.add(rate);
                        if (text) {
                            print(console, rate);
                        }
                    }
                }
            }
            console.summary()
                    .put("arithmetic", Arithmetic.name())
                    .put("cpu", Platform.cpu())
                    .put("tasks", slots)
                    .put("denseFlopsPerCore", dense)
                    .put("rates", rates);
        }
    }

    private static List<EngineChoice> engines(EngineChoice choice) {
        return choice == EngineChoice.AUTO ? List.of(EngineChoice.RESIDENT, EngineChoice.TREE) : List.of(choice);
    }

    private static void print(Console console, Rate rate) {
        console.out()
                .printf(
                        Locale.ROOT,
                        "%6d %6d %5d  %-9s %,11.0f %9.3f %8.0f%%%n",
                        rate.hidden(),
                        rate.batch(),
                        rate.tasks(),
                        rate.engine(),
                        rate.rowsPerSecond(),
                        rate.millisPerStep(),
                        100 * rate.denseShare());
        console.out().flush();
    }

    /** Median floating-point operations a second of a large product on this thread. */
    private static double denseRate() {
        DenseBatch square = new DenseBatch(SQUARE, SQUARE);
        Arrays.fill(square.inputs(), 0.5f);
        square.setRows(SQUARE);
        float[] products = new float[SQUARE * SQUARE];
        double[] seconds = new double[PRODUCTS];
        for (int i = 0; i < PRODUCTS; i++) {
            long start = System.nanoTime();
            square.products(products);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return 2.0 * SQUARE * SQUARE * SQUARE / seconds[PRODUCTS / 2];
    }

    private static Rate measure(
            Cluster cluster, int slots, double dense, int hidden, int batch, EngineChoice engine, Settings settings) {
        double seconds = settings.get(CommandSettings.SECONDS);
        StepBenchmark benchmark = new StepBenchmark(cluster, ROWS, seconds);
        Network network = StepBenchmark.network(List.of(hidden));
        StepPlan steps = benchmark.steps(batch);
        int tasks = settings.get(ClusterSettings.PARTITIONS)
                .map(wanted -> Math.min(wanted, Math.min(steps.shards(), slots)))
                .orElseGet(() -> EngineDecision.partitions(cluster, engine, slots, network, steps, executors -> true));
        StepBenchmark.Rate rate = benchmark.rate(network, batch, tasks, engine);
        return new Rate(
                hidden,
                batch,
                tasks,
                rate.engine(),
                rate.rowsPerSecond(),
                1e3 * rate.stepSeconds(),
                rate.rowsPerSecond() * network.operationsPerRow() / (dense * tasks));
    }
}
