package io.treegrad.network;

import java.util.Arrays;

/**
 * The non-zero elements of a matrix, row after row, and a bit for each element that tells whether it is one of them, in
 * buffers that grow and are kept. The bits are also kept by column, so that a kernel can go down the columns: the values
 * themselves need no second order, since each column takes the next value of each of its rows.
 *
 * <p>Filled from its first row on; one thread at a time.
 */
final class SparseMatrix {
    /** Columns of a word, and rows of a block. */
    static final int BITS = Long.SIZE;

    private final int width;
    private final int words;
    private int rows;
    private long[] occupied = new long[0];
    private int[] starts = new int[1];
    private float[] values = new float[0];
    private long[] byColumn = new long[0];
    private boolean transposed;

    private final long[] square = new long[BITS];

    /** A matrix without rows. */
    SparseMatrix(int width) {
        this.width = width;
        this.words = (width + BITS - 1) / BITS;
    }

    int rows() {
        return rows;
    }

    int width() {
        return width;
    }

    /** How many there are in a row. */
    int words() {
        return words;
    }

    /** How many there are in a column. */
    int blocks() {
        return (rows + BITS - 1) / BITS;
    }

    /** Bit p % 64 of word p / 64 of a row tells whether element p is not zero.   [rows × words] */
    long[] occupied() {
        return occupied;
    }

    /** Where the values of each word of each row start; the last is their number.   [rows · words + 1] */
    int[] starts() {
        return starts;
    }

    /** Those that are not zero, row after row. */
    float[] values() {
        return values;
    }

    /**
     * Bit i % 64 tells of a column and a block whether element i is not zero, at {@link #column}; valid after {@link #transpose}.
     */
    long[] byColumn() {
        return byColumn;
    }

    /** Where the first column of a block of 64 rows lies in {@link #byColumn}; the others follow. */
    int column(int block) {
        return block * words * BITS;
    }

    void clear() {
        rows = 0;
        transposed = false;
    }

    /** Makes room for one more row. */
    private void reserve(int elements) {
        int first = rows * words;
        if (occupied.length < first + words) {
            int size = Math.max(first + words, 2 * occupied.length);
            occupied = Arrays.copyOf(occupied, size);
            starts = Arrays.copyOf(starts, size + 1);
        }
        int needed = Math.addExact(starts[first], elements);
        if (needed > values.length) {
            values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * values.length)));
        }
    }

    /** Adds a row of bytes, of which a bit tells whether it is not zero, as {@link SparseBatch#addRow} describes them. */
    void addRow(long[] bits, int firstWord, byte[] bytes, int firstValue, ByteScale scale) {
        int elements = 0;
        for (int word = 0; word < words; word++) {
            elements += Long.bitCount(bits[firstWord + word]);
        }
        reserve(elements);
        int first = rows * words;
        int at = starts[first];
        scale.products(bits, firstWord, words, bytes, firstValue, values, at, elements);
        for (int word = 0; word < words; word++) {
            long w = bits[firstWord + word];
            occupied[first + word] = w;
            starts[first + word] = at;
            at += Long.bitCount(w);
        }
        endRow(at);
    }

    /** Adds a row; its zeros are left out. */
    void addRow(float[] row) {
        reserve(width);
        int first = rows * words;
        int at = starts[first];
        for (int word = 0; word < words; word++) {
            starts[first + word] = at;
            long bits = 0;
            for (int p = word * BITS; p < Math.min(width, (word + 1) * BITS); p++) {
                if (row[p] != 0) {
                    bits |= 1L << p;
                    values[at++] = row[p];
                }
            }
            occupied[first + word] = bits;
        }
        endRow(at);
    }

    private void endRow(int end) {
        rows++;
        starts[rows * words] = end;
        transposed = false;
    }

    /** Any element; for checks, not for kernels. */
    float value(int row, int column) {
        int word = row * words + column / BITS;
        long before = (1L << column) - 1;
        return (occupied[word] & 1L << column) == 0 ? 0 : values[starts[word] + Long.bitCount(occupied[word] & before)];
    }

    /** Brings {@link #byColumn} up to date. */
    void transpose() {
        if (transposed) {
            return;
        }
        int size = Math.multiplyExact(blocks() * words, BITS);
        if (byColumn.length < size) {
            byColumn = new long[size];
        }
        for (int block = 0; block < blocks(); block++) {
            int first = block * BITS;
            int count = Math.min(BITS, rows - first);
            for (int word = 0; word < words; word++) {
                Arrays.fill(square, count, BITS, 0);
                for (int i = 0; i < count; i++) {
                    square[i] = occupied[(first + i) * words + word];
                }
                transpose(square);
                System.arraycopy(square, 0, byColumn, column(block) + word * BITS, BITS);
            }
        }
        transposed = true;
    }

    /**
     * Transposes 64 × 64 bits: swaps the quarters off the diagonal, then those of each quarter, and so on. H. S. Warren,
     * "Hacker's Delight", section 7-3.
     */
    private static void transpose(long[] square) {
        long mask = 0x00000000FFFFFFFFL;
        for (int half = BITS / 2; half > 0; half /= 2) {
            for (int row = 0; row < BITS; row = (row + half + 1) & ~half) {
                long swapped = ((square[row] >>> half) ^ square[row + half]) & mask;
                square[row] ^= swapped << half;
                square[row + half] ^= swapped;
            }
            mask ^= mask << (half / 2);
        }
    }
}
