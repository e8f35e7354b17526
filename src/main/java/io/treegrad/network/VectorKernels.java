package io.treegrad.network;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products on vector instructions. A tile of {@code C}, some rows by one or two vectors, stays in registers while
 * the inner index runs; {@code B} is packed in panels as wide as a tile, so that each load follows the one before.
 *
 * <p>Depth is cut into blocks whose panels stay in the caches; a tile of a later block begins with what the one before
 * left in {@code C}, so the order of additions stays that of the inner index. Tiles that hang over an edge of {@code C}
 * compute in scratch, and what hangs over is dropped.
 */
final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /**
     * Rows of a tile. Eight take sixteen accumulators, which fit into the thirty-two registers of AVX-512 and of arm64;
     * with the sixteen of AVX2 they were a third slower than four.
     */
    private static final int TILE_ROWS = LANES == 8 ? 4 : 8;

    private static final int TILE_WIDTH = 2 * LANES;
    /** Inner indices of a block: a panel of so many rows, 32 KiB at 16 lanes, stays in the first cache. */
    private static final int DEPTH = 256;
    /** Rows of {@code A} of a block, which stay in the second cache while the panels pass. */
    private static final int ROWS = 256;
    /** Rows of {@code B} that are packed together. */
    private static final int PACKED_ROWS = 8;
    /** Vectors of the widest tile over non-zero values: with more, the rows of a segment outgrow the first cache. */
    private static final int MOST_SPARSE = 4;
    /** Fewest lanes where a gather is an instruction. */
    private static final int GATHERED_LANES = 8;

    private final float[] zeros = new float[TILE_WIDTH];
    /** A tile that hangs over, and what it begins with. */
    private final float[] edge = new float[8 * TILE_WIDTH];

    private final float[] edgeInit = new float[8 * TILE_WIDTH];
    /** Where the lanes of a gather lie. */
    private final int[] places = new int[LANES];
    /** Rows of A, packed: the bits of floats. */
    private int[] rows = new int[0];

    private float[] panels = new float[0];
    /** What each row of a weight gradient begins with. */
    private float[] constant = new float[0];
    /** The last tile over non-zero values, where it overlaps. */
    private float[] tail = new float[0];

    @Override
    public String name() {
        return "vector, " + LANES + " lanes";
    }

    @Override
    public void forward(int m, int k, int n, float[] x, float[] theta, int weights, int biases, float[] z) {
        for (int q = 0; q < k; q += DEPTH) {
            int depth = Math.min(DEPTH, k - q);
            pack(depth, n, theta, weights + q * n);
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
            packTransposed(depth, k, n, theta, weights + q);
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
            pack(depth, n, delta, q * n);
            if (q > 0) {
                block(k, depth, n, true, x, q * k, k, gradient, weights, n, gradient, weights);
            } else {
                block(k, depth, n, true, x, q * k, k, zeros, 0, 0, gradient, weights);
            }
        }
    }

    @Override
    public void forward(SparseMatrix x, int n, float[] theta, int weights, float[] base, float[] z) {
        sparse(x, n, theta, weights, base, 0, 0, z, 0);
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
            constant = atLeast(n, constant);
            Arrays.fill(constant, 0, n, 0);
            sparse(columns, n, delta, 0, constant, 0, 0, gradient, weights);
        } else {
            constant = atLeast(n * columns.rows(), constant);
            multiply(columns.rows(), n, constants, sums, constant);
            sparse(columns, n, delta, 0, constant, 0, n, gradient, weights);
        }
    }

    /** {@code c [rows × n] = a [rows] bᵀ}. */
    private static void multiply(int rows, int n, float[] a, float[] b, float[] c) {
        for (int i = 0; i < rows; i++) {
            int j = 0;
            for (; j <= n - LANES; j += LANES) {
                FloatVector.fromArray(SPECIES, b, j).mul(a[i]).intoArray(c, i * n + j);
            }
            for (; j < n; j++) {
                c[i * n + j] = a[i] * b[j];
            }
        }
    }

    /**
     * {@code C [rows × n] = init + x B}, rows of init ldi apart. A segment of x at a time, for some vectors of columns at
     * a time, so that the part of B that they take is read from the first cache.
     *
     * <p>Where the columns are no multiple of the tiles, the last tile overlaps the one before it and computes some
     * elements twice; it has its own C in scratch, so that each element still takes each term once.
     */
    private void sparse(SparseMatrix x, int n, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0) {
        int whole = wholeTiles(n);
        int last = n - whole;
        int width = last == 0 ? 0 : tileOver(last, n) * LANES;
        if (width > 0) {
            tail = atLeast(x.rows() * width, tail);
        }
        for (int segment = 0; segment < x.segments(); segment++) {
            for (int j = 0, vectors; j < whole; j += vectors * LANES) {
                vectors = tileWithin(whole - j);
                if (segment == 0) {
                    sparseTile(x, segment, vectors, n, b, b0 + j, init, i0 + j, ldi, c, c0 + j, n);
                } else {
                    sparseTile(x, segment, vectors, n, b, b0 + j, c, c0 + j, n, c, c0 + j, n);
                }
            }
            int j = n - width;
            if (width > 0 && segment == 0) {
                sparseTile(x, segment, width / LANES, n, b, b0 + j, init, i0 + j, ldi, tail, 0, width);
            } else if (width > 0) {
                sparseTile(x, segment, width / LANES, n, b, b0 + j, tail, 0, width, tail, 0, width);
            } else if (last > 0) {
                sparseNarrow(x, segment, n, b, b0, init, i0, ldi, c, c0);
            }
        }
        for (int i = 0; width > 0 && i < x.rows(); i++) {
            System.arraycopy(tail, (i + 1) * width - last, c, c0 + i * n + whole, last);
        }
    }

    /** Vectors of the widest tile that goes into so many columns; 0 where they are fewer than a vector has lanes. */
    private static int tileWithin(int columns) {
        int vectors = MOST_SPARSE;
        while (vectors * LANES > columns) {
            vectors /= 2;
        }
        return vectors;
    }

    /** Vectors of the narrowest tile that covers so many of n columns; 0 where there is none. */
    private static int tileOver(int columns, int n) {
        int vectors = 1;
        while (vectors * LANES < columns) {
            vectors *= 2;
        }
        return vectors * LANES <= n ? vectors : 0;
    }

    /**
     * Columns that tiles cover one beside the other, from the widest on; what is left, less than all, is covered by one
     * more tile, unless the tiles fit.
     */
    private static int wholeTiles(int n) {
        int widest = tileWithin(n) * LANES;
        int whole = widest == 0 ? 0 : n / widest * widest;
        int left = n - whole;
        return left > 0 && left % LANES == 0 && Integer.bitCount(left / LANES) == 1 ? n : whole;
    }

    private static void sparseNarrow(
            SparseMatrix x, int segment, int n, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0) {
        for (int i = 0; i < x.rows(); i++) {
            if (segment == 0) {
                System.arraycopy(init, i0 + i * ldi, c, c0 + i * n, n);
            }
            int row = i * x.segments() + segment;
            for (int e = x.starts()[row]; e < x.starts()[row + 1]; e++) {
                ScalarKernels.add(x.values()[e], b, b0 + x.columns()[e] * n, n, c, c0 + i * n);
            }
        }
    }

    private static void sparseTile(
            SparseMatrix x,
            int segment,
            int vectors,
            int n,
            float[] b,
            int b0,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        int[] starts = x.starts();
        int[] columns = x.columns();
        float[] values = x.values();
        int rows = x.rows();
        int step = x.segments();
        switch (vectors) {
            case 4 -> sparseFour(rows, starts, segment, step, columns, values, b, b0, n, init, i0, ldi, c, c0, ldc);
            case 2 -> sparseTwo(rows, starts, segment, step, columns, values, b, b0, n, init, i0, ldi, c, c0, ldc);
            default -> sparseOne(rows, starts, segment, step, columns, values, b, b0, n, init, i0, ldi, c, c0, ldc);
        }
    }

    private static float[] atLeast(int size, float[] scratch) {
        return scratch.length >= size ? scratch : new float[size];
    }

    private static int panelWidth(int left) {
        return left > LANES ? TILE_WIDTH : LANES;
    }

    /**
     * Panels of {@code B [depth × n]}, whose rows start at this offset, n apart. A few rows at a time, so that a row is
     * read from end to end and a panel is written some lines at once.
     */
    private void pack(int depth, int n, float[] b, int offset) {
        panels = atLeast(depth * (n + TILE_WIDTH), panels);
        for (int first = 0; first < depth; first += PACKED_ROWS) {
            int end = Math.min(depth, first + PACKED_ROWS);
            int j = 0;
            for (; j + TILE_WIDTH <= n; j += TILE_WIDTH) {
                packWide(first, end, n, b, offset + j, panels, depth * j);
            }
            int width = panelWidth(n - j);
            for (int q = first; j < n && q < end; q++) {
                int to = depth * j + q * width;
                System.arraycopy(b, offset + q * n + j, panels, to, n - j);
                Arrays.fill(panels, to + n - j, to + width, 0);
            }
        }
    }

    private static void gatherWide(int depth, int n, float[] b, int from, float[] panels, int to, int[] places) {
        for (int q = 0; q < depth; q++) {
            FloatVector.fromArray(SPECIES, b, from + q, places, 0).intoArray(panels, to + q * TILE_WIDTH);
            FloatVector.fromArray(SPECIES, b, from + q + LANES * n, places, 0)
                    .intoArray(panels, to + q * TILE_WIDTH + LANES);
        }
    }

    private static void packWide(int first, int end, int n, float[] b, int from, float[] panels, int to) {
        for (int q = first; q < end; q++) {
            FloatVector.fromArray(SPECIES, b, from + q * n).intoArray(panels, to + q * TILE_WIDTH);
            FloatVector.fromArray(SPECIES, b, from + q * n + LANES).intoArray(panels, to + q * TILE_WIDTH + LANES);
        }
    }

    /** Panels of {@code B [depth × k]}, where element (q, p) lies at {@code offset + p n + q}. */
    private void packTransposed(int depth, int k, int n, float[] b, int offset) {
        panels = atLeast(depth * (k + TILE_WIDTH), panels);
        int to = 0;
        for (int j = 0; j < k; j += TILE_WIDTH) {
            int width = panelWidth(k - j);
            int count = Math.min(width, k - j);
            if (count == TILE_WIDTH && LANES >= GATHERED_LANES) {
                for (int lane = 0; lane < LANES; lane++) {
                    places[lane] = lane * n;
                }
                gatherWide(depth, n, b, offset + j * n, panels, to, places);
                to += depth * width;
                continue;
            }
            for (int q = 0; q < depth; q++) {
                int at = to + q * width;
                for (int p = 0; p < count; p++) {
                    panels[at + p] = b[offset + (j + p) * n + q];
                }
                Arrays.fill(panels, at + count, at + width, 0);
            }
            to += depth * width;
        }
    }

    /**
     * Rows {@code first} to {@code end} of {@code A [m × depth]}, tile after tile, each turned so that what a tile takes
     * at one inner index lies together. As bits: the JIT spreads an {@code int} over a vector in one load, a
     * {@code float} in five instructions.
     */
    private void packRows(int first, int end, int depth, float[] a, int a0, int lda, int tileRows) {
        reserveRows((end - first + tileRows) * depth);
        int to = 0;
        int i = first;
        if (LANES >= GATHERED_LANES && tileRows == 8 && end - first >= 8) {
            for (int lane = 0; lane < LANES; lane++) {
                places[lane] = lane % 8 * lda + lane / 8;
            }
            for (; i + 8 <= end; i += 8) {
                packEight(depth, a, a0 + i * lda, lda, rows, to, places);
                to += 8 * depth;
            }
        }
        for (; i < end; i += tileRows) {
            for (int r = 0; r < tileRows; r++) {
                if (i + r < end) {
                    packRow(depth, a, a0 + (i + r) * lda, rows, to + r, tileRows);
                }
            }
            to += tileRows * depth;
        }
    }

    private static void packEight(int depth, float[] a, int from, int lda, int[] rows, int to, int[] places) {
        int q = 0;
        for (; q + LANES / 8 <= depth; q += LANES / 8) {
            FloatVector.fromArray(SPECIES, a, from + q, places, 0)
                    .reinterpretAsInts()
                    .intoArray(rows, to + q * 8);
        }
        for (; q < depth; q++) {
            for (int r = 0; r < 8; r++) {
                rows[to + q * 8 + r] = Float.floatToRawIntBits(a[from + q + r * lda]);
            }
        }
    }

    private static void packRow(int depth, float[] a, int from, int[] rows, int to, int stride) {
        for (int q = 0; q < depth; q++) {
            rows[to + q * stride] = Float.floatToRawIntBits(a[from + q]);
        }
    }

    /** The same of a matrix that lies the other way round: element (i, q) at {@code a0 + q lda + i}. */
    private void packColumns(int first, int end, int depth, float[] a, int a0, int lda, int tileRows) {
        reserveRows((end - first + tileRows) * depth);
        int to = 0;
        for (int i = first; i < end; i += tileRows) {
            packColumns(Math.min(tileRows, end - i), depth, a, a0 + i, lda, rows, to, tileRows);
            to += tileRows * depth;
        }
    }

    private static void packColumns(
            int count, int depth, float[] a, int from, int lda, int[] rows, int to, int tileRows) {
        for (int q = 0; q < depth; q++) {
            for (int r = 0; r < count; r++) {
                rows[to + q * tileRows + r] = Float.floatToRawIntBits(a[from + q * lda + r]);
            }
        }
    }

    private void reserveRows(int size) {
        if (rows.length < size) {
            rows = new int[size];
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
                packColumns(first, end, depth, a, a0, lda, tileRows);
            } else {
                packRows(first, end, depth, a, a0, lda, tileRows);
            }
            int panel = 0;
            for (int j = 0; j < n; j += TILE_WIDTH) {
                int width = panelWidth(n - j);
                int row = 0;
                for (int i = first; i < end; i += tileRows) {
                    int count = Math.min(tileRows, end - i);
                    int ii = zero ? 0 : i0 + i * ldi + j;
                    int ci = c0 + i * n + j;
                    if (count == tileRows && j + width <= n) {
                        tile(width, tileRows, rows, row, depth, panels, panel, init, ii, ldi, c, ci, n);
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
        tile(width, tileRows, rows, row, depth, panels, panel, edgeInit, 0, width, edge, 0, width);
        for (int r = 0; r < count; r++) {
            System.arraycopy(edge, r * width, c, c0 + r * n, columns);
        }
    }

    private static void tile(
            int width,
            int tileRows,
            int[] a,
            int a0,
            int depth,
            float[] b,
            int b0,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        if (width == LANES) {
            if (tileRows == 8) {
                eightByOne(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
            } else {
                fourByOne(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
            }
        } else if (tileRows == 8) {
            eightByTwo(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
        } else {
            fourByTwo(a, a0, depth, b, b0, init, i0, ldi, c, c0, ldc);
        }
    }

    private static void eightByTwo(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, init, i0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s11 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s21 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        FloatVector s31 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi);
        FloatVector s41 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, init, i0 + 5 * ldi);
        FloatVector s51 = FloatVector.fromArray(SPECIES, init, i0 + 5 * ldi + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, init, i0 + 6 * ldi);
        FloatVector s61 = FloatVector.fromArray(SPECIES, init, i0 + 6 * ldi + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, init, i0 + 7 * ldi);
        FloatVector s71 = FloatVector.fromArray(SPECIES, init, i0 + 7 * ldi + LANES);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES + LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 8]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 8 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 8 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 8 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            FloatVector x4 = IntVector.broadcast(INTS, a[a0 + q * 8 + 4]).reinterpretAsFloats();
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            FloatVector x5 = IntVector.broadcast(INTS, a[a0 + q * 8 + 5]).reinterpretAsFloats();
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            FloatVector x6 = IntVector.broadcast(INTS, a[a0 + q * 8 + 6]).reinterpretAsFloats();
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            FloatVector x7 = IntVector.broadcast(INTS, a[a0 + q * 8 + 7]).reinterpretAsFloats();
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c0 + 1 * ldc);
        s11.intoArray(c, c0 + 1 * ldc + LANES);
        s20.intoArray(c, c0 + 2 * ldc);
        s21.intoArray(c, c0 + 2 * ldc + LANES);
        s30.intoArray(c, c0 + 3 * ldc);
        s31.intoArray(c, c0 + 3 * ldc + LANES);
        s40.intoArray(c, c0 + 4 * ldc);
        s41.intoArray(c, c0 + 4 * ldc + LANES);
        s50.intoArray(c, c0 + 5 * ldc);
        s51.intoArray(c, c0 + 5 * ldc + LANES);
        s60.intoArray(c, c0 + 6 * ldc);
        s61.intoArray(c, c0 + 6 * ldc + LANES);
        s70.intoArray(c, c0 + 7 * ldc);
        s71.intoArray(c, c0 + 7 * ldc + LANES);
    }

    private static void fourByTwo(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, init, i0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s11 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s21 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        FloatVector s31 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi + LANES);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + q * 2 * LANES + LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 4]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 4 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 4 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 4 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c0 + 1 * ldc);
        s11.intoArray(c, c0 + 1 * ldc + LANES);
        s20.intoArray(c, c0 + 2 * ldc);
        s21.intoArray(c, c0 + 2 * ldc + LANES);
        s30.intoArray(c, c0 + 3 * ldc);
        s31.intoArray(c, c0 + 3 * ldc + LANES);
    }

    private static void fourByOne(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 4]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 4 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 4 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 4 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
        }
        s00.intoArray(c, c0);
        s10.intoArray(c, c0 + 1 * ldc);
        s20.intoArray(c, c0 + 2 * ldc);
        s30.intoArray(c, c0 + 3 * ldc);
    }

    private static void eightByOne(
            int[] a, int a0, int depth, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0, int ldc) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, init, i0);
        FloatVector s10 = FloatVector.fromArray(SPECIES, init, i0 + 1 * ldi);
        FloatVector s20 = FloatVector.fromArray(SPECIES, init, i0 + 2 * ldi);
        FloatVector s30 = FloatVector.fromArray(SPECIES, init, i0 + 3 * ldi);
        FloatVector s40 = FloatVector.fromArray(SPECIES, init, i0 + 4 * ldi);
        FloatVector s50 = FloatVector.fromArray(SPECIES, init, i0 + 5 * ldi);
        FloatVector s60 = FloatVector.fromArray(SPECIES, init, i0 + 6 * ldi);
        FloatVector s70 = FloatVector.fromArray(SPECIES, init, i0 + 7 * ldi);
        for (int q = 0; q < depth; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * LANES);
            FloatVector x0 = IntVector.broadcast(INTS, a[a0 + q * 8]).reinterpretAsFloats();
            s00 = x0.fma(y0, s00);
            FloatVector x1 = IntVector.broadcast(INTS, a[a0 + q * 8 + 1]).reinterpretAsFloats();
            s10 = x1.fma(y0, s10);
            FloatVector x2 = IntVector.broadcast(INTS, a[a0 + q * 8 + 2]).reinterpretAsFloats();
            s20 = x2.fma(y0, s20);
            FloatVector x3 = IntVector.broadcast(INTS, a[a0 + q * 8 + 3]).reinterpretAsFloats();
            s30 = x3.fma(y0, s30);
            FloatVector x4 = IntVector.broadcast(INTS, a[a0 + q * 8 + 4]).reinterpretAsFloats();
            s40 = x4.fma(y0, s40);
            FloatVector x5 = IntVector.broadcast(INTS, a[a0 + q * 8 + 5]).reinterpretAsFloats();
            s50 = x5.fma(y0, s50);
            FloatVector x6 = IntVector.broadcast(INTS, a[a0 + q * 8 + 6]).reinterpretAsFloats();
            s60 = x6.fma(y0, s60);
            FloatVector x7 = IntVector.broadcast(INTS, a[a0 + q * 8 + 7]).reinterpretAsFloats();
            s70 = x7.fma(y0, s70);
        }
        s00.intoArray(c, c0);
        s10.intoArray(c, c0 + 1 * ldc);
        s20.intoArray(c, c0 + 2 * ldc);
        s30.intoArray(c, c0 + 3 * ldc);
        s40.intoArray(c, c0 + 4 * ldc);
        s50.intoArray(c, c0 + 5 * ldc);
        s60.intoArray(c, c0 + 6 * ldc);
        s70.intoArray(c, c0 + 7 * ldc);
    }

    private static void sparseFour(
            int rows,
            int[] starts,
            int segment,
            int step,
            int[] columns,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int i = 0; i < rows; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, row + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, init, row + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, init, row + 3 * LANES);
            int end = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + columns[e] * ldb;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
            }
            int to = c0 + i * ldc;
            s0.intoArray(c, to);
            s1.intoArray(c, to + LANES);
            s2.intoArray(c, to + 2 * LANES);
            s3.intoArray(c, to + 3 * LANES);
        }
    }

    private static void sparseTwo(
            int rows,
            int[] starts,
            int segment,
            int step,
            int[] columns,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int i = 0; i < rows; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, row + LANES);
            int end = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + columns[e] * ldb;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
            }
            int to = c0 + i * ldc;
            s0.intoArray(c, to);
            s1.intoArray(c, to + LANES);
        }
    }

    private static void sparseOne(
            int rows,
            int[] starts,
            int segment,
            int step,
            int[] columns,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int i = 0; i < rows; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            int end = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + columns[e] * ldb;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
            }
            int to = c0 + i * ldc;
            s0.intoArray(c, to);
        }
    }
}
