package io.treegrad.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of a product with a sparse matrix: a row by some vectors, which stay in registers while the elements of the row are
 * gone through. A method for each number of vectors, written out as in {@link VectorTiles}.
 */
final class VectorSparseTiles {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final int LANES = VectorTiles.LANES;

    private VectorSparseTiles() {}

    /** {@code C = init + x B} for rows {@code first} to {@code end} of one segment of x; rows of B have {@code width} columns. */
    static void tile(
            SparseMatrix x,
            int first,
            int end,
            int segment,
            int width,
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
        int step = x.segments();
        switch (width / LANES) {
            case 8 ->
                eight(first, end, starts, segment, step, columns, values, b, b0, width, init, i0, ldi, c, c0, ldc);
            case 7 ->
                seven(first, end, starts, segment, step, columns, values, b, b0, width, init, i0, ldi, c, c0, ldc);
            case 4 -> four(first, end, starts, segment, step, columns, values, b, b0, width, init, i0, ldi, c, c0, ldc);
            case 2 -> two(first, end, starts, segment, step, columns, values, b, b0, width, init, i0, ldi, c, c0, ldc);
            default -> one(first, end, starts, segment, step, columns, values, b, b0, width, init, i0, ldi, c, c0, ldc);
        }
    }

    private static void eight(
            int first,
            int end,
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
        for (int i = first; i < end; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, row + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, init, row + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, init, row + 3 * LANES);
            FloatVector s4 = FloatVector.fromArray(SPECIES, init, row + 4 * LANES);
            FloatVector s5 = FloatVector.fromArray(SPECIES, init, row + 5 * LANES);
            FloatVector s6 = FloatVector.fromArray(SPECIES, init, row + 6 * LANES);
            FloatVector s7 = FloatVector.fromArray(SPECIES, init, row + 7 * LANES);
            int last = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < last; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + columns[e] * ldb;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
                s4 = x.fma(FloatVector.fromArray(SPECIES, b, at + 4 * LANES), s4);
                s5 = x.fma(FloatVector.fromArray(SPECIES, b, at + 5 * LANES), s5);
                s6 = x.fma(FloatVector.fromArray(SPECIES, b, at + 6 * LANES), s6);
                s7 = x.fma(FloatVector.fromArray(SPECIES, b, at + 7 * LANES), s7);
            }
            int to = c0 + i * ldc;
            s0.intoArray(c, to);
            s1.intoArray(c, to + LANES);
            s2.intoArray(c, to + 2 * LANES);
            s3.intoArray(c, to + 3 * LANES);
            s4.intoArray(c, to + 4 * LANES);
            s5.intoArray(c, to + 5 * LANES);
            s6.intoArray(c, to + 6 * LANES);
            s7.intoArray(c, to + 7 * LANES);
        }
    }

    private static void seven(
            int first,
            int end,
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
        for (int i = first; i < end; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, row + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, init, row + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, init, row + 3 * LANES);
            FloatVector s4 = FloatVector.fromArray(SPECIES, init, row + 4 * LANES);
            FloatVector s5 = FloatVector.fromArray(SPECIES, init, row + 5 * LANES);
            FloatVector s6 = FloatVector.fromArray(SPECIES, init, row + 6 * LANES);
            int last = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < last; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + columns[e] * ldb;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
                s4 = x.fma(FloatVector.fromArray(SPECIES, b, at + 4 * LANES), s4);
                s5 = x.fma(FloatVector.fromArray(SPECIES, b, at + 5 * LANES), s5);
                s6 = x.fma(FloatVector.fromArray(SPECIES, b, at + 6 * LANES), s6);
            }
            int to = c0 + i * ldc;
            s0.intoArray(c, to);
            s1.intoArray(c, to + LANES);
            s2.intoArray(c, to + 2 * LANES);
            s3.intoArray(c, to + 3 * LANES);
            s4.intoArray(c, to + 4 * LANES);
            s5.intoArray(c, to + 5 * LANES);
            s6.intoArray(c, to + 6 * LANES);
        }
    }

    private static void four(
            int first,
            int end,
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
        for (int i = first; i < end; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, row + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, init, row + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, init, row + 3 * LANES);
            int last = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < last; e++) {
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
            int first,
            int end,
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
        for (int i = first; i < end; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, row + LANES);
            int last = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < last; e++) {
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
            int first,
            int end,
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
        for (int i = first; i < end; i++) {
            int row = i0 + i * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, row);
            int last = starts[segment + i * step + 1];
            for (int e = starts[segment + i * step]; e < last; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + columns[e] * ldb;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
            }
            int to = c0 + i * ldc;
            s0.intoArray(c, to);
        }
    }
}
