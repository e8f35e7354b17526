package io.treegrad.cli;

import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Activation;
import io.treegrad.network.Arithmetic;
import io.treegrad.network.DenseBatch;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Initialization;
import io.treegrad.network.Layer;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.run.Platform;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.EngineChoice;
import io.treegrad.spark.EngineDecision;
import io.treegrad.spark.StepEngine;
import io.treegrad.spark.WorkSpec;
import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Step rates of both engines beside what this machine could do at most if no input were zero: the rate of our own dense
 * products on one core, measured in the same process, times the cores that tasks run on.
 */
final class BenchCommand implements CommandAction {
    private static final int ROWS = 60_000;
    private static final int SQUARE = 1024;
    private static final int PRODUCTS = 15;
    private static final int TREE_DEPTH = 2;
    private static final float[][] NO_STATE = {};

    /**
     * One line of the result.
     *
     * @param denseShare arithmetic of a dense pass, as a share of what dense products could do in the same time on as many
     *     cores; above 1 where bytes that are zero cost nothing
     */
    private record Rate(
            int hidden, int batch, String engine, double rowsPerSecond, double millisPerStep, double denseShare) {}

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws InterruptedException {
        Arithmetic.prepare().ifPresent(console.err()::println);
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
                                "%s on %s: dense products %.1f GFLOP/s a core, %d tasks at once%n%n%6s %6s  %-9s %11s %9s %9s%n",
                                Arithmetic.name(),
                                Platform.cpu(),
                                dense / 1e9,
                                slots,
                                "hidden",
                                "batch",
                                "engine",
                                "rows/s",
                                "ms/step",
                                "of dense");
            }
            List<Rate> rates = new ArrayList<>();
            for (int hidden : settings.get(CommandSettings.HIDDEN_SIZES)) {
                for (int batch : settings.get(CommandSettings.BATCH_SIZES)) {
                    for (EngineChoice engine : List.of(EngineChoice.RESIDENT, EngineChoice.TREE)) {
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

    private static void print(Console console, Rate rate) {
        console.out()
                .printf(
                        Locale.ROOT,
                        "%6d %6d  %-9s %,11.0f %9.3f %8.0f%%%n",
                        rate.hidden(),
                        rate.batch(),
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
            Cluster cluster, int slots, double dense, int hidden, int batch, EngineChoice choice, Settings settings) {
        Network network = Network.dense(
                List.of(28 * 28, hidden, 10),
                List.of(Activation.SIGMOID, Activation.SIGMOID),
                true,
                Loss.BINARY_CROSS_ENTROPY);
        StepPlan steps = new StepPlan(ROWS, StepPlan.defaultShards(batch), batch, 1);
        int tasks = Math.min(steps.shards(), slots);
        SyntheticDigits digits = new SyntheticDigits(1, 0, ROWS);
        Map<Part, ShardedPart> parts =
                Map.of(Part.TRAIN, new ShardedPart(digits, RowSet.range(0, ROWS), steps.shardPlan()));
        Optimizer optimizer = new Optimizer(
                // the steps of a summed large batch would saturate all units, as no sensible training does
                new Objective(network, Objective.Reduction.MEAN, 0.01),
                0.05,
                new LearningRateSchedule.Constant(),
                new TrainingLength(steps.stepsPerEpoch(), 1, 1),
                new UpdateRule.Sgd());
        float[] theta = new Initialization.Normal(0.1).parameters(network, 1);
        WorkSpec spec = new WorkSpec(network, Scaling.symmetric(), steps);
        try (DistributedRows rows = new DistributedRows(cluster, parts, tasks, cluster.storage());
                StepEngine engine = EngineDecision.open(choice, rows, spec, TREE_DEPTH)) {
            rows.load();
            double seconds = settings.get(CommandSettings.SECONDS);
            long step = run(engine, optimizer, theta, 0, seconds).steps();
            Measured measured = run(engine, optimizer, theta, step, seconds);
            double rowsPerSecond = measured.rows() / measured.seconds();
            return new Rate(
                    hidden,
                    batch,
                    engine.name(),
                    rowsPerSecond,
                    1e3 * measured.seconds() / measured.steps(),
                    rowsPerSecond * operationsPerRow(network) / (dense * tasks));
        }
    }

    private record Measured(long steps, long rows, double seconds) {}

    /** Takes steps until the time is over. */
    private static Measured run(StepEngine engine, Optimizer optimizer, float[] theta, long first, double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long step = first;
        long rows = 0;
        long now;
        do {
            GradientSum sum = engine.sumAt(theta, step);
            rows += sum.counts().rows();
            optimizer.update(theta, NO_STATE, sum, step);
            step++;
            now = System.nanoTime();
        } while (now < end);
        return new Measured(step - first, rows, (now - start) / 1e9);
    }

    /** Multiplications and additions of the products (1), (5) and (6) of one row. */
    private static double operationsPerRow(Network network) {
        double operations = 0;
        for (Layer layer : network.layers()) {
            boolean first = layer.weightsOffset() == 0;
            operations += (first ? 4.0 : 6.0) * layer.weights();
        }
        return operations;
    }
}
