package io.treegrad.network;

/**
 * A block of rows ready for the first layer: scaled inputs and labels. Filled by its owner before each use and reused
 * for every step; one thread at a time.
 */
public final class Batch {
    private final int features;
    private final float[] inputs;
    private final int[] labels;
    private int rows;

    /** @param capacity the most rows that the block can hold */
    public Batch(int capacity, int features) {
        if ((long) capacity * features > Integer.MAX_VALUE - 8) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "a block of %,d rows of %,d features does not fit into one array: use more --shards"
                            .formatted(capacity, features));
        }
        this.features = features;
        this.inputs = new float[capacity * features];
        this.labels = new int[capacity];
    }

    /** {@code x [capacity × features]}, row-major; only the first {@link #rows()} rows count. */
    public float[] inputs() {
        return inputs;
    }

    /** {@code [capacity]}, the class of each row. */
    public int[] labels() {
        return labels;
    }

    public int rows() {
        return rows;
    }

    public void setRows(int rows) {
        if (rows < 0 || rows > capacity()) {
            throw new IllegalArgumentException(rows + " rows in a block of at most " + capacity());
        }
        this.rows = rows;
    }

    public int features() {
        return features;
    }

    public int capacity() {
        return labels.length;
    }
}
