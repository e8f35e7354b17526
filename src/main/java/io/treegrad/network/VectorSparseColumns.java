package io.treegrad.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of {@code C = init + xᵀ B} with a sparse x: a column of x by some vectors, which stay in registers while the elements
 * of a block of the column are gone through. A method for each number of vectors, written out as in {@link VectorTiles}.
 */
final class VectorSparseColumns {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final int LANES = VectorTiles.LANES;

    private VectorSparseColumns() {}

    /**
     * Columns {@code first} to {@code end} of x, as far as they are in one block of rows.
     *
     * @param next where the next value of each row of the block is; each that is used moves its row on by one
     * @param b the rows of B of this block, packed
     * @param constants what init is multiplied by for each column of x, or null
     * @param init what each row of C begins with; C itself where sums go on in it
     * @param ldi from a row of init to the next, 0 where all begin with the same; ldc the same of C
     */
    static void tile(
            SparseMatrix x,
            int block,
            int first,
            int end,
            int[] next,
            int width,
            float[] b,
            float[] constants,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        long[] byColumn = x.byColumn();
        int at = x.column(block);
        float[] values = x.values();
        switch (width / LANES) {
            case 8 -> eight(first, end, byColumn, at, next, values, b, constants, init, i0, ldi, c, c0, ldc);
            case 7 -> seven(first, end, byColumn, at, next, values, b, constants, init, i0, ldi, c, c0, ldc);
            case 4 -> four(first, end, byColumn, at, next, values, b, constants, init, i0, ldi, c, c0, ldc);
            case 2 -> two(first, end, byColumn, at, next, values, b, constants, init, i0, ldi, c, c0, ldc);
            default -> one(first, end, byColumn, at, next, values, b, constants, init, i0, ldi, c, c0, ldc);
        }
    }

