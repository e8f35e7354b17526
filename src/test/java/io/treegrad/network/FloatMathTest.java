package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * A scan over every float between 2^-26 and the limits saw errors of up to 0.991 units in the last place for exp, 1.331
 * for tanh; these take every 499th.
 */
class FloatMathTest {
    private static final int STRIDE = 499;
    private static final int FROM = Float.floatToIntBits(0x1p-30f);

    @Test
    void expIsWithinOneUnitInTheLastPlace() {
        for (int bits = FROM; bits <= Float.floatToIntBits(88); bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);
            assertWithin(1, StrictMath.exp(x), FloatMath.exp(x), x);
            if (x <= 87) {
                assertWithin(1, StrictMath.exp(-x), FloatMath.exp(-x), -x);
            }
        }
    }

    @Test
    void expOfAnArrayIsThatOfEachValue() {
        SplitMix64 random = new SplitMix64(11);
        float[] x = new float[10_007];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * 40);
        }
        x[1] = Float.NaN;
        x[2] = Float.POSITIVE_INFINITY;
        x[3] = Float.NEGATIVE_INFINITY;
        float[] all = x.clone();
        int count = x.length - 3;
        FloatMath.exp(all, 1, count, new float[count]);
        for (int i = 0; i < x.length; i++) {
            float expected = i > 0 && i < count ? FloatMath.exp(x[i]) : x[i];
            assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(all[i]), "exp of " + x[i]);
        }
    }

    @Test
    void tanhIsWithinOneAndAHalfUnitsInTheLastPlaceAndOdd() {
        for (int bits = FROM; bits <= Float.floatToIntBits(100); bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);
            assertWithin(1.5, StrictMath.tanh(x), tanh(x), x);
            assertEquals(-tanh(x), tanh(-x), () -> "tanh of " + -x);
        }
        assertEquals(0f, tanh(0));
        assertEquals(Float.MIN_VALUE, tanh(Float.MIN_VALUE));
    }

    @Test
    void bothNeverFall() {
        float exp = 0;
        float tanh = -1;
        for (int bits = Float.floatToIntBits(100); bits >= FROM; bits -= STRIDE) {
            float x = -Float.intBitsToFloat(bits);
            assertTrue(FloatMath.exp(x) >= exp && tanh(x) >= tanh, () -> "falls at " + x);
            exp = FloatMath.exp(x);
            tanh = tanh(x);
        }
        for (int bits = FROM; bits <= Float.floatToIntBits(100); bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);
            assertTrue(FloatMath.exp(x) >= exp && tanh(x) >= tanh, () -> "falls at " + x);
            exp = FloatMath.exp(x);
            tanh = tanh(x);
        }
    }

    @Test
    void tanhDoesNotFallWhereItsTwoFormulasMeet() {
        float below = Math.nextDown(0.625f);
        assertTrue(tanh(below) <= tanh(0.625f));
        assertWithin(1.5, StrictMath.tanh(below), tanh(below), below);
        assertWithin(1.5, StrictMath.tanh(0.625f), tanh(0.625f), 0.625f);
    }

    @Test
    void expIsHeldToNormalNumbers() {
        for (float x : new float[] {-87, Math.nextDown(-87f), -88, -104, -1e9f, Float.NEGATIVE_INFINITY}) {
            assertEquals(FloatMath.exp(-87), FloatMath.exp(x));
        }
        for (float x : new float[] {88, Math.nextUp(88f), 89, 1e9f, Float.POSITIVE_INFINITY}) {
            assertEquals(FloatMath.exp(88), FloatMath.exp(x));
        }
        assertTrue(FloatMath.exp(-87) >= Float.MIN_NORMAL);
        assertTrue(Float.isFinite(FloatMath.exp(88)));
        assertEquals(1f, FloatMath.exp(0));
        assertEquals(1f, FloatMath.exp(-0f));
    }

    @Test
    void tanhSaturatesAtOne() {
        for (float x : new float[] {10, 44, 45, 1e9f, Float.POSITIVE_INFINITY}) {
            assertEquals(1f, tanh(x));
            assertEquals(-1f, tanh(-x));
        }
    }

    @Test
    void notANumberStaysNotANumber() {
        for (int bits : new int[] {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff}) {
            assertTrue(Float.isNaN(FloatMath.exp(Float.intBitsToFloat(bits))));
            assertTrue(Float.isNaN(tanh(Float.intBitsToFloat(bits))));
        }
    }

    private static float tanh(float x) {
        float[] value = {x};
        FloatMath.tanh(value, 1, new float[1]);
        return value[0];
    }

    private static void assertWithin(double units, double expected, float actual, float x) {
        double error = Math.abs(actual - expected) / Math.ulp((float) expected);
        assertTrue(error <= units, () -> "at " + x + ": " + actual + " is " + error + " units from " + expected);
    }

    @Test
    void magnitudesBelowTheThresholdBecomeZeroAndOthersStayAsTheyAre() {
        float threshold = 0x1p-63f;
        float[] x = {
            threshold,
            -threshold,
            Math.nextDown(threshold),
            -Math.nextDown(threshold),
            Float.MIN_VALUE,
            0,
            1,
            -3.5f,
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            threshold / 2,
            1e-30f
        };
        float[] expected = {
            threshold,
            -threshold,
            0,
            -0f,
            0,
            0,
            1,
            -3.5f,
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            0,
            0
        };
        FloatMath.flush(x, x.length);
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], x[i], "element " + i);
        }
    }
}
