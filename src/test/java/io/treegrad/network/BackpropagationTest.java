package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pass does with its buffers, and small passes by hand; {@link GradientTest} has the derivatives. */
class BackpropagationTest {
    private static final Network SMALL =
            Network.dense(List.of(3, 4, 3), List.of(Activation.TANH, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);

    @Test
    void oneLayerIsDoneByHand() {
        // z = x W + b with W = [1 0; 2 -1], b = (0.5, 0), x = (3, 1): z = a = (5.5, -1). Label 0: error (4.5, -1),
        // loss 20.25 + 1, delta = (9, -2), gradient of W = xᵀ delta = [27 -6; 9 -2], of b = delta.
        Network network = Network.dense(List.of(2, 2), List.of(Activation.IDENTITY), true, Loss.MSE);
        float[] theta = {1, 0, 2, -1, 0.5f, 0};
        DenseBatch batch = batch(2, new int[] {0}, 3, 1);
        GradientSum sum = new GradientSum(6);
        Backpropagation pass = new Backpropagation(network, 1);
        pass.gradient(theta, batch, sum);
        assertArrayEquals(new float[] {27, -6, 9, -2, 9, -2}, sum.gradient());
        assertEquals(21.25, sum.counts().lossSum());
        assertEquals(1, sum.counts().correct());
        assertEquals(1, sum.counts().rows());
        assertArrayEquals(new float[] {5.5f, -1}, pass.forward(theta, batch));
    }

    @Test
    void twoLayersAreDoneByHand() {
        // relu with W1 = [2; -1], W2 = [3 5], no bias, x = 2: hidden (4, 0), output 12; label 1: error 11, loss 121.
        // delta2 = 22, gradient of W2 = (88, 0); delta1 = (66, 0) as the second unit is off; of W1 = (132, 0).
        Network network =
                Network.dense(List.of(1, 2, 1), List.of(Activation.RELU, Activation.IDENTITY), false, Loss.MSE);
        GradientSum sum = new GradientSum(4);
        new Backpropagation(network, 1).gradient(new float[] {2, -1, 3, 5}, batch(1, new int[] {1}, 2), sum);
        assertArrayEquals(new float[] {132, 0, 88, 0}, sum.gradient());
        assertEquals(121, sum.counts().lossSum());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatABlockLeftBehindIsNotSeenByTheNextOne(boolean bias) {
        Network network =
                Network.dense(List.of(3, 4, 3), List.of(Activation.TANH, Activation.SOFTMAX), bias, Loss.CROSS_ENTROPY);
        float[] theta = new Initialization.Glorot().parameters(network, 1);
        Backpropagation pass = new Backpropagation(network, 20);
        GradientSum sum = new GradientSum(network.parameterCount());
        Arrays.fill(sum.gradient(), Float.NaN);
        sum.setCounts(Sums.unweighted(7, 7, 7));
        pass.gradient(new Initialization.He().parameters(network, 2), randomBatch(20, 20, 2), sum);
        pass.gradient(theta, randomBatch(20, 13, 1), sum);

        GradientSum fresh = new GradientSum(network.parameterCount());
        new Backpropagation(network, 13).gradient(theta, randomBatch(13, 13, 1), fresh);
        assertArrayEquals(fresh.gradient(), sum.gradient());
        assertEquals(fresh.counts().lossSum(), sum.counts().lossSum());
        assertEquals(fresh.counts().correct(), sum.counts().correct());
        assertEquals(13, sum.counts().rows());
    }

    @Test
    void blockWithoutRowsGivesNothing() {
        float[] theta = new Initialization.Glorot().parameters(SMALL, 1);
        for (int capacity : new int[] {0, 5}) {
            DenseBatch batch = new DenseBatch(capacity, 3);
            GradientSum sum = new GradientSum(SMALL.parameterCount());
            Arrays.fill(sum.gradient(), Float.NaN);
            sum.setCounts(Sums.unweighted(Double.NaN, 3, 4));
            Backpropagation pass = new Backpropagation(SMALL, capacity);
            pass.gradient(theta, batch, sum);
            assertArrayEquals(new float[SMALL.parameterCount()], sum.gradient());
            assertEquals(0, sum.counts().lossSum());
            assertEquals(0, sum.counts().correct());
            assertEquals(0, sum.counts().rows());
            EvaluationSum evaluation = new EvaluationSum(SMALL);
            pass.evaluate(theta, batch, evaluation);
            assertEquals(0, evaluation.rows());
        }
    }

    @Test
    void parametersAndInputsAreOnlyRead() {
        float[] theta = new Initialization.Glorot().parameters(SMALL, 1);
        DenseBatch batch = randomBatch(13, 13, 1);
        float[] inputs = batch.inputs().clone();
        new Backpropagation(SMALL, 13).gradient(theta, batch, new GradientSum(SMALL.parameterCount()));
        assertArrayEquals(new Initialization.Glorot().parameters(SMALL, 1), theta);
        assertArrayEquals(inputs, batch.inputs());
    }

    @Test
    void evaluationAgreesWithTheGradientPass() {
        float[] theta = new Initialization.Glorot().parameters(SMALL, 1);
        DenseBatch batch = randomBatch(13, 13, 1);
        Backpropagation pass = new Backpropagation(SMALL, 13);
        GradientSum sum = new GradientSum(SMALL.parameterCount());
        EvaluationSum evaluation = new EvaluationSum(SMALL);
        pass.gradient(theta, batch, sum);
        pass.evaluate(theta, batch, evaluation);
        pass.evaluate(theta, batch, evaluation);
        assertEquals(26, evaluation.rows());
        assertEquals(2 * (long) sum.counts().correct(), evaluation.correct());
        assertEquals(sum.counts().lossSum() / 13, evaluation.lossSum() / 26);
        long ofFirstClass = 0;
        for (int row = 0; row < 13; row++) {
            ofFirstClass += batch.targets()[row] == 0 ? 1 : 0;
        }
        assertEquals(
                2 * ofFirstClass, evaluation.confusion(0, 0) + evaluation.confusion(0, 1) + evaluation.confusion(0, 2));
    }

    @Test
    void passOverNotANumberShowsInTheLoss() {
        for (Loss loss : Loss.values()) {
            for (Activation hidden : List.of(Activation.SIGMOID, Activation.TANH, Activation.RELU)) {
                Activation output = loss == Loss.CROSS_ENTROPY ? Activation.SOFTMAX : Activation.SIGMOID;
                Network network = Network.dense(List.of(3, 4, 3), List.of(hidden, output), true, loss);
                for (int poisoned = 0; poisoned < network.parameterCount(); poisoned++) {
                    float[] theta = new Initialization.Glorot().parameters(network, 1);
                    theta[poisoned] = Float.NaN;
                    GradientSum sum = new GradientSum(theta.length);
                    new Backpropagation(network, 5).gradient(theta, randomBatch(5, 5, 1), sum);
                    assertFalse(
                            Double.isFinite(sum.counts().lossSum()), network + " with NaN in parameter " + poisoned);
                }
            }
        }
    }

    @Test
    void buffersBeyondOneArrayAreRefusedWithTheSettingThatHelps() {
        Network wide = Network.dense(
                List.of(2, 100_000, 2), List.of(Activation.RELU, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        UserError error = assertThrows(UserError.class, () -> new Backpropagation(wide, 60_000));
        assertEquals(
                "a block of 60,000 rows of 100,000 units does not fit into one array: use more shards",
                error.getMessage());
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals(List.of("shards"), error.settings());
        UserError ofBatch = assertThrows(UserError.class, () -> new DenseBatch(60_000, 100_000));
        assertEquals(
                "a block of 60,000 rows of 100,000 features does not fit into one array: use more shards",
                ofBatch.getMessage());
    }

    @Test
    void batchHoldsAtMostItsCapacity() {
        DenseBatch batch = new DenseBatch(3, 2);
        batch.setRows(3);
        assertEquals(3, batch.rows());
        assertEquals(6, batch.inputs().length);
        assertThrows(IllegalArgumentException.class, () -> batch.setRows(4));
        assertThrows(IllegalArgumentException.class, () -> batch.setRows(-1));
    }

    @Test
    void saturatedUnitsMakeNoSubnormalNumbers() {
        // all sigmoids at 0 or 1: their derivatives are some 1e-30, and a product of two layers' would be 1e-60
        Network network = Network.dense(
                List.of(3, 40, 30, 2),
                List.of(Activation.SIGMOID, Activation.SIGMOID, Activation.SIGMOID),
                true,
                Loss.MSE);
        float[] theta = new Initialization.Normal(1).parameters(network, 1);
        for (int i = 0; i < theta.length; i++) {
            theta[i] *= 60;
        }
        GradientSum sum = new GradientSum(theta.length);
        new Backpropagation(network, 64).gradient(theta, randomBatch(64, 64, 7), sum);
        int zeros = 0;
        for (float g : sum.gradient()) {
            assertTrue(g == 0 || Math.abs(g) >= Float.MIN_NORMAL, () -> "gradient " + g);
            zeros += g == 0 ? 1 : 0;
        }
        assertTrue(zeros > 0 && zeros < theta.length, zeros + " zeros");
    }

    @Test
    void aRowOfWeightTwoCountsAsTwoRows() {
        for (Loss loss : Loss.values()) {
            Activation output = loss == Loss.BINARY_CROSS_ENTROPY ? Activation.SIGMOID : Activation.SOFTMAX;
            Network network = Network.dense(List.of(2, 3), List.of(output), true, loss);
            float[] theta = new Initialization.Glorot().parameters(network, 1);
            DenseBatch weighted = batch(2, new int[] {2, 0}, 0.5f, -1, 2, 1);
            weighted.setWeighted();
            weighted.weights()[0] = 1;
            weighted.weights()[1] = 2;
            DenseBatch repeated = batch(2, new int[] {2, 0, 0}, 0.5f, -1, 2, 1, 2, 1);
            GradientSum sum = new GradientSum(theta.length);
            GradientSum expected = new GradientSum(theta.length);
            EvaluationSum evaluation = new EvaluationSum(network);
            EvaluationSum expectedEvaluation = new EvaluationSum(network);
            Backpropagation pass = new Backpropagation(network, 3);
            pass.gradient(theta, weighted, sum);
            pass.gradient(theta, repeated, expected);
            pass.evaluate(theta, weighted, evaluation);
            pass.evaluate(theta, repeated, expectedEvaluation);
            assertArrayEquals(expected.gradient(), sum.gradient(), 1e-6f);
            assertEquals(expected.counts().meanLoss(), sum.counts().meanLoss(), 1e-12);
            assertEquals(expected.counts().accuracy(), sum.counts().accuracy());
            assertEquals(2, sum.counts().rows());
            assertEquals(expectedEvaluation.weight(), evaluation.weight());
            assertEquals(expectedEvaluation.correctWeight(), evaluation.correctWeight());
            assertEquals(expectedEvaluation.logLossSum(), evaluation.logLossSum(), 1e-12);
        }
    }

    private static DenseBatch batch(int features, int[] labels, float... inputs) {
        DenseBatch batch = new DenseBatch(labels.length, features);
        batch.setRows(labels.length);
        System.arraycopy(inputs, 0, batch.inputs(), 0, inputs.length);
        for (int row = 0; row < labels.length; row++) {
            batch.targets()[row] = labels[row];
        }
        return batch;
    }

    private static DenseBatch randomBatch(int capacity, int rows, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        DenseBatch batch = new DenseBatch(capacity, 3);
        batch.setRows(rows);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < 3; i++) {
                batch.inputs()[3 * row + i] = (float) random.nextGaussian();
            }
            batch.targets()[row] = random.nextInt(3);
        }
        return batch;
    }
}
