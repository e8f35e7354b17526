package io.treegrad.network;

/**
 * Products of a sparse matrix with a dense one: for each row, the rows of the dense one that its elements name are added up,
 * some vectors of columns at a time ({@link VectorSparseTiles}).
 */
final class VectorSparse {
    private static final int LANES = VectorTiles.LANES;
    /** Columns of the widest tile. */
    static final int WIDEST = 8 * LANES;
    /** Elements of the largest panel. */
    static final int PANEL = SparseMatrix.SEGMENT * WIDEST;

    private final VectorPanels packed;
    /** A tile that reaches beyond its row. */
    private float[] tail = new float[0];

    /** @param packed shared with others of the same thread; its panel holds {@link #PANEL} elements */
    VectorSparse(VectorPanels packed) {
        this.packed = packed;
    }

    /**
     * {@code C [rows × n] = init + x B}, rows of init ldi apart. Some vectors of columns at a time, and for these a segment
     * of x at a time, whose part of B is packed.
     *
     * <p>The last tile may reach beyond its row: what it reads there and computes of it is of no use and does no harm,
     * since what it writes there is written over by the row after it or by a tile that comes later.
     *
     * @param init holds what the last tile reads beyond its last row
     */
    void multiply(SparseMatrix x, int n, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0) {
        int rows = x.rows();
        int whole = n / WIDEST * WIDEST;
        if (whole < n) {
            int width = tileOver(n - whole) * LANES;
            // Rows whose tile ends within C are written in place, unless sums go on in C from segment to segment.
            int within = (rows * n - whole - width) / n + 1;
            int direct = x.segments() == 1 && rows * n >= whole + width ? within : 0;
            tail = atLeast((rows - direct) * width, tail);
            int t0 = -direct * width;
            for (int segment = 0; segment < x.segments(); segment++) {
                pack(x, segment, n - whole, width, b, b0 + whole, n);
                if (segment == 0) {
                    tile(x, 0, direct, segment, width, init, i0 + whole, ldi, c, c0 + whole, n);
                    tile(x, direct, rows, segment, width, init, i0 + whole, ldi, tail, t0, width);
                } else {
                    tile(x, direct, rows, segment, width, tail, t0, width, tail, t0, width);
                }
            }
            for (int i = direct; i < rows; i++) {
                System.arraycopy(tail, t0 + i * width, c, c0 + i * n + whole, n - whole);
            }
        }
        for (int j = 0; j < whole; j += WIDEST) {
            for (int segment = 0; segment < x.segments(); segment++) {
                pack(x, segment, WIDEST, WIDEST, b, b0 + j, n);
                if (segment == 0) {
                    tile(x, 0, rows, segment, WIDEST, init, i0 + j, ldi, c, c0 + j, n);
                } else {
                    tile(x, 0, rows, segment, WIDEST, c, c0 + j, n, c, c0 + j, n);
                }
            }
        }
    }

    private void pack(SparseMatrix x, int segment, int count, int width, float[] b, int b0, int ldb) {
        int first = segment * SparseMatrix.SEGMENT;
        int depth = Math.min(SparseMatrix.SEGMENT, x.width() - first);
        packed.pack(depth, count, width, b, b0 + first * ldb, ldb);
    }

    /** {@code C = init + x B} for rows {@code first} to {@code end} of one segment of x, whose part of B is packed. */
    private void tile(
            SparseMatrix x,
            int first,
            int end,
            int segment,
            int width,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        int b0 = VectorPanels.START - segment * SparseMatrix.SEGMENT * width;
        VectorSparseTiles.tile(x, first, end, segment, width, packed.panel(), b0, init, i0, ldi, c, c0, ldc);
    }

    /** Vectors of the narrowest tile that covers so many columns. */
    private static int tileOver(int columns) {
        int vectors = 1;
        while (vectors * LANES < columns) {
            vectors = vectors == 4 ? 7 : vectors == 7 ? 8 : 2 * vectors;
        }
        return vectors;
    }

    /** The scratch if it is long enough, else a new one. */
    static float[] atLeast(int size, float[] scratch) {
        return scratch.length >= size ? scratch : new float[size];
    }
}
