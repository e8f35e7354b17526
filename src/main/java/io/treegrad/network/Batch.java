package io.treegrad.network;

import io.treegrad.common.UserError;
import java.util.Locale;

/**
 * A block of rows ready for the first layer: scaled inputs and labels. Filled by its owner before each use and reused
 * for every step; one thread at a time. The two kinds hold the same mathematics; which of them a data set gets depends
 * on its kind alone, since their orders of additions differ.
 */
public abstract sealed class Batch permits DenseBatch, SparseBatch {
    private final int features;
    private final float[] targets;
    /** Null where all rows count the same. */
    private float[] weights;

    private int rows;

    Batch(int capacity, int features) {
        this.features = features;
        this.targets = new float[capacity];
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
                    .fixedBy("shards");
        }
        return rows * width;
    }

    /** The class of each row, or the number that is to be predicted.   [capacity] */
    public float[] targets() {
        return targets;
    }

    /**
     * How many rows each row counts as; null where all count as one. Whether there are weights depends on the kind of
     * the data alone, since the order of additions does.   [capacity]
     */
    public float[] weights() {
        return weights;
    }

    /** Prepares for rows that have weights. */
    public void setWeighted() {
        weights = new float[targets.length];
    }

    public int rows() {
        return rows;
    }

    public int features() {
        return features;
    }

    public int capacity() {
        return targets.length;
    }

    /** Takes all rows out. */
    public void clear() {
        rows = 0;
    }

    /** Does ahead of its time what a gradient needs of the rows beyond a forward pass. */
    public void prepareGradient() {}

    /** x of a row. */
    abstract float input(int row, int feature);

    /** (1) of the first layer: z {@code [rows × n_1]}. */
    abstract void forward(Kernels kernels, Layer layer, float[] theta, float[] z);

    /** Whether (6) asks for the column sums of delta. */
    abstract boolean hasConstants();

    /**
     * (6) of the first layer, at its place in the gradient.
     *
     * @param sums column sums of delta, read only where {@link #hasConstants()}   [n_1]
     */
    abstract void weightGradient(Kernels kernels, Layer layer, float[] delta, float[] sums, float[] gradient);

    final void countRows(int count) {
        if (count < 0 || count > capacity()) {
            throw new IllegalArgumentException(count + " rows in a block of at most " + capacity());
        }
        rows = count;
    }
}
