package io.treegrad.network;

/**
 * Products of a sparse matrix with a dense one, some vectors of columns at a time: a panel of the dense one is packed for 64
 * rows of it, and stays in the first cache while all that names these rows is gone through.
 */
final class VectorSparse {
    private static final int LANES = VectorTiles.LANES;
    /** Columns of the widest tile. */
    static final int WIDEST = 8 * LANES;
    /** Elements of the largest panel. */
    static final int PANEL = SparseMatrix.BITS * WIDEST;

    /** For so many, packing takes longer than it saves. */
    private static final int FEW_ROWS = 4;

    private final VectorPanels packed;
    private final int[] next = new int[SparseMatrix.BITS];
    private final float[] zeros = new float[WIDEST];
    /** A panel of C. */
    private float[] scratch = new float[0];
    /** What each row of C begins with, and room for what a tile reads beyond it. */
    private float[] begin = new float[0];

    /** @param packed shared with others of the same thread; its panel holds {@link #PANEL} elements */
    VectorSparse(VectorPanels packed) {
        this.packed = packed;
    }

    /** {@code C [m × n] = 1 baseᵀ + x [m × k] B [k × n]}, with B at this offset. */
    void multiply(SparseMatrix x, int n, float[] b, int b0, float[] base, float[] c) {
        begin = withRoom(n, base);
        for (int j = 0; j < n; j += WIDEST) {
            int count = Math.min(WIDEST, n - j);
            int width = tileOver(count) * LANES;
            scratch = atLeast(x.rows() * width, scratch);
            for (int i = 0; i < x.rows(); i++) {
                System.arraycopy(begin, j, scratch, i * width, width);
            }
            for (int word = 0; word < x.words(); word++) {
                int first = word * SparseMatrix.BITS;
                int depth = Math.min(SparseMatrix.BITS, x.width() - first);
                int at = b0 + first * n + j;
                if (x.rows() <= FEW_ROWS && at + (depth - 1) * n + width <= b.length) {
                    VectorSparseRows.tile(x, word, width, b, at, n, scratch);
                } else {
                    packed.pack(depth, count, width, b, at, n);
                    VectorSparseRows.tile(x, word, width, packed.panel(), VectorPanels.START, width, scratch);
                }
            }
            for (int i = 0; i < x.rows(); i++) {
                System.arraycopy(scratch, i * width, c, i * n + j, count);
            }
        }
    }

    /**
     * {@code C [k × n] = constants sumsᵀ + xᵀ [k × m] B [m × n]}, with C at this offset.
     *
     * <p>The last panel of columns comes first. Its tiles may reach beyond their rows: what they write there is written over
     * by the rows after it and by the other panels. Where it would not be, they go to scratch.
     */
    void multiplyTransposed(SparseMatrix x, int n, float[] b, float[] constants, float[] sums, float[] c, int c0) {
        begin = withRoom(n, sums);
        int k = x.width();
        for (int j = (n - 1) / WIDEST * WIDEST; j >= 0; j -= WIDEST) {
            int count = Math.min(WIDEST, n - j);
            int width = tileOver(count) * LANES;
            int within = k * n >= j + width ? (k * n - j - width) / n + 1 : 0;
            // sums that go on in C from block to block cannot share it with what reaches beyond a row
            int direct = count == width || x.blocks() == 1 ? within : 0;
            scratch = atLeast((k - direct) * width, scratch);
            for (int block = 0; block < x.blocks(); block++) {
                startBlock(x, block, j, count, width, n, b);
                int aside = -direct * width;
                if (block > 0) {
                    tile(x, block, 0, direct, width, null, c, c0 + j, n, c, c0 + j, n);
                    tile(x, block, direct, k, width, null, scratch, aside, width, scratch, aside, width);
                } else {
                    float[] init = constants == null ? zeros : begin;
                    int i0 = constants == null ? 0 : j;
                    tile(x, block, 0, direct, width, constants, init, i0, 0, c, c0 + j, n);
                    tile(x, block, direct, k, width, constants, init, i0, 0, scratch, aside, width);
                }
            }
            for (int p = direct; p < k; p++) {
                System.arraycopy(scratch, (p - direct) * width, c, c0 + p * n + j, count);
            }
        }
    }

    /** Packs the rows of B that a block names, and goes back to its first values. */
    private void startBlock(SparseMatrix x, int block, int j, int count, int width, int n, float[] b) {
        int first = block * SparseMatrix.BITS;
        int depth = Math.min(SparseMatrix.BITS, x.rows() - first);
        packed.pack(depth, count, width, b, first * n + j, n);
        for (int i = 0; i < depth; i++) {
            next[i] = x.starts()[(first + i) * x.words()];
        }
    }

    private void tile(
            SparseMatrix x,
            int block,
            int first,
            int end,
            int width,
            float[] constants,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        VectorSparseColumns.tile(
                x, block, first, end, next, width, packed.panel(), constants, init, i0, ldi, c, c0, ldc);
    }

    /** Vectors of the narrowest tile that covers so many columns. */
    private static int tileOver(int columns) {
        int vectors = 1;
        while (vectors * LANES < columns) {
            vectors = vectors == 4 ? 7 : vectors == 7 ? 8 : 2 * vectors;
        }
        return vectors;
    }

    /** The first n elements, and room for what a tile reads beyond them. */
    private float[] withRoom(int n, float[] elements) {
        float[] copy = atLeast(n + WIDEST, begin);
        System.arraycopy(elements, 0, copy, 0, n);
        return copy;
    }

    /** The scratch if it is long enough, else a new one. */
    private static float[] atLeast(int size, float[] scratch) {
        return scratch.length >= size ? scratch : new float[size];
    }
}
