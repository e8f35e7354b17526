package io.treegrad.data;

import java.util.Arrays;

/** Rows of unsigned bytes, as in IDX files: a quarter of the memory that floats would take. */
public final class ByteRows implements Rows {
    private static final long serialVersionUID = 1;

    private final int features;
    private final byte[] values;
    private final byte[] labels;

    /**
     * Keeps both arrays: the caller must not change them afterwards.
     *
     * @param values unsigned, row after row   [rows × features]
     * @param labels unsigned, so at most 256 classes   [rows]
     */
    public ByteRows(int features, byte[] values, byte[] labels) {
        if (features < 1 || values.length != (long) features * labels.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill " + labels.length + " rows of " + features + " features.");
        }
        this.features = features;
        this.values = values;
        this.labels = labels;
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
    public int label(int row) {
        return labels[row] & 0xFF;
    }

    @Override
    public float value(int row, int feature) {
        return values[row * features + feature] & 0xFF;
    }

    @Override
    public void scaleInto(int row, Scaling scaling, float[] target, int at) {
        scaling.bytes(values, row * features, features, target, at);
    }

    static ByteRows join(ByteRows first, ByteRows second) {
        byte[] values = Arrays.copyOf(first.values, Math.addExact(first.values.length, second.values.length));
        System.arraycopy(second.values, 0, values, first.values.length, second.values.length);
        byte[] labels = Arrays.copyOf(first.labels, first.labels.length + second.labels.length);
        System.arraycopy(second.labels, 0, labels, first.labels.length, second.labels.length);
        return new ByteRows(first.features, values, labels);
    }
}
