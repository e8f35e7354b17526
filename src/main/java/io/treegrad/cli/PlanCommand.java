package io.treegrad.cli;

import io.treegrad.network.Arithmetic;
import io.treegrad.network.Network;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.ClusterProbe;
import io.treegrad.spark.StepBenchmark;
import io.treegrad.spark.exchange.CostModel;
import io.treegrad.spark.exchange.CostModel.Layout;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Measures this cluster and tells how fast a network would train on fewer and on more executors. */
final class PlanCommand implements CommandAction {
    private static final int FULL_BATCH = 60_000;
    /** More tasks are worth paying for if they bring this share; a run takes them, if it has them, for less. */
    private static final double LEAST_GAIN = 0.1;

    private static final int[] SIMULATED_EXECUTORS = {1, 3, 10, 30, 100, 300, 1000};
    private static final long[] SIMULATED_PARAMETERS = {100_000, 1_000_000, 10_000_000, 100_000_000};
    /** Rows of the step of one simulated executor: a default shard. */
    private static final long SIMULATED_ROWS = 128;

    /**
     * What a step would take.
     *
     * @param executors 0 for the driver's own process
     * @param efficiency rows a second, as a share of those of as many tasks that had nothing to exchange
     */
    private record Estimate(
            int executors,
            int tasks,
            String shape,
            double millisPerStep,
            double rowsPerSecond,
            double efficiency,
            long driverBytes,
            long executorBytes) {}

    /** A prediction for other networks, each executor with the same rows a step. */
    private record Simulation(long parameters, Estimate prediction) {}

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws InterruptedException {
        Cluster.prepareArithmetic(settings.get(NetworkSettings.HIDDEN)).ifPresent(console.err()::println);
        Network network = StepBenchmark.network(settings.get(NetworkSettings.HIDDEN));
        int batch = settings.get(TrainingSettings.BATCH_SIZE).orElse(FULL_BATCH);
        try (Cluster cluster = Cluster.start(
                "treegrad plan", settings.get(ClusterSettings.EXCHANGE), settings.get(ClusterSettings.PORT))) {
            int slots = cluster.awaitSlots();
            Arithmetic.awaitCompiled();
            ClusterProbe probe =
                    ClusterProbe.measure(cluster, slots, network, batch, settings.get(CommandSettings.SECONDS));
            List<Estimate> predictions = predictions(probe, batch, network.parameterCount());
            Estimate best = best(predictions);
            List<Simulation> simulations = simulations(probe.model(), network);
            console.summary()
                    .put("parameters", network.parameterCount())
                    .put("batchSize", batch)
                    .put("model", probe.model())
                    .put("launchSeconds", probe.launchSeconds())
                    .put("predictions", predictions)
                    .put("best", best)
                    .put("simulations", simulations);
            if (!settings.get(OutputSettings.JSON)) {
                print(console.out(), probe, network, batch, predictions, best);
                print(console.out(), simulations);
            }
        }
    }

    private static List<Estimate> predictions(ClusterProbe probe, int batch, long parameters) {
        List<Estimate> predictions = new ArrayList<>();
        for (Layout layout : layouts(probe.whole())) {
            double seconds = probe.stepSeconds(batch, parameters, layout);
            predictions.add(prediction(probe.model(), layout, batch, parameters, seconds));
        }
        return predictions;
    }

    /** One task, then more and more up to all: those of one executor before those of several. */
    private static List<Layout> layouts(Layout whole) {
        List<Layout> layouts = new ArrayList<>();
        int tasksOfEach = whole.tasksOfEach();
        for (int tasks = 1; tasks < tasksOfEach; tasks *= 2) {
            layouts.add(new Layout(Math.min(1, whole.executors()), tasks));
        }
        for (int executors = 1; executors < whole.executors(); executors *= 2) {
            layouts.add(new Layout(executors, executors * tasksOfEach));
        }
        layouts.add(whole);
        return layouts;
    }

    private static Estimate prediction(CostModel model, Layout layout, long rows, long parameters, double stepSeconds) {
        int executors = layout.executors();
        boolean sliced = executors > 0 && model.isSliced(executors, parameters);
        String shape = executors == 0 ? "memory" : sliced ? "sliced" : "star";
        double rate = rows / stepSeconds;
        return new Estimate(
                executors,
                layout.tasks(),
                shape,
                1e3 * stepSeconds,
                rate,
                rate * model.rowSeconds() / layout.tasks(),
                executors == 0 ? 0 : CostModel.driverBytes(executors, parameters, sliced),
                executors == 0 ? 0 : CostModel.executorBytes(executors, parameters, sliced));
    }

