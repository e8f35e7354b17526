package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.FloatRows;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Activation;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.LocalEvaluation;
import io.treegrad.testing.LocalGradientSource;
import io.treegrad.training.Objective.Reduction;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole of training with the local engine: backpropagation, sums, updates and the loop together. */
class LearningTest {
    private static final Rows XOR = new FloatRows(2, new float[] {0, 0, 0, 1, 1, 0, 1, 1}, new int[] {0, 1, 1, 0});

    @ParameterizedTest
    @EnumSource(names = {"SIGMOID", "TANH", "RELU"})
    void xorIsLearntByTheTextbookNetwork(Activation hidden) {
        Network network =
                Network.dense(List.of(2, 20, 1), List.of(hidden, Activation.SIGMOID), true, Loss.BINARY_CROSS_ENTROPY);
        StepPlan plan = new StepPlan(4, 2, 4, 1);
        TrainingLength length = new TrainingLength(plan.stepsPerEpoch(), 1000, 1000);
        LocalEvaluation evaluation = new LocalEvaluation(network, plan.shardPlan(), XOR, Scaling.none());
        Training training = new Training(
                new LocalGradientSource(network, plan, XOR, Scaling.none()),
                new Optimizer(
                        new Objective(network, Reduction.MEAN, 0),
                        0.5,
                        new LearningRateSchedule.Constant(),
                        length,
                        new UpdateRule.Momentum(0.9)),
                length,
                evaluation,
                StoppingRule.never(),
                new TrainingObserver() {});
        float[] theta = new Initialization.Uniform(1).parameters(network, 7);
        assertTrue(evaluation.apply(theta).correct() < 4, "solved before training: the test shows nothing");
        TrainingState outcome = training.run(theta);
        MetricValues last = outcome.epochs().get(999).validation();
        assertEquals(1.0, last.get(Metric.ACCURACY));
        assertTrue(last.get(Metric.LOSS) < 0.01, "mean loss " + last.get(Metric.LOSS));
        assertEquals(1000, outcome.step());
    }

    @Test
    void threeCloudsOfPointsAreToldApartFromMinibatches() {
        Rows clouds = clouds(300, 5);
        Network network =
                Network.dense(List.of(2, 8, 3), List.of(Activation.TANH, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        StepPlan plan = new StepPlan(300, 3, 10, 1);
        TrainingLength length = new TrainingLength(plan.stepsPerEpoch(), 20, 1);
        Training training = new Training(
                new LocalGradientSource(network, plan, clouds, Scaling.none()),
                new Optimizer(
                        new Objective(network, Reduction.MEAN, 1e-4),
                        0.1,
                        new LearningRateSchedule.Constant(),
                        length,
                        new UpdateRule.Sgd()),
                length,
                new LocalEvaluation(network, new ShardPlan(90, 4), clouds(90, 6), Scaling.none()),
                StoppingRule.never(),
                new TrainingObserver() {});
        List<EpochResult> epochs =
                training.run(new Initialization.Glorot().parameters(network, 1)).epochs();
        assertTrue(epochs.get(19).validation().get(Metric.ACCURACY) > 0.95, epochs.toString());
        assertTrue(
                epochs.get(19).train().get(Metric.LOSS) < epochs.get(0).train().get(Metric.LOSS) / 2,
                epochs.toString());
        assertEquals(300, epochs.get(0).rows());
    }

    @Test
    void sumOfAStepIsTheSumOverItsRowsUpToRounding() {
        // the gradient of the full batch does not depend on how the rows are cut, but for the order of additions
        Rows clouds = clouds(207, 8);
        Network network = Network.dense(
                List.of(2, 5, 3), List.of(Activation.SIGMOID, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        float[] theta = new Initialization.Glorot().parameters(network, 3);
        GradientSum one = sumAt(network, clouds, 1, theta);
        for (int shards : new int[] {2, 13, 64, 207}) {
            GradientSum many = sumAt(network, clouds, shards, theta);
            assertEquals(207, many.counts().rows());
            assertEquals(one.counts().correct(), many.counts().correct());
            assertEquals(
                    one.counts().lossSum(),
                    many.counts().lossSum(),
                    1e-12 * one.counts().lossSum());
            assertArrayEquals(one.gradient(), many.gradient(), 1e-3f);
            assertFalse(Arrays.equals(one.gradient(), many.gradient()), "no rounding at all is not to be believed");
        }
    }

    private static GradientSum sumAt(Network network, Rows rows, int shards, float[] theta) {
        StepPlan plan = new StepPlan(rows.count(), shards, rows.count(), 1);
        return new LocalGradientSource(network, plan, rows, Scaling.none()).sumAt(theta, 0);
    }

    /** Points around three corners of a triangle of side about 3, with deviation 0.5. */
    private static Rows clouds(int count, long seed) {
        float[][] centres = {{0, 0}, {3, 0}, {1.5f, 2.6f}};
        SplitMix64 random = new SplitMix64(seed);
        float[] values = new float[2 * count];
        int[] labels = new int[count];
        for (int row = 0; row < count; row++) {
            labels[row] = row % 3;
            for (int feature = 0; feature < 2; feature++) {
                values[2 * row + feature] = centres[labels[row]][feature] + (float) (0.5 * random.nextGaussian());
            }
        }
        return new FloatRows(2, values, labels);
    }
}
