package io.treegrad.network;

import java.util.Arrays;

/**
 * The non-zero elements of a matrix, row after row, in buffers that grow and are kept. A row is cut into segments of
 * {@value #SEGMENT} columns, so that a kernel can go through all rows a segment at a time, while what it reads for the
 * segment stays in the caches. Filled from its first row on; one thread at a time.
 */
final class SparseMatrix {
    /** Columns of a segment; a multiple of 64. */
    static final int SEGMENT = 128;

    private int width;
    private int segments;
    private int rows;
    private int[] starts = new int[2];
    private int[] columns = new int[0];
    private float[] values = new float[0];

    /** A matrix without rows. */
    SparseMatrix(int width) {
        setWidth(width);
    }

    private void setWidth(int width) {
        this.width = width;
        this.segments = Math.max(1, (width + SEGMENT - 1) / SEGMENT);
    }

    int rows() {
        return rows;
    }

    int width() {
        return width;
    }

    /** How many there are in a row. */
    int segments() {
        return segments;
    }

    /** Where the elements of each segment of each row start; the last is their number.   [rows · segments + 1] */
    int[] starts() {
        return starts;
    }

    /** Column of each element, ascending within a row. */
    int[] columns() {
        return columns;
    }

    float[] values() {
        return values;
    }

    void clear() {
        rows = 0;
    }

    /** Makes room for one more row and tells where its elements begin. */
    private int begin(int mostElements) {
        int first = rows * segments;
        if (first + segments >= starts.length) {
            starts = Arrays.copyOf(starts, Math.max(first + segments + 1, 2 * starts.length));
        }
        int needed = Math.addExact(starts[first], mostElements);
        if (needed > values.length) {
            int size = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * values.length));
            columns = Arrays.copyOf(columns, size);
            values = Arrays.copyOf(values, size);
        }
        return starts[first];
    }

    /** Adds a row of bytes, of which a bit tells whether it is not zero, as {@link SparseBatch#addRow} describes them. */
    void addRow(long[] occupied, int firstWord, byte[] bytes, int firstValue, ByteScale scale) {
        int words = (width + Long.SIZE - 1) / Long.SIZE;
        int elements = 0;
        for (int word = 0; word < words; word++) {
            elements += Long.bitCount(occupied[firstWord + word]);
        }
        int at = begin(elements);
        int from = firstValue;
        int first = rows * segments;
        for (int word = 0; word < words; word++) {
            int column = word * Long.SIZE;
            if (column % SEGMENT == 0) {
                starts[first + column / SEGMENT] = at;
            }
            for (long bits = occupied[firstWord + word]; bits != 0; bits &= bits - 1) {
                int p = column + Long.numberOfTrailingZeros(bits);
                columns[at] = p;
                values[at++] = scale.product(bytes[from++] & 0xFF, p);
            }
        }
        rows++;
        starts[rows * segments] = at;
    }

    /** Adds a row; its zeros are left out. */
    void addRow(float[] row) {
        int at = begin(width);
        int first = rows * segments;
        for (int column = 0; column < width; column++) {
            if (column % SEGMENT == 0) {
                starts[first + column / SEGMENT] = at;
            }
            if (row[column] != 0) {
                columns[at] = column;
                values[at++] = row[column];
            }
        }
        rows++;
        starts[rows * segments] = at;
    }

    /** Any element; for checks, not for kernels. */
    float value(int row, int column) {
        int at = Arrays.binarySearch(columns, starts[row * segments], starts[(row + 1) * segments], column);
        return at < 0 ? 0 : values[at];
    }

    /** Becomes the transpose of {@code other}. */
    void transpose(SparseMatrix other) {
        setWidth(other.rows);
        rows = other.width;
        int perRow = other.segments;
        int[] otherStarts = other.starts;
        int[] otherColumns = other.columns;
        float[] otherValues = other.values;
        int count = otherStarts[other.rows * perRow];
        int size = rows * segments + 2;
        if (starts.length < size) {
            starts = new int[size];
        }
        if (values.length < count) {
            columns = new int[other.values.length];
            values = new float[other.values.length];
        }
        // A count stands two places on. Added up, the place after a segment tells where it begins, and, once each of
        // its
        // elements has moved that on by one, where it ends.
        int[] places = starts;
        Arrays.fill(places, 0, size, 0);
        for (int row = 0; row < other.rows; row++) {
            int segment = row / SEGMENT + 2;
            int end = otherStarts[(row + 1) * perRow];
            for (int e = otherStarts[row * perRow]; e < end; e++) {
                places[otherColumns[e] * segments + segment]++;
            }
        }
        for (int s = 2; s < size; s++) {
            places[s] += places[s - 1];
        }
        for (int row = 0; row < other.rows; row++) {
            int segment = row / SEGMENT + 1;
            int end = otherStarts[(row + 1) * perRow];
            for (int e = otherStarts[row * perRow]; e < end; e++) {
                int at = places[otherColumns[e] * segments + segment]++;
                columns[at] = row;
                values[at] = otherValues[e];
            }
        }
    }
}
