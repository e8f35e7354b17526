package io.treegrad.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of {@code C += x B} with a sparse x: a row by some vectors, which stay in registers while the elements of a word of
 * the row are gone through. A method for each number of vectors, written out as in {@link VectorTiles}.
 */
final class VectorSparseRows {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final int LANES = VectorTiles.LANES;

    private VectorSparseRows() {}

    /**
     * Adds what one word of each row contributes.
     *
     * @param b from b0 on the rows of B that the columns of this word name, ldb apart
     * @param c all rows of C, {@code width} apart
     */
    static void tile(SparseMatrix x, int word, int width, float[] b, int b0, int ldb, float[] c) {
        int rows = x.rows();
        int words = x.words();
        long[] occupied = x.occupied();
        int[] starts = x.starts();
        float[] values = x.values();
        switch (width / LANES) {
            case 8 -> eight(rows, word, words, occupied, starts, values, b, b0, ldb, c);
            case 7 -> seven(rows, word, words, occupied, starts, values, b, b0, ldb, c);
            case 4 -> four(rows, word, words, occupied, starts, values, b, b0, ldb, c);
            case 2 -> two(rows, word, words, occupied, starts, values, b, b0, ldb, c);
            default -> one(rows, word, words, occupied, starts, values, b, b0, ldb, c);
        }
    }

    private static void eight(
            int rows,
            int word,
            int words,
            long[] occupied,
            int[] starts,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] c) {
        for (int i = 0; i < rows; i++) {
            int row = i * 8 * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, c, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, c, row + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, c, row + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, c, row + 3 * LANES);
            FloatVector s4 = FloatVector.fromArray(SPECIES, c, row + 4 * LANES);
            FloatVector s5 = FloatVector.fromArray(SPECIES, c, row + 5 * LANES);
            FloatVector s6 = FloatVector.fromArray(SPECIES, c, row + 6 * LANES);
            FloatVector s7 = FloatVector.fromArray(SPECIES, c, row + 7 * LANES);
            long bits = occupied[i * words + word];
            int first = starts[i * words + word];
            int end = first + Long.bitCount(bits);
            for (int e = first; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + Long.numberOfTrailingZeros(bits) * ldb;
                bits &= bits - 1;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
                s4 = x.fma(FloatVector.fromArray(SPECIES, b, at + 4 * LANES), s4);
                s5 = x.fma(FloatVector.fromArray(SPECIES, b, at + 5 * LANES), s5);
                s6 = x.fma(FloatVector.fromArray(SPECIES, b, at + 6 * LANES), s6);
                s7 = x.fma(FloatVector.fromArray(SPECIES, b, at + 7 * LANES), s7);
            }
            s0.intoArray(c, row);
            s1.intoArray(c, row + LANES);
            s2.intoArray(c, row + 2 * LANES);
            s3.intoArray(c, row + 3 * LANES);
            s4.intoArray(c, row + 4 * LANES);
            s5.intoArray(c, row + 5 * LANES);
            s6.intoArray(c, row + 6 * LANES);
            s7.intoArray(c, row + 7 * LANES);
        }
    }

    private static void seven(
            int rows,
            int word,
            int words,
            long[] occupied,
            int[] starts,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] c) {
        for (int i = 0; i < rows; i++) {
            int row = i * 7 * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, c, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, c, row + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, c, row + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, c, row + 3 * LANES);
            FloatVector s4 = FloatVector.fromArray(SPECIES, c, row + 4 * LANES);
            FloatVector s5 = FloatVector.fromArray(SPECIES, c, row + 5 * LANES);
            FloatVector s6 = FloatVector.fromArray(SPECIES, c, row + 6 * LANES);
            long bits = occupied[i * words + word];
            int first = starts[i * words + word];
            int end = first + Long.bitCount(bits);
            for (int e = first; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + Long.numberOfTrailingZeros(bits) * ldb;
                bits &= bits - 1;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
                s4 = x.fma(FloatVector.fromArray(SPECIES, b, at + 4 * LANES), s4);
                s5 = x.fma(FloatVector.fromArray(SPECIES, b, at + 5 * LANES), s5);
                s6 = x.fma(FloatVector.fromArray(SPECIES, b, at + 6 * LANES), s6);
            }
            s0.intoArray(c, row);
            s1.intoArray(c, row + LANES);
            s2.intoArray(c, row + 2 * LANES);
            s3.intoArray(c, row + 3 * LANES);
            s4.intoArray(c, row + 4 * LANES);
            s5.intoArray(c, row + 5 * LANES);
            s6.intoArray(c, row + 6 * LANES);
        }
    }

    private static void four(
            int rows,
            int word,
            int words,
            long[] occupied,
            int[] starts,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] c) {
        for (int i = 0; i < rows; i++) {
            int row = i * 4 * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, c, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, c, row + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, c, row + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, c, row + 3 * LANES);
            long bits = occupied[i * words + word];
            int first = starts[i * words + word];
            int end = first + Long.bitCount(bits);
            for (int e = first; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + Long.numberOfTrailingZeros(bits) * ldb;
                bits &= bits - 1;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
                s2 = x.fma(FloatVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
                s3 = x.fma(FloatVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
            }
            s0.intoArray(c, row);
            s1.intoArray(c, row + LANES);
            s2.intoArray(c, row + 2 * LANES);
            s3.intoArray(c, row + 3 * LANES);
        }
    }

    private static void two(
            int rows,
            int word,
            int words,
            long[] occupied,
            int[] starts,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] c) {
        for (int i = 0; i < rows; i++) {
            int row = i * 2 * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, c, row);
            FloatVector s1 = FloatVector.fromArray(SPECIES, c, row + LANES);
            long bits = occupied[i * words + word];
            int first = starts[i * words + word];
            int end = first + Long.bitCount(bits);
            for (int e = first; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + Long.numberOfTrailingZeros(bits) * ldb;
                bits &= bits - 1;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
                s1 = x.fma(FloatVector.fromArray(SPECIES, b, at + LANES), s1);
            }
            s0.intoArray(c, row);
            s1.intoArray(c, row + LANES);
        }
    }

    private static void one(
            int rows,
            int word,
            int words,
            long[] occupied,
            int[] starts,
            float[] values,
            float[] b,
            int b0,
            int ldb,
            float[] c) {
        for (int i = 0; i < rows; i++) {
            int row = i * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, c, row);
            long bits = occupied[i * words + word];
            int first = starts[i * words + word];
            int end = first + Long.bitCount(bits);
            for (int e = first; e < end; e++) {
                FloatVector x = FloatVector.broadcast(SPECIES, values[e]);
                int at = b0 + Long.numberOfTrailingZeros(bits) * ldb;
                bits &= bits - 1;
                s0 = x.fma(FloatVector.fromArray(SPECIES, b, at), s0);
            }
            s0.intoArray(c, row);
        }
    }
}
