package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
    @Test
    void valuesAtSmallArgumentsAreThoseOfTheTables() {
        // 1 / (1 + e^-1) = 0.7310586, tanh 1 = 0.7615942
        assertArrayEquals(new float[] {0.26894143f, 0.5f, 0.7310586f}, applied(Activation.SIGMOID, -1, 0, 1), 1e-7f);
        assertArrayEquals(new float[] {-0.7615942f, 0, 0.7615942f}, applied(Activation.TANH, -1, 0, 1), 1e-7f);
        assertArrayEquals(new float[] {0, 0, 2}, applied(Activation.RELU, -1, 0, 2));
        assertArrayEquals(new float[] {-1, 0, 2}, applied(Activation.IDENTITY, -1, 0, 2));
        // e^0 : e^ln2 : e^ln5 = 1 : 2 : 5
        float[] softmax = applied(Activation.SOFTMAX, 0, (float) Math.log(2), (float) Math.log(5));
        assertArrayEquals(new float[] {0.125f, 0.25f, 0.625f}, softmax, 1e-7f);
    }

    @Test
    void derivativesAreThoseOfTheTextbook() {
        // delta = 3; a (1 - a) at 0.25 is 3/16, 1 - a² at 0.5 is 3/4
        assertArrayEquals(new float[] {9 / 16f, 0.75f}, derived(Activation.SIGMOID, 3, 0.25f, 0.5f));
        assertArrayEquals(new float[] {3, 2.25f}, derived(Activation.TANH, 3, 0, 0.5f));
        assertArrayEquals(new float[] {0, 3}, derived(Activation.RELU, 3, 0, 0.5f));
        assertArrayEquals(new float[] {3, 3}, derived(Activation.IDENTITY, 3, 0, -7));
    }

    @Test
    void reluLetsTheBitsOfDeltaThroughWhereAUnitIsAboveZero() {
        for (float d : new float[] {-0f, Float.MIN_VALUE, -3, Float.MAX_VALUE, Float.NEGATIVE_INFINITY}) {
            float[] delta =
                    derived(Activation.RELU, d, 0, Float.MIN_VALUE, 1, Float.MAX_VALUE, Float.POSITIVE_INFINITY);
            assertArrayEquals(new float[] {0, d, d, d, d}, delta);
        }
    }

    @Test
    void softmaxDerivativeIsItsMatrixTimesDelta() {
        // a = (1/4, 3/4), delta = (1, 5): the dot product is 4, so a_j (delta_j - 4) = (-3/4, 3/4)
        float[] delta = {1, 5};
        Activation.SOFTMAX.multiplyByDerivative(delta, new float[] {0.25f, 0.75f}, 1, 2);
        assertArrayEquals(new float[] {-0.75f, 0.75f}, delta);
    }

    @Test
    void softmaxTakesEachRowByItself() {
        float[] z = {0, 0, 1000, 1000, -5, 900};
        Activation.SOFTMAX.apply(z, 3, 2, new float[z.length]);
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f, 0, 1}, z, 1e-30f);
        float[] delta = {1, 3, 0, 8};
        Activation.SOFTMAX.multiplyByDerivative(delta, new float[] {0.5f, 0.5f, 0.5f, 0.5f}, 2, 2);
        assertArrayEquals(new float[] {-0.5f, 0.5f, -2, 2}, delta);
    }

    @ParameterizedTest
    @EnumSource
    void hugeArgumentsSaturateInsteadOfOverflowing(Activation activation) {
        float[] a = applied(activation, -3e38f, -1e4f, 0, 1e4f, 3e38f);
        for (float value : a) {
            assertTrue(Float.isFinite(value), activation + " gives " + value);
        }
        if (activation == Activation.SIGMOID) {
            assertTrue(a[0] < 1e-37f && a[1] < 1e-37f);
            assertEquals(1f, a[3]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void notANumberIsNotHidden(Activation activation) {
        assertTrue(Float.isNaN(applied(activation, 1, Float.NaN)[1]));
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheRowsOfTheBlockAreTouched(Activation activation) {
        float[] z = {1, 2, 3, 4, 5, 6};
        activation.apply(z, 2, 2, new float[z.length]);
        assertEquals(5f, z[4]);
        assertEquals(6f, z[5]);
        float[] delta = {1, 2, 3, 4, 5, 6};
        activation.multiplyByDerivative(delta, new float[] {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f}, 2, 2);
        assertEquals(5f, delta[4]);
        assertEquals(6f, delta[5]);
    }

    private static float[] applied(Activation activation, float... z) {
        activation.apply(z, 1, z.length, new float[z.length]);
        return z;
    }

    private static float[] derived(Activation activation, float delta, float... a) {
        float[] deltas = new float[a.length];
        Arrays.fill(deltas, delta);
        activation.multiplyByDerivative(deltas, a, 1, a.length);
        return deltas;
    }
}
