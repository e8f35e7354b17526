package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.network.Activation;
import io.treegrad.network.GradientSum;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.Sums;
import io.treegrad.training.Objective.Reduction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    /** Layout: W1 (2), b1 (2), W2 (2), b2 (1). */
    private static final Network NETWORK =
            Network.dense(List.of(1, 2, 1), List.of(Activation.TANH, Activation.SIGMOID), true, Loss.MSE);

    private static final float[] THETA = {1, 2, 3, 4, 5, 6, 7};

    @Test
    void meanDividesByTheRowsThatTheSumCarries() {
        float[] gradient = gradient(Reduction.MEAN, 0, 4);
        assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12, 14}, gradient);
    }

    @Test
    void sumIsLeftAsItIs() {
        assertArrayEquals(new float[] {8, 16, 24, 32, 40, 48, 56}, gradient(Reduction.SUM, 0, 4));
    }

    @Test
    void weightsButNotBiasesAreRegularisedUnderEitherReduction() {
        // + 0.5 W, whole whatever the reduction: W1 = (1, 2), W2 = (5, 6)
        assertArrayEquals(new float[] {8.5f, 17, 24, 32, 42.5f, 51, 56}, gradient(Reduction.SUM, 0.5, 4));
        assertArrayEquals(new float[] {2.5f, 5, 6, 8, 12.5f, 15, 14}, gradient(Reduction.MEAN, 0.5, 4));
    }

    @Test
    void meanOfAnOddNumberOfRowsErrsByRoundingOnly() {
        for (int rows : new int[] {3, 7, 13, 207, 55_000}) {
            assertEquals(8.0 / rows, gradient(Reduction.MEAN, 0, rows)[0], 2e-7 * 8 / rows);
        }
    }

    @Test
    void gradientIsComputedInTheArrayOfTheSumAndThetaIsOnlyRead() {
        GradientSum sum = Sums.gradient(1, 0, 4, 8, 16, 24, 32, 40, 48, 56);
        float[] theta = THETA.clone();
        new Objective(NETWORK, Reduction.MEAN, 0.5).gradient(theta, sum, 0, theta.length);
        assertArrayEquals(THETA, theta);
    }

    private static float[] gradient(Reduction reduction, double l2, long rows) {
        GradientSum sum = Sums.gradient(1, 0, rows, 8, 16, 24, 32, 40, 48, 56);
        new Objective(NETWORK, reduction, l2).gradient(THETA, sum, 0, 5);
        new Objective(NETWORK, reduction, l2).gradient(THETA, sum, 5, THETA.length);
        return sum.gradient();
    }
}
