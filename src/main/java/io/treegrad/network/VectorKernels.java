package io.treegrad.network;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The products on vector instructions: dense ones in tiles of {@code C} ({@link VectorTiles}) over packed operands ({@link
 * VectorPanels}), those of a sparse matrix by {@link VectorSparse}.
 *
 * <p>Depth is cut into blocks whose panels stay in the caches; a tile of a later block begins with what the one before
 * left in {@code C}, so the order of additions stays that of the inner index. Tiles that hang over an edge of {@code C}
 * compute in scratch, and what hangs over is dropped.
 */
final class VectorKernels implements Kernels {
    private static final int LANES = VectorTiles.LANES;
    /**
     * Rows of a tile. Eight take sixteen accumulators, which fit into the thirty-two registers of AVX-512 and of arm64;
     * with the sixteen of AVX2 they were a third slower than four.
     */
    private static final int TILE_ROWS = LANES == 8 ? 4 : 8;
    /** Inner indices of a block: a panel of so many rows, 32 KiB at 16 lanes, stays in the first cache. */
    private static final int DEPTH = 256;
    /** Rows of {@code A} of a block, which stay in the second cache while the panels pass. */
    private static final int ROWS = 256;

    private final VectorPanels packed = new VectorPanels();
    private final VectorSparse sparse = new VectorSparse();
    private final float[] zeros = new float[VectorPanels.TILE_WIDTH];
    /** A tile that hangs over, and what it begins with. */
    private final float[] edge = new float[8 * VectorPanels.TILE_WIDTH];

    private final float[] edgeInit = new float[8 * VectorPanels.TILE_WIDTH];
    /** What each row of a weight gradient begins with. */
    private float[] constant = new float[0];

    @Override
    public String name() {
        return "vector, " + LANES + " lanes";
    }

    @Override
    public void forward(int m, int k, int n, float[] x, float[] theta, int weights, int biases, float[] z) {
        for (int q = 0; q < k; q += DEPTH) {
            int depth = Math.min(DEPTH, k - q);
            packed.pack(depth, n, theta, weights + q * n);
            if (q > 0) {
                block(m, depth, n, false, x, q, k, z, 0, n, z, 0);
            } else if (biases == NONE) {
                block(m, depth, n, false, x, q, k, zeros, 0, 0, z, 0);
            } else {
                block(m, depth, n, false, x, q, k, theta, biases, 0, z, 0);
            }
        }
    }

    @Override
    public void backward(int m, int k, int n, float[] delta, float[] theta, int weights, float[] below) {
        for (int q = 0; q < n; q += DEPTH) {
            int depth = Math.min(DEPTH, n - q);
            packed.packTransposed(depth, k, n, theta, weights + q);
            if (q > 0) {
                block(m, depth, k, false, delta, q, n, below, 0, k, below, 0);
            } else {
                block(m, depth, k, false, delta, q, n, zeros, 0, 0, below, 0);
            }
        }
    }

    @Override
    public void weightGradient(int m, int k, int n, float[] x, float[] delta, float[] gradient, int weights) {
        for (int q = 0; q < m; q += DEPTH) {
            int depth = Math.min(DEPTH, m - q);
            packed.pack(depth, n, delta, q * n);
            if (q > 0) {
                block(k, depth, n, true, x, q * k, k, gradient, weights, n, gradient, weights);
            } else {
                block(k, depth, n, true, x, q * k, k, zeros, 0, 0, gradient, weights);
            }
        }
    }

    @Override
    public void forward(SparseMatrix x, int n, float[] theta, int weights, float[] base, float[] z) {
        constant = VectorSparse.atLeast(n + VectorSparse.WIDEST, constant);
        System.arraycopy(base, 0, constant, 0, n);
        sparse.multiply(x, n, theta, weights, constant, 0, 0, z, 0);
    }

    @Override
    public void weightGradient(
            SparseMatrix columns,
            int n,
            float[] delta,
            float[] constants,
            float[] sums,
            float[] gradient,
            int weights) {
        if (constants == null) {
            constant = VectorSparse.atLeast(n + VectorSparse.WIDEST, constant);
            Arrays.fill(constant, 0, n, 0);
            sparse.multiply(columns, n, delta, 0, constant, 0, 0, gradient, weights);
        } else {
            constant = VectorSparse.atLeast(n * columns.rows() + VectorSparse.WIDEST, constant);
            multiply(columns.rows(), n, constants, sums, constant);
            sparse.multiply(columns, n, delta, 0, constant, 0, n, gradient, weights);
        }
    }

    /** {@code c [rows × n] = a [rows] bᵀ}. */
    private static void multiply(int rows, int n, float[] a, float[] b, float[] c) {
        for (int i = 0; i < rows; i++) {
            int j = 0;
            for (; j <= n - LANES; j += LANES) {
                FloatVector.fromArray(VectorTiles.SPECIES, b, j).mul(a[i]).intoArray(c, i * n + j);
            }
            for (; j < n; j++) {
                c[i * n + j] = a[i] * b[j];
            }
        }
    }

    /**
     * {@code C [m × n] = init + A [m × depth] B}, B in the panels; rows of init are ldi apart (0 where one row begins
     * all), rows of C n.
     *
     * @param turned whether A lies in memory as {@code [depth × m]}
     */
    private void block(
            int m,
            int depth,
            int n,
            boolean turned,
            float[] a,
            int a0,
            int lda,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0) {
        boolean zero = init == zeros;
        for (int first = 0; first < m; first += ROWS) {
            int end = Math.min(m, first + ROWS);
            int tileRows = TILE_ROWS == 4 || end - first <= 4 ? 4 : 8;
            if (turned) {
                packed.packColumns(first, end, depth, a, a0, lda, tileRows);
            } else {
                packed.packRows(first, end, depth, a, a0, lda, tileRows);
            }
            int panel = 0;
            for (int j = 0; j < n; j += VectorPanels.TILE_WIDTH) {
                int width = VectorPanels.panelWidth(n - j);
                int row = 0;
                for (int i = first; i < end; i += tileRows) {
                    int count = Math.min(tileRows, end - i);
                    int ii = zero ? 0 : i0 + i * ldi + j;
                    int ci = c0 + i * n + j;
                    if (count == tileRows && j + width <= n) {
                        VectorTiles.tile(
                                width,
                                tileRows,
                                packed.rows(),
                                row,
                                depth,
                                packed.panels(),
                                panel,
                                init,
                                ii,
                                ldi,
                                c,
                                ci,
                                n);
                    } else {
                        edgeTile(
                                width,
                                tileRows,
                                count,
                                Math.min(width, n - j),
                                row,
                                depth,
                                panel,
                                init,
                                ii,
                                ldi,
                                c,
                                ci,
                                n);
                    }
                    row += tileRows * depth;
                }
                panel += depth * width;
            }
        }
    }

    private void edgeTile(
            int width,
            int tileRows,
            int count,
            int columns,
            int row,
            int depth,
            int panel,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int n) {
        for (int r = 0; r < count; r++) {
            System.arraycopy(init, i0 + r * ldi, edgeInit, r * width, columns);
        }
        VectorTiles.tile(
                width, tileRows, packed.rows(), row, depth, packed.panels(), panel, edgeInit, 0, width, edge, 0, width);
        for (int r = 0; r < count; r++) {
            System.arraycopy(edge, r * width, c, c0 + r * n, columns);
        }
    }
}