    /** The fewest tasks that more do not beat by enough. */
    private static Estimate best(List<Estimate> predictions) {
        double most =
                predictions.stream().mapToDouble(Estimate::rowsPerSecond).max().orElseThrow();
        return predictions.stream()
                .filter(prediction -> prediction.rowsPerSecond() * (1 + LEAST_GAIN) >= most)
                .min(Comparator.comparingInt(Estimate::tasks))
                .orElseThrow();
    }

    /** With the rates of this cluster; a row takes as much longer as there are more parameters. */
    private static List<Simulation> simulations(CostModel measured, Network network) {
        CostModel wire = measured.byteSeconds() > 0 ? measured : CostModel.typical(network);
        List<Simulation> simulations = new ArrayList<>();
        for (long parameters : SIMULATED_PARAMETERS) {
            double row = measured.rowSeconds() * parameters / network.parameterCount();
            CostModel model = new CostModel(row, wire.hopSeconds(), wire.byteSeconds(), measured.parameterSeconds());
            for (int executors : SIMULATED_EXECUTORS) {
                Layout layout = new Layout(executors, executors);
                long rows = SIMULATED_ROWS * executors;
                double seconds = model.stepSeconds(rows, parameters, layout);
                simulations.add(new Simulation(parameters, prediction(model, layout, rows, parameters, seconds)));
            }
        }
        return simulations;
    }

    private static void print(
            PrintStream out,
            ClusterProbe probe,
            Network network,
            int batch,
            List<Estimate> predictions,
            Estimate best) {
        CostModel model = probe.model();
        printf(out, "A network of %,d parameters, batches of %,d rows. Measured:%n%n", network.parameterCount(), batch);
        printf(out, "%12.2f us  a row on one task%n", 1e6 * model.rowSeconds());
        printf(out, "%12.2f ns  to add or update a parameter%n", 1e9 * model.parameterSeconds());
        if (probe.whole().executors() > 0) {
            printf(out, "%12.2f ms  from the driver to an executor, or back%n", 1e3 * model.hopSeconds());
            printf(out, "%12.2f GB/s between two processes%n", 1e-9 / model.byteSeconds());
        }
        printf(
                out,
                "%12.2f ms  to launch a Spark job, as for each step of the tree engine%n%n",
                1e3 * probe.launchSeconds());
        printf(out, "executors tasks  shape    ms/step       rows/s  efficiency%n");
        for (Estimate prediction : predictions) {
            printf(
                    out,
                    "%9d %5d  %-7s %8.3f %,12.0f %10.0f%%%n",
                    prediction.executors(),
                    prediction.tasks(),
                    prediction.shape(),
                    prediction.millisPerStep(),
                    prediction.rowsPerSecond(),
                    100 * prediction.efficiency());
        }
        printf(out, "%nBest: --partitions %d, %,.0f rows/s.", best.tasks(), best.rowsPerSecond());
        out.println(best.tasks() < probe.whole().tasks() ? " More tasks bring less than a tenth." : "");
    }

    private static void print(PrintStream out, List<Simulation> simulations) {
        printf(
                out,
                "%nMore executors of one task, each with %d rows a step (needs as many --shards):%n%n",
                SIMULATED_ROWS);
        printf(
                out,
                "%11s %9s  %-6s %8s %11s %5s  %9s %11s%n",
                "parameters",
                "executors",
                "shape",
                "ms/step",
                "rows/s",
                "eff.",
                "driver MB",
                "executor MB");
        for (Simulation simulation : simulations) {
            Estimate prediction = simulation.prediction();
            printf(
                    out,
                    "%,11d %,9d  %-6s %8s %,11.0f %4.0f%%  %,9.1f %,11.1f%n",
                    simulation.parameters(),
                    prediction.executors(),
                    prediction.shape(),
                    millis(prediction.millisPerStep()),
                    prediction.rowsPerSecond(),
                    100 * prediction.efficiency(),
                    prediction.driverBytes() / 1e6,
                    prediction.executorBytes() / 1e6);
        }
        out.flush();
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 1000 ? "%.1f" : "%,.0f", millis);
    }

    private static void printf(PrintStream out, String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
    }
}
