package io.treegrad.data;

import io.treegrad.common.EightBytes;
import io.treegrad.network.Batch;
import io.treegrad.network.SparseBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of unsigned bytes, as in IDX files, kept as their bytes that are not zero: a bit for each byte tells whether it
 * is one of them. Of MNIST, 81 % are zero, so that a row takes a third of its bytes; a row without zeros an eighth more.
 * Made by {@link ByteRowsBuilder}.
 */
public final class ByteRows implements Rows {
    private static final long serialVersionUID = 1;

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

    /** Takes over these arrays, which are as the fields say. */
    ByteRows(int features, long[] occupied, byte[] values, int[] starts, byte[] labels) {
        this.features = features;
        this.occupied = occupied;
        this.values = values;
        this.starts = starts;
        this.labels = labels;
    }

    static int wordsPerRow(int features) {
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
