package io.treegrad.data;

import io.treegrad.common.EightBytes;
import java.util.Arrays;

/**
 * Takes rows of bytes piece by piece, so that of the bytes of all rows only those that are not zero are ever in memory.
 */
public final class ByteRowsBuilder {
    /** Of values, beside what the rows so far let expect, so that the arrays seldom grow. */
    private static final double ROOM_TO_SPARE = 1.02;

    private final int features;
    private final byte[] labels;
    private final long[] occupied;
    private final int[] starts;
    private byte[] values = {};
    private int rows;

    /** @param labels of all rows, which must not be changed afterwards */
    public ByteRowsBuilder(int features, byte[] labels) {
        if (features < 1) {
            throw new IllegalArgumentException("rows of " + features + " features.");
        }
        this.features = features;
        this.labels = labels;
        this.occupied = new long[Math.multiplyExact(labels.length, ByteRows.wordsPerRow(features))];
        this.starts = new int[labels.length + 1];
    }

    /**
     * Rows of these bytes, which are copied; the labels are kept and must not be changed afterwards.
     *
     * @param bytes unsigned, row after row   [rows × features]
     * @param labels unsigned, so at most 256 classes   [rows]
     */
    public static ByteRows rowsOf(int features, byte[] bytes, byte[] labels) {
        return new ByteRowsBuilder(features, labels).add(bytes).build();
    }

    /** Adds the next rows, whose bytes are copied. */
    public ByteRowsBuilder add(byte[] bytes) {
        if (bytes.length % features != 0) {
            throw new IllegalArgumentException(bytes.length + " values do not fill rows of " + features + " features.");
        }
        return add(bytes, bytes.length / features);
    }

    /** Adds the next rows, which are copied from the first bytes. */
    public ByteRowsBuilder add(byte[] bytes, int added) {
        if (added > labels.length - rows) {
            throw new IllegalArgumentException(
                    added + " rows are more than the " + (labels.length - rows) + " that are left.");
        }
        int words = ByteRows.wordsPerRow(features);
        for (int row = 0; row < added; row++) {
            int count = 0;
            for (int word = 0; word < words; word++) {
                int from = row * features + word * Long.SIZE;
                long bits = EightBytes.occupied(bytes, from, Math.min(from + Long.SIZE, (row + 1) * features));
                occupied[(rows + row) * words + word] = bits;
                count += Long.bitCount(bits);
            }
            starts[rows + row + 1] = Math.addExact(starts[rows + row], count);
        }
        reserve(starts[rows + added], rows + added);
        int at = starts[rows];
        for (int row = 0; row < added; row++) {
            for (int word = 0; word < words; word++) {
                long bits = occupied[(rows + row) * words + word];
                EightBytes.copy(bytes, row * features + word * Long.SIZE, bits, values, at);
                at += Long.bitCount(bits);
            }
        }
        rows += added;
        return this;
    }

    /** Makes room for that many values of so many rows; where it must, also for the rest, if that has as many a row. */
    private void reserve(int needed, int ofRows) {
        if (needed > values.length - EightBytes.OVERRUN) {
            double all = ofRows == labels.length ? needed : ROOM_TO_SPARE * needed / ofRows * labels.length;
            double length = Math.max(needed, all) + EightBytes.OVERRUN;
            values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - Long.BYTES, length));
        }
    }

    /** The rows, which take over what was built. */
    public ByteRows build() {
        if (rows != labels.length) {
            throw new IllegalArgumentException(rows + " rows with " + labels.length + " labels.");
        }
        return new ByteRows(features, occupied, values, starts, labels);
    }
}
