package io.treegrad.data;

import io.treegrad.common.EightBytes;
import io.treegrad.network.Batch;
import io.treegrad.network.SparseBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of unsigned bytes, as in IDX files, kept as their bytes that are not zero: a bit for each byte tells whether it
 * is one of them. Of MNIST, 81 % are zero, so that a row takes a third of its bytes; a row without zeros an eighth more.
 */
public final class ByteRows implements Rows {
    private static final long serialVersionUID = 1;

    /** Of values, beside what the rows so far let expect, so that the arrays seldom grow. */
    private static final double ROOM_TO_SPARE = 1.02;
    /** Bytes that come from the memory together. */
    private static final int CACHE_LINE = 64;

    private final int features;
    /** Bit p of the words of a row is set where byte p is not zero.   [rows × wordsPerRow] */
    private final long[] occupied;
    /** The bytes that are not zero, row after row.   [starts[rows], and some to spare] */
    private final byte[] values;
    /** Where the values of a row begin.   [rows + 1] */
    private final int[] starts;

    private final byte[] labels;

    /**
     * Rows of these bytes, which are copied; the labels are kept and must not be changed afterwards.
     *
     * @param bytes unsigned, row after row   [rows × features]
     * @param labels unsigned, so at most 256 classes   [rows]
     */
    public ByteRows(int features, byte[] bytes, byte[] labels) {
        this(new Builder(features, labels).add(bytes));
    }

    private ByteRows(Builder whole) {
        this(whole.features, whole.occupied, whole.values, whole.starts, whole.labels);
        if (whole.rows != labels.length) {
            throw new IllegalArgumentException(whole.rows + " rows with " + labels.length + " labels.");
        }
    }

    /** Takes rows piece by piece, so that of the bytes of all rows only those that are not zero are ever in memory. */
    public static final class Builder {
        private final int features;
        private final byte[] labels;
        private final long[] occupied;
        private final int[] starts;
        private byte[] values = {};
        private int rows;

        /** @param labels of all rows, which must not be changed afterwards */
        public Builder(int features, byte[] labels) {
            if (features < 1) {
                throw new IllegalArgumentException("rows of " + features + " features.");
            }
            this.features = features;
            this.labels = labels;
            this.occupied = new long[Math.multiplyExact(labels.length, wordsPerRow(features))];
            this.starts = new int[labels.length + 1];
        }

        /** Adds the next rows, whose bytes are copied. */
        public Builder add(byte[] bytes) {
            if (bytes.length % features != 0) {
                throw new IllegalArgumentException(
                        bytes.length + " values do not fill rows of " + features + " features.");
            }
            return add(bytes, bytes.length / features);
        }

        /** Adds the next rows, which are copied from the first bytes. */
        public Builder add(byte[] bytes, int added) {
            if (added > labels.length - rows) {
                throw new IllegalArgumentException(
                        added + " rows are more than the " + (labels.length - rows) + " that are left.");
            }
            int words = wordsPerRow(features);
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

        public ByteRows build() {
            return new ByteRows(this);
        }
    }

    private ByteRows(int features, long[] occupied, byte[] values, int[] starts, byte[] labels) {
        this.features = features;
        this.occupied = occupied;
        this.values = values;
        this.starts = starts;
        this.labels = labels;
    }

    private static int wordsPerRow(int features) {
        return (features + Long.SIZE - 1) / Long.SIZE;
    }

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public boolean areBytes() {
        return true;
    }

    @Override
    public long bytes() {
        return (long) Long.BYTES * occupied.length
                + values.length
                + (long) Integer.BYTES * starts.length
                + labels.length;
    }

    @Override
    public float target(int row) {
        return labels[row] & 0xFF;
    }

    @Override
    public float value(int row, int feature) {
        int word = row * wordsPerRow(features) + feature / Long.SIZE;
        if ((occupied[word] & (1L << feature)) == 0) {
            return 0;
        }
        int at = starts[row] + Long.bitCount(occupied[word] & ((1L << feature) - 1));
        for (int before = row * wordsPerRow(features); before < word; before++) {
            at += Long.bitCount(occupied[before]);
        }
        return values[at] & 0xFF;
    }

    @Override
    public int nonZero(int row, int[] nonZeroFeatures, float[] nonZeroValues) {
        int words = wordsPerRow(features);
        int count = 0;
        for (int word = 0; word < words; word++) {
            for (long bits = occupied[row * words + word]; bits != 0; bits &= bits - 1) {
                nonZeroFeatures[count] = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                nonZeroValues[count] = values[starts[row] + count] & 0xFF;
                count++;
            }
        }
        return count;
    }

