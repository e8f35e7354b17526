package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.Sums;
import io.treegrad.training.Objective.Reduction;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private static final Network LINE = Network.dense(List.of(1, 1), List.of(Activation.IDENTITY), true, Loss.MSE);

    /** Of five steps an epoch. */
    private static final TrainingLength LENGTH = new TrainingLength(5, 100, 1);

    @Test
    void stepIsObjectiveThenRateThenRule() {
        // mean gradient (8, 4) / 4 = (2, 1), + 0.5 · 3 on the weight: (3.5, 1); theta = (3, 5) - 0.5 (3.5, 1)
        Optimizer optimizer = new Optimizer(
                new Objective(LINE, Reduction.MEAN, 0.5),
                0.5,
                new LearningRateSchedule.Constant(),
                LENGTH,
                new UpdateRule.Sgd());
        float[] theta = {3, 5};
        float[][] optimizerState = {};
        optimizer.update(theta, optimizerState, Sums.gradient(1, 0, 4, 8, 4), 0);
        assertArrayEquals(new float[] {1.25f, 4.5f}, theta);
    }

    @Test
    void rateIsThatOfTheStep() {
        Optimizer optimizer = new Optimizer(
                new Objective(LINE, Reduction.SUM, 0),
                1,
                new LearningRateSchedule.Step(2, 0.5),
                LENGTH,
                new UpdateRule.Sgd());
        float[] theta = {0, 0};
        float[][] optimizerState = {};
        optimizer.update(theta, optimizerState, Sums.gradient(1, 0, 4, 8, 4), 9);
        assertArrayEquals(new float[] {-8, -4}, theta);
        optimizer.update(theta, optimizerState, Sums.gradient(1, 0, 4, 8, 4), 10);
        assertArrayEquals(new float[] {-12, -6}, theta);
    }

    @Test
    void memoryLastsFromStepToStep() {
        Optimizer optimizer = new Optimizer(
                new Objective(LINE, Reduction.SUM, 0),
                1,
                new LearningRateSchedule.Constant(),
                LENGTH,
                new UpdateRule.Momentum(0.5));
        float[] theta = {0, 0};
        float[][] optimizerState = new float[optimizer.stateVectors()][2];
        optimizer.update(theta, optimizerState, Sums.gradient(1, 0, 1, 4, 2), 0);
        optimizer.update(theta, optimizerState, Sums.gradient(1, 0, 1, 0, 0), 1);
        assertArrayEquals(new float[] {-6, -3}, theta);
    }
}