    private static void eight(
            int first,
            int end,
            long[] byColumn,
            int column,
            int[] next,
            float[] values,
            float[] b,
            float[] constants,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int p = first; p < end; p++) {
            int to = c0 + p * ldc;
            int from = i0 + p * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, from + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, init, from + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, init, from + 3 * LANES);
            FloatVector s4 = FloatVector.fromArray(SPECIES, init, from + 4 * LANES);
            FloatVector s5 = FloatVector.fromArray(SPECIES, init, from + 5 * LANES);
            FloatVector s6 = FloatVector.fromArray(SPECIES, init, from + 6 * LANES);
            FloatVector s7 = FloatVector.fromArray(SPECIES, init, from + 7 * LANES);
            if (constants != null) {
                s0 = s0.mul(constants[p]);
                s1 = s1.mul(constants[p]);
                s2 = s2.mul(constants[p]);
                s3 = s3.mul(constants[p]);
                s4 = s4.mul(constants[p]);
                s5 = s5.mul(constants[p]);
                s6 = s6.mul(constants[p]);
                s7 = s7.mul(constants[p]);
            }
            long bits = byColumn[column + p];
            int count = Long.bitCount(bits);
            for (int e = 0; e < count; e++) {
                int i = Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                int value = next[i]++;
                FloatVector x = FloatVector.broadcast(SPECIES, values[value]);
                int at = VectorPanels.START + i * 8 * LANES;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
                s4 = x.fma(FloatVector.fromArray(SPECIES, b, at + 4 * LANES), s4);
                s5 = x.fma(FloatVector.fromArray(SPECIES, b, at + 5 * LANES), s5);
                s6 = x.fma(FloatVector.fromArray(SPECIES, b, at + 6 * LANES), s6);
                s7 = x.fma(FloatVector.fromArray(SPECIES, b, at + 7 * LANES), s7);
            }
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
            long[] byColumn,
            int column,
            int[] next,
            float[] values,
            float[] b,
            float[] constants,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int p = first; p < end; p++) {
            int to = c0 + p * ldc;
            int from = i0 + p * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, from + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, init, from + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, init, from + 3 * LANES);
            FloatVector s4 = FloatVector.fromArray(SPECIES, init, from + 4 * LANES);
            FloatVector s5 = FloatVector.fromArray(SPECIES, init, from + 5 * LANES);
            FloatVector s6 = FloatVector.fromArray(SPECIES, init, from + 6 * LANES);
            if (constants != null) {
                s0 = s0.mul(constants[p]);
                s1 = s1.mul(constants[p]);
                s2 = s2.mul(constants[p]);
                s3 = s3.mul(constants[p]);
                s4 = s4.mul(constants[p]);
                s5 = s5.mul(constants[p]);
                s6 = s6.mul(constants[p]);
            }
            long bits = byColumn[column + p];
            int count = Long.bitCount(bits);
            for (int e = 0; e < count; e++) {
                int i = Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                int value = next[i]++;
                FloatVector x = FloatVector.broadcast(SPECIES, values[value]);
                int at = VectorPanels.START + i * 7 * LANES;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
                s4 = x.fma(FloatVector.fromArray(SPECIES, b, at + 4 * LANES), s4);
                s5 = x.fma(FloatVector.fromArray(SPECIES, b, at + 5 * LANES), s5);
                s6 = x.fma(FloatVector.fromArray(SPECIES, b, at + 6 * LANES), s6);
            }
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
            long[] byColumn,
            int column,
            int[] next,
            float[] values,
            float[] b,
            float[] constants,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int p = first; p < end; p++) {
            int to = c0 + p * ldc;
            int from = i0 + p * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, from + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, init, from + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, init, from + 3 * LANES);
            if (constants != null) {
                s0 = s0.mul(constants[p]);
                s1 = s1.mul(constants[p]);
                s2 = s2.mul(constants[p]);
                s3 = s3.mul(constants[p]);
            }
            long bits = byColumn[column + p];
            int count = Long.bitCount(bits);
            for (int e = 0; e < count; e++) {
                int i = Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                int value = next[i]++;
                FloatVector x = FloatVector.broadcast(SPECIES, values[value]);
                int at = VectorPanels.START + i * 4 * LANES;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
            }
            s0.intoArray(c, to);
            s1.intoArray(c, to + LANES);
            s2.intoArray(c, to + 2 * LANES);
            s3.intoArray(c, to + 3 * LANES);
        }
    }

    private static void two(
            int first,
            int end,
            long[] byColumn,
            int column,
            int[] next,
            float[] values,
            float[] b,
            float[] constants,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int p = first; p < end; p++) {
            int to = c0 + p * ldc;
            int from = i0 + p * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, from);
            FloatVector s1 = FloatVector.fromArray(SPECIES, init, from + LANES);
            if (constants != null) {
                s0 = s0.mul(constants[p]);
                s1 = s1.mul(constants[p]);
            }
            long bits = byColumn[column + p];
            int count = Long.bitCount(bits);
            for (int e = 0; e < count; e++) {
                int i = Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                int value = next[i]++;
                FloatVector x = FloatVector.broadcast(SPECIES, values[value]);
                int at = VectorPanels.START + i * 2 * LANES;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
            }
            s0.intoArray(c, to);
            s1.intoArray(c, to + LANES);
        }
    }

    private static void one(
            int first,
            int end,
            long[] byColumn,
            int column,
            int[] next,
            float[] values,
            float[] b,
            float[] constants,
            float[] init,
            int i0,
            int ldi,
            float[] c,
            int c0,
            int ldc) {
        for (int p = first; p < end; p++) {
            int to = c0 + p * ldc;
            int from = i0 + p * ldi;
            FloatVector s0 = FloatVector.fromArray(SPECIES, init, from);
            if (constants != null) {
                s0 = s0.mul(constants[p]);
            }
            long bits = byColumn[column + p];
            int count = Long.bitCount(bits);
            for (int e = 0; e < count; e++) {
                int i = Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                int value = next[i]++;
                FloatVector x = FloatVector.broadcast(SPECIES, values[value]);
                int at = VectorPanels.START + i * LANES;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
            }
            s0.intoArray(c, to);
        }
    }
}
