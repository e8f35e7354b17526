package io.treegrad.network;

import io.treegrad.common.UserError;
import java.util.Locale;

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
        this.features = features;
        this.inputs = new float[size(capacity, features, "features")];
        this.labels = new int[capacity];
    }

    /** {@code rows · width}, if an array can be that long. */
    static int size(int rows, int width, String columns) {
        if ((long) rows * width > Integer.MAX_VALUE - 8) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            String.format(
                                    Locale.ROOT,
                                    "a block of %,d rows of %,d %s does not fit into one array: use more shards",
                                    rows,
                                    width,
                                    columns))
                    .mendedBy("shards");
        }
        return rows * width;
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
