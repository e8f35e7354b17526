package io.treegrad.report;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.StepPlan;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.data.TrainAndTest;
import io.treegrad.formats.IdxFiles;
import io.treegrad.network.Activation;
import io.treegrad.network.Arithmetic;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.testing.LocalEvaluation;
import io.treegrad.testing.LocalGradientSource;
import io.treegrad.training.EpochResult;
import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.MetricValues;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.StoppingRule;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import io.treegrad.training.UpdateRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A small network trained here and now, on MNIST where {@code $MNIST_DIR} says where it lies, else on drawn digits, and
 * all that its page shows. Some of its names are markup, which has to stay text.
 */
final class TrainedRun {
    static final String MARKUP = "<script>window.broken = true</script>";

    private static final Shape SHAPE = new Shape(28, 28);
    private static final Scaling SCALING = Scaling.unit();

    private TrainedRun() {}

    static Report report(int hidden, Activation activation, int epochs, int trainRows, int testRows) {
        String mnist = System.getenv("MNIST_DIR");
        Rows train;
        Rows validation;
        Rows test;
        Rows sample;
        try {
            TrainAndTest data =
                    mnist == null ? SyntheticDigits.trainAndTest(1) : IdxFiles.mnist(new LocalStorage(), mnist);
            train = data.train().read(RowSet.range(0, trainRows), new LocalStorage());
            validation = data.train().read(RowSet.range(60_000 - testRows, 60_000), new LocalStorage());
            test = data.test().read(RowSet.range(0, testRows), new LocalStorage());
            sample = data.test().read(RowSet.range(0, Math.min(2000, testRows)), new LocalStorage());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        Network network = Network.dense(
                List.of(SHAPE.features(), hidden, 10),
                List.of(activation, Activation.SOFTMAX),
                true,
                Loss.CROSS_ENTROPY);
        StepPlan plan = new StepPlan(trainRows, 2, 100, 1);
        TrainingLength length = new TrainingLength(plan.stepsPerEpoch(), epochs, 1);
        List<Report.Epoch> curve = new ArrayList<>();
        LocalEvaluation onTest = new LocalEvaluation(network, new ShardPlan(testRows, 4), test, SCALING);
        Training training = new Training(
                new LocalGradientSource(network, plan, train, SCALING),
                new Optimizer(
                        new Objective(network, Objective.Reduction.MEAN, 1e-4),
                        0.2,
                        new LearningRateSchedule.Constant(),
                        length,
                        new UpdateRule.Momentum(0.9)),
                length,
                new LocalEvaluation(network, new ShardPlan(testRows, 4), validation, SCALING),
                StoppingRule.never(),
                new TrainingObserver() {
                    @Override
                    public void afterEpoch(EpochResult result) {
                        curve.add(new Report.Epoch(result.epoch(), result.train(), result.validation()));
                    }
                });
        TrainingState outcome = training.run(new Initialization.Glorot().parameters(network, 1));
        float[] theta = outcome.chosenParameters();

        return new Report(
                new Report.Run(
                        "2026-11-20-" + hidden + "-" + activation,
                        network.toString(),
                        mnist == null ? "synthetic digits" : "MNIST",
                        Map.of(Part.TRAIN, (long) trainRows, Part.VALIDATION, (long) testRows, Part.TEST, (long)
                                testRows),
                        MetricValues.of(onTest.apply(theta)),
                        "resident",
                        Arithmetic.name(),
                        plan.stepsPerEpoch(),
                        outcome.step(),
                        outcome.chosenEpoch(),
                        6.1),
                IntStream.range(0, 10).mapToObj(String::valueOf).toList(),
                curve,
                StepLosses.of(outcome.losses()),
                ConfusionMatrix.of(onTest.apply(theta)),
                null,
                Gallery.of(network, theta, SCALING, test, SHAPE, 1),
                Projection.of(components(sample), sample, SCALING, SHAPE),
                UnitWeights.of(network, theta, SHAPE),
                new Report.DataFacts(
                        List.of(
                                new Report.ClassShare("0", 30, 0.5, 0.45, 0.012),
                                new Report.ClassShare(MARKUP, 30, 0.5, null, null)),
                        List.of("One test row is also among the training rows.")),
                List.of(
                        new Report.Setting("data", "/data/" + MARKUP + ".gz", "option"),
                        new Report.Setting("hidden", Integer.toString(hidden), "option"),
                        new Report.Setting(
                                "hidden-activation", activation.name().toLowerCase(Locale.ROOT), "mlp.properties"),
                        new Report.Setting("optimizer", "momentum", "default"),
                        new Report.Setting("learning-rate", "0.2", "spark.treegrad.learning-rate"),
                        new Report.Setting("batch-size", "100", "default"),
                        new Report.Setting("epochs", Integer.toString(epochs), "option")),
                List.of(
                        new Report.Fact(
                                "train-images-idx3-ubyte.gz",
                                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                        new Report.Fact(
                                "train-labels-idx1-ubyte.gz",
                                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                        new Report.Fact("Arithmetic", Arithmetic.name()),
                        new Report.Fact("Java", System.getProperty("java.version")),
                        new Report.Fact("Spark", "4.1.0")),
                List.of(
                        new Report.Timing("Reading the data", 0.81),
                        new Report.Timing("Training", 6.1),
                        new Report.Timing("Report", 0.042)));
    }

    /** The three principal components of rows, by the definition of a covariance. */
    private static PrincipalComponents components(Rows rows) {
        int n = rows.features();
        double[] mean = new double[n];
        double[] covariance = new double[n * n];
        float[] row = new float[n];
        for (int i = 0; i < rows.count(); i++) {
            rows.scaleInto(i, SCALING, row, 0);
            for (int a = 0; a < n; a++) {
                mean[a] += row[a] / rows.count();
            }
        }
        for (int i = 0; i < rows.count(); i++) {
            rows.scaleInto(i, SCALING, row, 0);
            for (int a = 0; a < n; a++) {
                for (int b = 0; b < n; b++) {
                    covariance[a * n + b] += (row[a] - mean[a]) * (row[b] - mean[b]) / rows.count();
                }
            }
        }
        return PrincipalComponents.of(mean, covariance, Projection.DIMENSIONS);
    }
}
