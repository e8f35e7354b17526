package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LossTest {
    /** Scratch of losses that need none. */
    private static final float[] NONE = {};

    @Test
    void crossEntropyIsMinusTheLogarithmOfTheProbabilityOfTheLabel() {
        float[] a = {0.25f, 0.75f, 0.5f, 0.5f};
        double sum = Loss.CROSS_ENTROPY.sum(new float[4], a, new float[] {0, 1}, 0, 2, 2, NONE);
        assertEquals(Math.log(4) + Math.log(2), sum, 1e-15);
    }

    @Test
    void binaryCrossEntropyCountsEveryOutput() {
        // logits 0 and ln 3: a = 1/2 and 3/4. Label 0: -ln 1/2 - ln(1 - 3/4) = 3 ln 2; label 1: ln 2 - ln 3/4 = ln 8/3
        float ln3 = (float) Math.log(3);
        float[] z = {0, ln3, 0, ln3};
        assertEquals(3 * Math.log(2), loss(Loss.BINARY_CROSS_ENTROPY, z, 0, 0, 2), 2e-7);
        assertEquals(Math.log(8 / 3.0), loss(Loss.BINARY_CROSS_ENTROPY, z, 2, 1, 2), 2e-7);
        // a single output against the label itself: -ln 3/4 for 1, -ln 1/4 for 0
        assertEquals(Math.log(4 / 3.0), loss(Loss.BINARY_CROSS_ENTROPY, z, 1, 1, 1), 2e-7);
        assertEquals(Math.log(4), loss(Loss.BINARY_CROSS_ENTROPY, z, 1, 0, 1), 2e-7);
    }

    @Test
    void manyOutputsAreLongerThanOneProductOfFactors() {
        // 2000 rows of one logit 0: 2000 ln 2, though 2^2000 is beyond a double
        double sum = Loss.BINARY_CROSS_ENTROPY.sum(
                new float[2000], new float[2000], new float[2000], 0, 2000, 1, new float[2000]);
        assertEquals(2000 * Math.log(2), sum, 1e-10);
    }

    /** Bit for bit: the sum of a step takes part in the decision when to stop. */
    @Test
    void binaryCrossEntropyIsThatOfItsDefinitionOutputByOutput() {
        SplitMix64 random = new SplitMix64(7);
        int width = 3;
        float[] z = new float[700 * width];
        float[] targets = new float[700];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (random.nextGaussian() * 20);
            targets[i / width] = random.nextInt(width);
        }
        double expected = 0;
        double product = 1;
        for (int i = 0; i < z.length; i++) {
            expected += Math.max(z[i], 0) - (targets[i / width] == i % width ? 1 : 0) * z[i];
            product *= 1 + (double) FloatMath.exp(-Math.abs(z[i]));
            if (i % 512 == 511 || i == z.length - 1) {
                expected += StrictMath.log(product);
                product = 1;
            }
        }
        assertEquals(
                expected, Loss.BINARY_CROSS_ENTROPY.sum(z, new float[0], targets, 0, 700, width, new float[z.length]));
    }

    @Test
    void squaredErrorIsSummedOverOutputs() {
        // (0.5 - 1)² + (0.25 - 0)² = 0.3125, and against the label itself (0.25 - 1)² = 0.5625
        float[] a = {0.5f, 0.25f};
        assertEquals(0.3125, Loss.MSE.sum(a, a, new float[] {0}, 0, 1, 2, NONE));
        assertEquals(0.25 + 0.5625, Loss.MSE.sum(a, a, new float[] {1, 1}, 0, 2, 1, NONE));
    }

    @Test
    void deltaOfMatchingLossIsOutputMinusTarget() {
        float[] delta = new float[4];
        float[] a = {0.25f, 0.75f, 0.5f, 0.5f};
        Loss.CROSS_ENTROPY.delta(a, new float[] {0, 1}, 2, 2, Activation.SOFTMAX, delta);
        assertArrayEquals(new float[] {-0.75f, 0.75f, 0.5f, -0.5f}, delta);
        Loss.BINARY_CROSS_ENTROPY.delta(a, new float[] {0, 1, 0, 1}, 4, 1, Activation.SIGMOID, delta);
        assertArrayEquals(new float[] {0.25f, -0.25f, 0.5f, -0.5f}, delta);
    }

    @Test
    void deltaOfSquaredErrorIsTwiceTheErrorTimesTheDerivative() {
        // sigmoid, label 1: 2 (1/4 - 0) 3/16 = 3/32 and 2 (3/4 - 1) 3/16 = -3/32
        float[] delta = new float[2];
        Loss.MSE.delta(new float[] {0.25f, 0.75f}, new float[] {1}, 1, 2, Activation.SIGMOID, delta);
        assertArrayEquals(new float[] {3 / 32f, -3 / 32f}, delta);
    }

    @Test
    void hugeLogitsGiveFiniteLossesAndDeltas() {
        for (float size : new float[] {80, 100, 1000, 1e6f, 1e38f}) {
            for (int label = 0; label < 2; label++) {
                for (Activation output : new Activation[] {Activation.SOFTMAX, Activation.SIGMOID}) {
                    Loss loss = output == Activation.SOFTMAX ? Loss.CROSS_ENTROPY : Loss.BINARY_CROSS_ENTROPY;
                    float[] z = {size, -size};
                    float[] a = z.clone();
                    output.apply(a, 1, 2, new float[a.length]);
                    double sum = loss.sum(z, a, new float[] {label}, 0, 1, 2, new float[2]);
                    assertTrue(Double.isFinite(sum) && sum >= 0, loss + " of " + size + " is " + sum);
                    assertTrue(label == 0 ? sum < 1e-6 : sum > 79, loss + " of " + size + " is " + sum);
                    float[] delta = new float[2];
                    loss.delta(a, new float[] {label}, 1, 2, output, delta);
                    assertArrayEquals(label == 0 ? new float[] {0, 0} : new float[] {1, -1}, delta, 1e-30f);
                }
            }
        }
    }

    @Test
    void binaryCrossEntropyOfHugeLogitsIsExact() {
        // both logits wrong by 1000: 1000 each; ln(1 + e^-1000) is nothing
        assertEquals(2000, loss(Loss.BINARY_CROSS_ENTROPY, new float[] {-1000, 1000}, 0, 0, 2), 1e-9);
        // right by 20: ln(1 + e^-20) = 2.0612e-9 is kept, not rounded to ln 1
        assertEquals(2.0611536e-9, loss(Loss.BINARY_CROSS_ENTROPY, new float[] {-20}, 0, 0, 1), 1e-15);
    }

    @Test
    void crossEntropyOfARowIsBoundedWhereFloatEnds() {
        // probabilities below the smallest normal float, 1.18e-38 = e^-87.34, count as that
        double sum = Loss.CROSS_ENTROPY.sum(new float[2], new float[] {0, 1}, new float[] {0}, 0, 1, 2, NONE);
        assertEquals(-Math.log(Float.MIN_NORMAL), sum, 1e-12);
        assertTrue(Double.isNaN(
                Loss.CROSS_ENTROPY.sum(new float[1], new float[] {Float.NaN}, new float[1], 0, 1, 1, NONE)));
    }

    @Test
    void lossesThatMeetAnInfiniteOutputAreNotFinite() {
        float[] infinite = {Float.POSITIVE_INFINITY, 0};
        assertEquals(Double.POSITIVE_INFINITY, Loss.MSE.sum(infinite, infinite, new float[] {0}, 0, 1, 2, NONE));
        double binary = loss(Loss.BINARY_CROSS_ENTROPY, infinite, 0, 1, 2);
        assertTrue(!Double.isFinite(binary), "binary cross-entropy is " + binary);
    }

    private static double loss(Loss loss, float[] logits, int from, int label, int width) {
        float[] z = Arrays.copyOfRange(logits, from, from + width);
        float[] a = z.clone();
        Activation.SIGMOID.apply(a, 1, width, new float[a.length]);
        return loss.sum(z, a, new float[] {label}, 0, 1, width, new float[width]);
    }
}
