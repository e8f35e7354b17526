package io.treegrad.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Products of a sparse matrix with a dense one: rows of the dense one are added up, some vectors of columns at a time. */
final class VectorSparse {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final int LANES = VectorTiles.LANES;
    /** Vectors of the widest tile: with more, the rows of a segment outgrow the first cache. */
    private static final int MOST_VECTORS = 4;

    /** The last tile of each row, where it overlaps the one before. */
    private float[] tail = new float[0];

    /**
     * {@code C [rows × n] = init + x B}, rows of init ldi apart. A segment of x at a time, for some vectors of columns at
     * a time, so that the part of B that they take is read from the first cache.
     *
     * <p>Where the columns are no multiple of the tiles, the last tile overlaps the one before it and computes some
     * elements twice; it has its own C in scratch, so that each element still takes each term once.
     */
    void multiply(SparseMatrix x, int n, float[] b, int b0, float[] init, int i0, int ldi, float[] c, int c0) {
        int whole = wholeTiles(n);
        int last = n - whole;
        int width = last == 0 ? 0 : tileOver(last, n) * LANES;
        if (width > 0) {
            reserveTail(x.rows() * width);
        }
        for (int segment = 0; segment < x.segments(); segment++) {
            for (int j = 0, vectors; j < whole; j += vectors * LANES) {
                vectors = tileWithin(whole - j);
                if (segment == 0) {
                    tile(x, segment, vectors, n, b, b0 + j, init, i0 + j, ldi, c, c0 + j, n);
                } else {
                    tile(x, segment, vectors, n, b, b0 + j, c, c0 + j, n, c, c0 + j, n);
                }
            }
            int j = n - width;
            if (width > 0 && segment == 0) {
                tile(x, segment, width / LANES, n, b, b0 + j, init, i0 + j, ldi, tail, 0, width);
            } else if (width > 0) {
                tile(x, segment, width / LANES, n, b, b0 + j, tail, 0, width, tail, 0, width);
            } else if (last > 0) {
                narrow(x, segment, n, b, b0, init, i0, ldi, c, c0);
            }
        }
        for (int i = 0; width > 0 && i < x.rows(); i++) {
            System.arraycopy(tail, (i + 1) * width - last, c, c0 + i * n + whole, last);
        }
    }

    /** Vectors of the widest tile that goes into so many columns; 0 where they are fewer than a vector has lanes. */
    private static int tileWithin(int columns) {
        int vectors = MOST_VECTORS;
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

    private static void narrow(
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

    private static void tile(
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
            case 4 -> four(rows, starts, segment, step, columns, values, b, b0, n, init, i0, ldi, c, c0, ldc);
            case 2 -> two(rows, starts, segment, step, columns, values, b, b0, n, init, i0, ldi, c, c0, ldc);
            default -> one(rows, starts, segment, step, columns, values, b, b0, n, init, i0, ldi, c, c0, ldc);
        }
    }

    private static void four(
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

    private static void two(
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

    private static void one(
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

    private void reserveTail(int size) {
        if (tail.length < size) {
            tail = new float[size];
        }
    }
}