    @Override
    public ByteRows select(int[] positions) {
        int words = wordsPerRow(features);
        long[] selectedOccupied = new long[Math.multiplyExact(positions.length, words)];
        int[] selectedStarts = new int[positions.length + 1];
        byte[] selectedLabels = new byte[positions.length];
        for (int i = 0; i < positions.length; i++) {
            int row = positions[i];
            System.arraycopy(occupied, row * words, selectedOccupied, i * words, words);
            selectedStarts[i + 1] = selectedStarts[i] + starts[row + 1] - starts[row];
            selectedLabels[i] = labels[row];
        }
        byte[] selectedValues = new byte[selectedStarts[positions.length]];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(
                    values,
                    starts[positions[i]],
                    selectedValues,
                    selectedStarts[i],
                    selectedStarts[i + 1] - selectedStarts[i]);
        }
        return new ByteRows(features, selectedOccupied, selectedValues, selectedStarts, selectedLabels);
    }

    @Override
    public long valuesHash(int row) {
        int words = wordsPerRow(features);
        long hash = features;
        for (int word = row * words; word < (row + 1) * words; word++) {
            hash = Sampling.mixed(hash, occupied[word]);
        }
        int at = starts[row];
        for (; at <= starts[row + 1] - Long.BYTES; at += Long.BYTES) {
            hash = Sampling.mixed(hash, EightBytes.at(values, at));
        }
        for (; at < starts[row + 1]; at++) {
            hash = Sampling.mixed(hash, values[at]);
        }
        return hash;
    }

    @Override
    public void scaleInto(int row, Scaling scaling, float[] target, int at) {
        for (int feature = 0; feature < features; feature++) {
            target[at + feature] = scaling.apply(0, feature);
        }
        int next = starts[row];
        for (int word = 0; word < wordsPerRow(features); word++) {
            for (long bits = occupied[row * wordsPerRow(features) + word]; bits != 0; bits &= bits - 1) {
                int feature = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                target[at + feature] = scaling.apply(values[next++] & 0xFF, feature);
            }
        }
    }

    @Override
    public SparseBatch newBatch(int capacity) {
        return new SparseBatch(capacity, features);
    }

    @Override
    public long fetch(int row) {
        int words = wordsPerRow(features);
        long read = 0;
        for (int word = 0; word < words; word += CACHE_LINE / Long.BYTES) {
            read += occupied[row * words + word];
        }
        for (int at = starts[row]; at < starts[row + 1]; at += CACHE_LINE) {
            read += values[at];
        }
        return read;
    }

    @Override
    public void addTo(Batch batch, int row, Scaling scaling) {
        ((SparseBatch) batch)
                .addRow(
                        occupied,
                        row * wordsPerRow(features),
                        values,
                        starts[row],
                        scaling.ofBytes(features),
                        labels[row] & 0xFF);
    }

    @Override
    public int storedBytes(int row) {
        return 1 + wordsPerRow(features) * Long.BYTES + starts[row + 1] - starts[row];
    }

    @Override
    public void store(int row, ByteBuffer target) {
        target.put(labels[row]);
        int words = wordsPerRow(features);
        target.asLongBuffer().put(occupied, row * words, words);
        target.position(target.position() + words * Long.BYTES);
        target.put(values, starts[row], starts[row + 1] - starts[row]);
    }

    @Override
    public ByteRows restored(ByteBuffer stored) {
        byte[] label = {stored.get()};
        long[] bits = new long[wordsPerRow(features)];
        stored.asLongBuffer().get(bits);
        stored.position(stored.position() + bits.length * Long.BYTES);
        byte[] nonZero = new byte[stored.remaining()];
        stored.get(nonZero);
        return new ByteRows(features, bits, nonZero, new int[] {0, nonZero.length}, label);
    }

    static ByteRows join(ByteRows first, ByteRows second) {
        long[] occupied = Arrays.copyOf(first.occupied, Math.addExact(first.occupied.length, second.occupied.length));
        System.arraycopy(second.occupied, 0, occupied, first.occupied.length, second.occupied.length);
        int firstValues = first.starts[first.count()];
        int secondValues = second.starts[second.count()];
        byte[] values = Arrays.copyOf(first.values, Math.addExact(firstValues, secondValues));
        System.arraycopy(second.values, 0, values, firstValues, secondValues);
        int[] starts = Arrays.copyOf(first.starts, first.starts.length + second.labels.length);
        for (int row = 1; row <= second.labels.length; row++) {
            starts[first.labels.length + row] = firstValues + second.starts[row];
        }
        byte[] labels = Arrays.copyOf(first.labels, first.labels.length + second.labels.length);
        System.arraycopy(second.labels, 0, labels, first.labels.length, second.labels.length);
        return new ByteRows(first.features, occupied, values, starts, labels);
    }
}
