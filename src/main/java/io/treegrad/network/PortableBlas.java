package io.treegrad.network;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Plain Java with the same bits on every machine. An element of {@code C} starts as {@code beta c} (0 if {@code beta} is
 * 0) and takes {@code (alpha a) b} for {@code p = 0, 1, ... k-1} in this order, each product and each sum rounded to
 * {@code float}. There is no fused multiply-add: without hardware for it the JDK falls back to arithmetic a thousand
 * times slower. Vector units work across the columns of {@code C}, which changes no element's order.
 */
record PortableBlas(Optional<String> fallbackReason) implements Blas {
    // A tile of B, 128 x 256 floats, stays in the second-level cache while all rows of A pass over it.
    private static final int DEPTH = 128;
    private static final int COLUMNS = 256;

    @Override
    public BlasKind kind() {
        return BlasKind.PORTABLE;
    }

    @Override
    public String name() {
        return "portable";
    }

    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int offsetA,
            int lda,
            float[] b,
            int offsetB,
            int ldb,
            float beta,
            float[] c,
            int offsetC,
            int ldc) {
        checkMatrix("A", transposeA ? k : m, transposeA ? m : k, a, offsetA, lda);
        checkMatrix("B", transposeB ? n : k, transposeB ? k : n, b, offsetB, ldb);
        checkMatrix("C", m, n, c, offsetC, ldc);
        scale(m, n, beta, c, offsetC, ldc);
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        float[][] tile = new float[Math.min(DEPTH, k)][Math.min(COLUMNS, n)];
        float[] row = new float[DEPTH];
        float[] sums = new float[COLUMNS];
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(COLUMNS, n - j);
            for (int p = 0; p < k; p += DEPTH) {
                int depth = Math.min(DEPTH, k - p);
                copyTile(transposeB, b, offsetB, ldb, p, j, depth, columns, tile);
                for (int i = 0; i < m; i++) {
                    int first = transposeA ? offsetA + p * lda + i : offsetA + i * lda + p;
                    int stride = transposeA ? lda : 1;
                    for (int q = 0; q < depth; q++) {
                        row[q] = alpha * a[first + q * stride];
                    }
                    int target = offsetC + i * ldc + j;
                    System.arraycopy(c, target, sums, 0, columns);
                    addProducts(depth, columns, row, tile, sums);
                    System.arraycopy(sums, 0, c, target, columns);
                }
            }
        }
    }

    /** {@code sums [columns] += row [depth] tile [depth x columns]}. */
    private static void addProducts(int depth, int columns, float[] row, float[][] tile, float[] sums) {
        int p = 0;
        for (; p + 4 <= depth; p += 4) {
            addFour(columns, row, p, tile[p], tile[p + 1], tile[p + 2], tile[p + 3], sums);
        }
        for (; p < depth; p++) {
            float a = row[p];
            float[] b = tile[p];
            for (int j = 0; j < columns; j++) {
                sums[j] += a * b[j];
            }
        }
    }

    // Four rows, each an array of its own: the shape that HotSpot turns into vector code; with eight it does not.
    private static void addFour(
            int columns, float[] row, int p, float[] b0, float[] b1, float[] b2, float[] b3, float[] sums) {
        float a0 = row[p];
        float a1 = row[p + 1];
        float a2 = row[p + 2];
        float a3 = row[p + 3];
        for (int j = 0; j < columns; j++) {
            sums[j] = sums[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    /** {@code tile [depth x columns] = op(B)[p .. p+depth, j .. j+columns]}. */
    private static void copyTile(
            boolean transposed, float[] b, int offset, int ld, int p, int j, int depth, int columns, float[][] tile) {
        if (!transposed) {
            for (int q = 0; q < depth; q++) {
                System.arraycopy(b, offset + (p + q) * ld + j, tile[q], 0, columns);
            }
            return;
        }
        for (int q = 0; q < depth; q++) {
            float[] target = tile[q];
            int start = offset + j * ld + p + q;
            for (int column = 0; column < columns; column++) {
                target[column] = b[start + column * ld];
            }
        }
    }

    /** {@code C [m x n] = factor C}; a factor of zero clears, whatever was there. */
    static void scale(int m, int n, float factor, float[] c, int offset, int ld) {
        if (factor == 1) {
            return;
        }
        for (int i = 0; i < m; i++) {
            int start = offset + i * ld;
            if (factor == 0) {
                Arrays.fill(c, start, start + n, 0);
            } else {
                for (int j = start; j < start + n; j++) {
                    c[j] *= factor;
                }
            }
        }
    }

    static void checkMatrix(String name, int rows, int columns, float[] values, int offset, int ld) {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException(name + " is " + rows + " x " + columns + ": dimensions start at zero");
        }
        if (ld < columns) {
            throw new IllegalArgumentException(
                    name + ": leading dimension " + ld + " is shorter than a row of " + columns);
        }
        if (rows > 0 && columns > 0) {
            Objects.checkFromIndexSize(offset, (rows - 1L) * ld + columns, (long) values.length);
        }
    }
}
