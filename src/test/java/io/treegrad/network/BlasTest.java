package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlasTest {
    private static final int[] SIZES = {1, 2, 13, 207};
    private static final float[] BETAS = {0, 1, -0.5f};

    @ParameterizedTest
    @EnumSource(BlasKind.class)
    void everyBackEndAgreesWithTheTripleLoop(BlasKind kind) {
        Blas blas = load(kind);
        long seed = 1;
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int k : SIZES) {
                    for (int variant = 0; variant < 12; variant++) {
                        Product product = Product.random(m, n, k, variant, seed++);
                        float[] expected = product.byTripleLoop();
                        float[] actual = product.by(blas);
                        assertArrayEquals(expected, actual, 1e-4f, () -> blas.name() + ", " + product);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(BlasKind.class)
    void betaZeroDoesNotReadTheTarget(BlasKind kind) {
        float[] c = {Float.NaN, Float.POSITIVE_INFINITY};
        // [1 2] [3 4; 5 6] = [13 16]
        load(kind).gemm(false, false, 1, 2, 2, 1, new float[] {1, 2}, 0, 2, new float[] {3, 4, 5, 6}, 0, 2, 0, c, 0, 2);
        assertArrayEquals(new float[] {13, 16}, c);
    }

    @ParameterizedTest
    @EnumSource(BlasKind.class)
    void anEmptySumIsZero(BlasKind kind) {
        Blas blas = load(kind);
        float[] none = {};
        float[] c = {Float.NaN, 5};
        blas.gemm(true, false, 1, 2, 0, 1, none, 0, 1, none, 0, 2, 0, c, 0, 2);
        assertArrayEquals(new float[] {0, 0}, c);
        c[1] = 5;
        blas.gemm(true, false, 1, 2, 0, 1, none, 0, 1, none, 0, 2, 1, c, 0, 2);
        assertArrayEquals(new float[] {0, 5}, c);
        blas.gemm(false, false, 0, 2, 1, 1, none, 0, 1, new float[2], 0, 2, 0, c, 0, 2);
        assertArrayEquals(new float[] {0, 5}, c);
    }

    @ParameterizedTest
    @EnumSource(BlasKind.class)
    void aMatrixThatLeavesItsArrayIsRefused(BlasKind kind) {
        Blas blas = load(kind);
        float[] four = new float[4];
        float[] three = new float[3];
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> blas.gemm(false, false, 2, 2, 2, 1, three, 0, 2, four, 0, 2, 0, four, 0, 2));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> blas.gemm(false, false, 2, 2, 2, 1, four, 0, 2, four, 1, 2, 0, four, 0, 2));
        assertThrows(
                IllegalArgumentException.class,
                () -> blas.gemm(false, false, 2, 2, 2, 1, four, 0, 2, four, 0, 1, 0, four, 0, 2));
    }

    @ParameterizedTest
    @EnumSource(BlasKind.class)
    void theBitsDependNeitherOnThreadsNorOnWhereTheArraysLie(BlasKind kind) throws Exception {
        Blas blas = load(kind);
        for (int[] shape : new int[][] {{50, 100, 784}, {33, 10, 100}, {784, 100, 17}, {7, 800, 784}}) {
            Product product = Product.random(shape[0], shape[1], shape[2], 0, 7);
            float[] expected = product.by(blas);
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int call = 0; call < 64; call++) {
                Product moved = product.moved(call % 17, call % 5, call % 13);
                calls.add(() -> moved.by(blas));
            }
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                for (Future<float[]> result : threads.invokeAll(calls)) {
                    // Exact: assertArrayEquals without a tolerance compares bits.
                    assertArrayEquals(expected, result.get(), () -> blas.name() + ", " + product);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void portableAddsInTheOrderOfTheIndexWithoutFusing() {
        // 1 + 2^-24 - 1 is 0 in this order; any other order, or a fused multiply-add of the last, leaves 2^-24.
        float tiny = 0x1p-24f;
        float[] c = {0};
        new PortableBlas(Optional.empty())
                .gemm(
                        false,
                        false,
                        1,
                        1,
                        3,
                        1,
                        new float[] {1, tiny, -1},
                        0,
                        3,
                        new float[] {1, 1, 1},
                        0,
                        1,
                        0,
                        c,
                        0,
                        1);
        assertEquals(0f, c[0]);
        // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24: the product alone loses its last term, a fused one would keep it.
        float x = 1 + 0x1p-12f;
        float[] fused = {-(1 + 0x1p-11f)};
        new PortableBlas(Optional.empty())
                .gemm(false, false, 1, 1, 1, 1, new float[] {x}, 0, 1, new float[] {x}, 0, 1, 1, fused, 0, 1);
        assertEquals(0f, fused[0]);
    }

    @Test
    void autoIsTheFastestAndSaysWhyItIsNot() {
        Blas auto = Blas.load(BlasKind.AUTO);
        boolean isNative = auto.name().startsWith("openblas");
        assertEquals(
                isNative, auto.fallbackReason().isEmpty(), auto.fallbackReason().orElse(""));
    }

    private static Blas load(BlasKind kind) {
        boolean packed = System.getProperty("os.name").equals("Linux")
                && List.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
        assumeTrue(kind != BlasKind.NATIVE || packed, "OpenBLAS is packed for Linux on x86-64 and arm64 only");
        Blas blas = Blas.load(kind);
        if (kind != BlasKind.AUTO) {
            assertTrue(blas.fallbackReason().isEmpty());
        }
        return blas;
    }

    /** One gemm with all its operands, each in an array with other numbers around it. */
    private record Product(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            Matrix a,
            Matrix b,
            float beta,
            Matrix c) {

        static Product random(int m, int n, int k, int variant, long seed) {
            Random random = new Random(seed);
            boolean transposeA = (variant & 1) != 0;
            boolean transposeB = (variant & 2) != 0;
            float beta = BETAS[variant / 4];
            float alpha = beta == -0.5f ? 0.3f : 1;
            int gap = variant % 3;
            return new Product(
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    alpha,
                    Matrix.random(transposeA ? k : m, transposeA ? m : k, gap, random),
                    Matrix.random(transposeB ? n : k, transposeB ? k : n, gap, random),
                    beta,
                    Matrix.random(m, n, gap, random));
        }

        Product moved(int byA, int byB, int byC) {
            return new Product(transposeA, transposeB, m, n, k, alpha, a.moved(byA), b.moved(byB), beta, c.moved(byC));
        }

        float[] by(Blas blas) {
            Matrix target = c.moved(0);
            float[] before = target.values.clone();
            blas.gemm(
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    alpha,
                    a.values,
                    a.offset,
                    a.ld,
                    b.values,
                    b.offset,
                    b.ld,
                    beta,
                    target.values,
                    target.offset,
                    target.ld);
            for (int i = 0; i < before.length; i++) {
                if (!target.holds(i)) {
                    assertEquals(before[i], target.values[i], "element " + i + " lies outside the target");
                }
            }
            return target.dense();
        }

        float[] byTripleLoop() {
            float[] result = c.dense();
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int p = 0; p < k; p++) {
                        double left = transposeA ? a.at(p, i) : a.at(i, p);
                        double right = transposeB ? b.at(j, p) : b.at(p, j);
                        sum += left * right;
                    }
                    result[i * n + j] = (float) (alpha * sum + (double) beta * result[i * n + j]);
                }
            }
            return result;
        }
    }

    private static final class Matrix {
        private final int rows;
        private final int columns;
        private final float[] values;
        private final int offset;
        private final int ld;

        Matrix(int rows, int columns, float[] values, int offset, int ld) {
            this.rows = rows;
            this.columns = columns;
            this.values = values;
            this.offset = offset;
            this.ld = ld;
        }

        static Matrix random(int rows, int columns, int gap, Random random) {
            int ld = columns + gap;
            float[] values = new float[gap + rows * ld];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat() - 0.5f;
            }
            return new Matrix(rows, columns, values, gap, ld);
        }

        Matrix moved(int by) {
            float[] elsewhere = new float[values.length + by];
            System.arraycopy(values, 0, elsewhere, by, values.length);
            return new Matrix(rows, columns, elsewhere, offset + by, ld);
        }

        double at(int row, int column) {
            return values[offset + row * ld + column];
        }

        boolean holds(int index) {
            int i = index - offset;
            return i >= 0 && i / ld < rows && i % ld < columns;
        }

        float[] dense() {
            float[] result = new float[rows * columns];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(values, offset + row * ld, result, row * columns, columns);
            }
            return result;
        }

        @Override
        public String toString() {
            return rows + " x " + columns + " at " + offset + " by " + ld;
        }
    }
}
