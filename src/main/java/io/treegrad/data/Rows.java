package io.treegrad.data;

import io.treegrad.common.Sha256;
import io.treegrad.network.Batch;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/** Labelled rows, unscaled, in the form in which they were stored. Immutable. */
public sealed interface Rows extends Serializable permits ByteRows, FloatRows, RowsOnDisk {
    int count();

    /** Values of one row. */
    int features();

    /** Whether the values are bytes, of which only those that are not zero take part in products. */
    default boolean areBytes() {
        return false;
    }

    /** About how much memory they take. */
    long bytes();

    /** Class of a row, from 0, or the number to predict. */
    float target(int row);

    /** Class of a row, from 0. */
    default int label(int row) {
        return (int) target(row);
    }

    /** Whether rows have weights, which depends on the kind of the data alone. */
    default boolean areWeighted() {
        return false;
    }

    /** How many rows a row counts as. */
    default float weight(int row) {
        return 1;
    }

    /** One value as it was stored. */
    float value(int row, int feature);

    /**
     * Writes the values of a row that are not 0, as they were stored, in the order of the features.
     *
     * @param nonZeroFeatures receives which they are, and {@code nonZeroValues} what they are   [features]
     * @return how many there are
     */
    int nonZero(int row, int[] nonZeroFeatures, float[] nonZeroValues);

    /** The rows at these positions as rows of their own, which take no more memory than they need. */
    Rows select(int[] positions);

    /** A number that rows of equal values share, and hardly any others of this kind; labels do not matter. */
    long valuesHash(int row);

    /** Writes the scaled row to {@code target[at .. at + features() - 1]}. */
    void scaleInto(int row, Scaling scaling, float[] target, int at);

    /** An empty block for rows of this kind. */
    Batch newBatch(int capacity);

    /**
     * Adds a scaled row, with its target and its weight, to a block.
     *
     * @param batch of {@link #newBatch} of rows of the same kind and features
     * @param scaling the same for all rows of a block
     */
    void addTo(Batch batch, int row, Scaling scaling);

    /**
     * Brings a row that is added soon from the memory into a cache. Of rows that are fetched one right after the other, all are
     * on their way at once.
     *
     * @return a number that the caller keeps, or the JIT leaves the reading out
     */
    default long fetch(int row) {
        return 0;
    }

    /** Of a row as {@link #store} writes it. */
    int storedBytes(int row);

    /** Writes the label and the values of a row, as they were stored; its weight too where rows can have one. */
    void store(int row, ByteBuffer target);

    /** In memory, the single row that rows of the same kind and features {@linkplain #store stored}. */
    Rows restored(ByteBuffer stored);

    /** Adds what is {@linkplain #store stored} of a row to a digest. */
    default void addTo(MessageDigest digest, int row) {
        ByteBuffer stored = ByteBuffer.allocate(storedBytes(row));
        store(row, stored);
        digest.update(stored.array());
    }

    /** SHA-256 of the rows at these positions, in their order: of their labels, weights and values. */
    default String sha256(RowSet positions) {
        MessageDigest digest = Sha256.start();
        for (long i = 0; i < positions.size(); i++) {
            addTo(digest, (int) positions.at(i));
        }
        return Sha256.hex(digest);
    }

    /** The rows of some, one after the other; all have the same number of features. */
    static Rows join(List<Rows> parts) {
        int half = parts.size() / 2;
        // by halves, so that a row is copied a few times only
        return half == 0 ? parts.get(0) : join(join(parts.subList(0, half)), join(parts.subList(half, parts.size())));
    }

    /** The rows of {@code first}, then those of {@code second}; both have the same number of features. */
    static Rows join(Rows first, Rows second) {
        if (first.features() != second.features()) {
            throw new IllegalArgumentException("Rows of " + first.features() + " and of " + second.features()
                    + " features cannot be joined, expected as many in both.");
        }
        if (first.count() == 0 || second.count() == 0) {
            return first.count() == 0 ? second : first;
        }
        if (first instanceof ByteRows a && second instanceof ByteRows b) {
            return ByteRows.join(a, b);
        }
        return FloatRows.join(first, second);
    }
}
