package io.treegrad.network;

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
    private static final int TILE_ROWS = VectorTiles.ROWS;
    private static final int TILE_WIDTH = VectorPanels.TILE_WIDTH;
    /** Inner indices of a block: a panel of so many rows, 32 KiB at 16 lanes, stays in the first cache. */
    private static final int DEPTH = 256;
    /** Rows of {@code A} of a block, which stay in the second cache while the panels pass. */
    private static final int ROWS = 64 * TILE_ROWS;

    private final VectorPanels packed = new VectorPanels(Math.max(DEPTH * TILE_WIDTH, VectorSparse.PANEL));
    private final VectorSparse sparse = new VectorSparse(packed);
    private final float[] zeros = new float[TILE_WIDTH];
    /** A tile that hangs over, and what it begins with. */
    private final float[] edge = new float[TILE_ROWS * TILE_WIDTH];

    private final float[] edgeInit = new float[TILE_ROWS * TILE_WIDTH];

    @Override
    public String name() {
        return "vector, " + LANES + " lanes";
    }

    @Override
    public void forward(int m, int k, int n, float[] x, float[] theta, int weights, int biases, float[] z) {
        boolean biased = biases != NONE;
        multiply(m, k, n, x, k, false, theta, weights, n, false, biased ? theta : zeros, biased ? biases : 0, z, 0);
    }

    @Override
    public void backward(int m, int k, int n, float[] delta, float[] theta, int weights, float[] below) {
        multiply(m, n, k, delta, n, false, theta, weights, n, true, zeros, 0, below, 0);
    }

    @Override
    public void weightGradient(int m, int k, int n, float[] x, float[] delta, float[] gradient, int weights) {
        multiply(k, m, n, x, k, true, delta, 0, n, false, zeros, 0, gradient, weights);
    }

    /**
     * {@code C [m × n] = 1 initᵀ + A [m × k] B [k × n]}, rows of A and B that far apart in memory.
     *
     * @param aTransposed whether A lies in memory as {@code [k × m]}; bTransposed the same of B
     */
    private void multiply(
            int m,
            int k,
            int n,
            float[] a,
            int lda,
            boolean aTransposed,
            float[] b,
            int b0,
            int ldb,
            boolean bTransposed,
            float[] init,
            int i0,
            float[] c,
            int c0) {
        for (int q = 0; q < k; q += DEPTH) {
            int depth = Math.min(DEPTH, k - q);
            for (int first = 0; first < m; first += ROWS) {
                int end = Math.min(m, first + ROWS);
                if (aTransposed) {
                    packed.packColumns(first, end, depth, a, q * lda, lda);
                } else {
                    packed.packRows(first, end, depth, a, q, lda);
                }
                for (int j = 0; j < n; j += TILE_WIDTH) {
                    int count = Math.min(TILE_WIDTH, n - j);
                    int width = count > LANES ? TILE_WIDTH : LANES;
                    if (bTransposed) {
                        packed.packTransposed(depth, count, width, b, b0 + j * ldb + q, ldb);
                    } else {
                        packed.pack(depth, count, width, b, b0 + q * ldb + j, ldb);
                    }
                    if (q == 0) {
                        column(first, end, depth, count, width, init, init == zeros ? 0 : i0 + j, 0, c, c0 + j, n);
                    } else {
                        int at = c0 + first * n + j;
                        column(first, end, depth, count, width, c, at, n, c, c0 + j, n);
                    }
                }
            }
        }
    }

    /** The tiles of one panel, over the rows of A that are packed; {@code i0} is that of row {@code first}. */
    private void column(
            int first,
            int end,
            int depth,
            int count,
            int width,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        int row = 0;
        for (int i = first; i < end; i += TILE_ROWS) {
            int rows = Math.min(TILE_ROWS, end - i);
            int from = i0 + (i - first) * ldi;
            int to = c0 + i * ldc;
            if (rows == TILE_ROWS && count == width) {
                VectorTiles.tile(
                        width,
                        packed.rows(),
                        row,
                        depth,
                        packed.panel(),
                        VectorPanels.START,
                        init,
                        from,
                        ldi,
                        c,
                        to,
                        ldc);
            } else {
                edgeTile(rows, count, width, row, depth, init, from, ldi, c, to, ldc);
            }
            row += TILE_ROWS * depth;
        }
    }

    private void edgeTile(
            int rows,
            int count,
            int width,
            int row,
            int depth,
            float[] init,
            int from,
            int ldi,
            float[] c,
            int to,
            int ldc) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(init, from + r * ldi, edgeInit, r * width, count);
        }
        VectorTiles.tile(
                width,
                packed.rows(),
                row,
                depth,
                packed.panel(),
                VectorPanels.START,
                edgeInit,
                0,
                width,
                edge,
                0,
                width);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(edge, r * width, c, to + r * ldc, count);
        }
    }

    @Override
    public void forward(SparseMatrix x, int n, float[] theta, int weights, float[] base, float[] z) {
        sparse.multiply(x, n, theta, weights, base, z);
    }

    @Override
    public void weightGradient(
            SparseMatrix x, int n, float[] delta, float[] constants, float[] sums, float[] gradient, int weights) {
        sparse.multiplyTransposed(x, n, delta, constants, sums, gradient, weights);
    }
}
