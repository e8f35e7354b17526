package io.treegrad.network;

/**
 * Products of a sparse matrix with a dense one: for each row, the rows of the dense one that its elements name are added up,
 * some vectors of columns at a time ({@link VectorSparseTiles}).
 */
final class VectorSparse {
    private static final int LANES = VectorTiles.LANES;
    /** Columns of the widest tile. */
    static final int WIDEST = 8 * LANES;
    /** Columns of a tile where there are several: half as wide, a segment of B fits into the first cache. */
    private static final int SEVERAL = 4 * LANES;

    /** A tile that reaches beyond its row. */
    private float[] tail = new float[0];
    /** B, where a tile would read beyond its end. */
    private float[] inner = new float[0];

    /**
     * {@code C [rows × n] = init + x B}, rows of init ldi apart. A segment of x at a time, for some vectors of columns at
     * a time, so that the part of B that they take is read from the first cache.
     *
     * <p>The last tile may reach beyond its row: what it reads there and computes of it is of no use and does no harm,
     * since what it writes there is written over by the row after it or by a tile that comes later.
     *
     * @param init holds what the last tile reads beyond its last row
     */
    void multiply(SparseMatrix x, int n, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0) {
        int rows = x.rows();
        if (rows == 0) {
            return;
        }
        int tileWidth = n <= WIDEST ? WIDEST : SEVERAL;
        int whole = n / tileWidth * tileWidth;
        int left = n - whole;
        int width = left == 0 ? 0 : tileOver(left) * LANES;
        float[] from = b;
        int from0 = b0;
        int read = x.width() * n;
        if (b0 + read + width - left > b.length) {
            // the last tile would read beyond the array
            from = inner = atLeast(read + WIDEST, inner);
            from0 = 0;
            System.arraycopy(b, b0, inner, 0, read);
        }
        if (width > 0) {
            // Rows whose tile ends within C are written in place, unless sums go on in C from segment to segment.
            int within = (rows * n - whole - width) / n + 1;
            int direct = x.segments() == 1 && rows * n >= whole + width ? within : 0;
            VectorSparseTiles.tile(
                    x, 0, direct, 0, width, n, from, from0 + whole, init, i0 + whole, ldi, c, c0 + whole, n);
            tail = atLeast((rows - direct) * width, tail);
            int t0 = -direct * width;
            VectorSparseTiles.tile(
                    x, direct, rows, 0, width, n, from, from0 + whole, init, i0 + whole, ldi, tail, t0, width);
            for (int segment = 1; segment < x.segments(); segment++) {
                VectorSparseTiles.tile(
                        x, direct, rows, segment, width, n, from, from0 + whole, tail, t0, width, tail, t0, width);
            }
            for (int i = direct; i < rows; i++) {
                System.arraycopy(tail, t0 + i * width, c, c0 + i * n + whole, left);
            }
        }
        for (int segment = 0; segment < x.segments(); segment++) {
            for (int j = 0; j < whole; j += tileWidth) {
                if (segment == 0) {
                    VectorSparseTiles.tile(
                            x, 0, rows, 0, tileWidth, n, from, from0 + j, init, i0 + j, ldi, c, c0 + j, n);
                } else {
                    VectorSparseTiles.tile(
                            x, 0, rows, segment, tileWidth, n, from, from0 + j, c, c0 + j, n, c, c0 + j, n);
                }
            }
        }
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
