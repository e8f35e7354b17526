package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The vector kernels against the plain loops that define them, bit for bit, and the loops against sums by hand. */
class KernelsTest {
    private static final int[] SIZES = {1, 7, 13, 16, 17, 33, 100, 207, 785};
    private static final int CASES = 80;
    private static final int GUARD = 3;

    private final Kernels scalar = new ScalarKernels();
    private final Kernels fast = KernelChoice.fastest();

    /** Else the loops would be compared with themselves. */
    @Test
    void thisJvmHasTheVectorKernels() {
        assertTrue(fast.name().startsWith("vector"), fast.name());
    }

    @Test
    void productsAreThoseOfTheTextbook() {
        // x = [1 2; 3 4], W = [5 6; 7 8], b = (100, 200), delta = [1 10; 2 20]
        float[] x = {1, 2, 3, 4};
        float[] theta = {5, 6, 7, 8, 100, 200};
        float[] delta = {1, 10, 2, 20};
        float[] z = new float[4];
        for (Kernels kernels : new Kernels[] {scalar, fast}) {
            kernels.forward(2, 2, 2, x, theta, 0, 4, z);
            assertArrayEquals(new float[] {119, 222, 143, 250}, z);
            kernels.forward(2, 2, 2, x, theta, 0, Kernels.NONE, z);
            assertArrayEquals(new float[] {19, 22, 43, 50}, z);
            kernels.backward(2, 2, 2, delta, theta, 0, z);
            assertArrayEquals(new float[] {65, 87, 130, 174}, z);
            kernels.weightGradient(2, 2, 2, x, delta, z, 0);
            assertArrayEquals(new float[] {7, 70, 10, 100}, z);
        }
    }

    @Test
    void elementIsAccumulatedInAscendingOrderByFusedMultiplyAdd() {
        // one rounding a term: 2^24 + 1 + 1 is 2^24 from the left, 2^24 + 2 from the right; and (1 + 2^-12)² - 1 keeps
        // its last bit, 2^-24, only if the product is not rounded
        float step = 0x1p-12f;
        for (Kernels kernels : new Kernels[] {scalar, fast}) {
            float[] z = new float[1];
            kernels.forward(1, 3, 1, new float[] {1, 1, 1}, new float[] {0x1p24f, 1, 1}, 0, Kernels.NONE, z);
            assertEquals(0x1p24f, z[0], kernels.name());
            kernels.forward(1, 2, 1, new float[] {1, 1 + step}, new float[] {-1, 1 + step}, 0, Kernels.NONE, z);
            assertEquals(0x1p-11f + 0x1p-24f, z[0], kernels.name());
        }
    }

    @Test
    void vectorsGiveTheBitsOfThePlainLoops() {
        for (long seed = 0; seed < CASES; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            int m = SIZES[random.nextInt(SIZES.length)];
            int k = SIZES[random.nextInt(SIZES.length)];
            int n = SIZES[random.nextInt(SIZES.length)];
            String replay = "seed " + seed + ", m " + m + ", k " + k + ", n " + n;
            float[] x = values(m * k, random);
            float[] theta = values(GUARD + k * n + n, random);
            float[] delta = values(m * n, random);
            for (int biases : new int[] {GUARD + k * n, Kernels.NONE}) {
                float[] expected = new float[m * n];
                float[] z = new float[m * n];
                scalar.forward(m, k, n, x, theta, GUARD, biases, expected);
                fast.forward(m, k, n, x, theta, GUARD, biases, z);
                assertSameBits(expected, z, replay);
            }
            float[] expected = new float[m * k];
            float[] below = new float[m * k];
            scalar.backward(m, k, n, delta, theta, GUARD, expected);
            fast.backward(m, k, n, delta, theta, GUARD, below);
            assertSameBits(expected, below, replay);
            float[] expectedGradient = values(GUARD + k * n + GUARD, random);
            float[] gradient = expectedGradient.clone();
            scalar.weightGradient(m, k, n, x, delta, expectedGradient, GUARD);
            fast.weightGradient(m, k, n, x, delta, gradient, GUARD);
            assertSameBits(expectedGradient, gradient, replay);
        }
    }

    @Test
    void vectorsGiveTheBitsOfThePlainLoopsOverNonZeroValues() {
        for (long seed = 0; seed < CASES; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            int m = SIZES[random.nextInt(SIZES.length)];
            int k = SIZES[random.nextInt(SIZES.length)];
            int n = SIZES[random.nextInt(SIZES.length)];
            String replay = "seed " + seed + ", m " + m + ", k " + k + ", n " + n;
            SparseMatrix x = SparseMatrixTest.random(m, k, random.nextDouble(), random);
            x.transpose();
            float[] theta = values(GUARD + k * n, random);
            float[] delta = values(m * n, random);
            float[] base = values(n, random);
            float[] expected = new float[m * n];
            float[] z = new float[m * n];
            scalar.forward(x, n, theta, GUARD, base, expected);
            fast.forward(x, n, theta, GUARD, base, z);
            assertSameBits(expected, z, replay);
            for (float[] constants : new float[][] {null, values(k, random)}) {
                float[] expectedGradient = values(GUARD + k * n + GUARD, random);
                float[] gradient = expectedGradient.clone();
                scalar.weightGradient(x, n, delta, constants, base, expectedGradient, GUARD);
                fast.weightGradient(x, n, delta, constants, base, gradient, GUARD);
                assertSameBits(expectedGradient, gradient, replay);
            }
        }
    }

    @Test
    void rowGivesTheSameBitsAloneAndAmongOthers() {
        SplitMix64 random = new SplitMix64(5);
        int m = 37;
        int k = 300;
        int n = 45;
        float[] x = values(m * k, random);
        float[] theta = values(k * n + n, random);
        float[] together = new float[m * n];
        fast.forward(m, k, n, x, theta, 0, k * n, together);
        for (int row = 0; row < m; row++) {
            float[] alone = new float[n];
            fast.forward(1, k, n, Arrays.copyOfRange(x, row * k, (row + 1) * k), theta, 0, k * n, alone);
            assertSameBits(Arrays.copyOfRange(together, row * n, (row + 1) * n), alone, "row " + row);
        }
    }

    private static float[] values(int count, SplitMix64 random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void assertSameBits(float[] expected, float[] actual, String replay) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                assertEquals(expected[i], actual[i], replay + ", element " + i);
            }
        }
    }
}
