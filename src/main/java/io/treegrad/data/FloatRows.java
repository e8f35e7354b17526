package io.treegrad.data;

import io.treegrad.network.Batch;
import io.treegrad.network.DenseBatch;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Rows of floats with any number of classes. */
public final class FloatRows implements Rows {
    private static final long serialVersionUID = 1;

    private final int features;
    private final float[] values;
    private final int[] labels;

    /**
     * Keeps both arrays: the caller must not change them afterwards.
     *
     * @param values row after row   [rows × features]
     * @param labels from 0   [rows]
     */
    public FloatRows(int features, float[] values, int[] labels) {
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
        return labels[row];
    }

    @Override
    public float value(int row, int feature) {
        return values[row * features + feature];
    }

    @Override
    public void scaleInto(int row, Scaling scaling, float[] target, int at) {
        scaling.floats(values, row * features, features, target, at);
    }

    @Override
    public DenseBatch newBatch(int capacity) {
        return new DenseBatch(capacity, features);
    }

    @Override
    public void addTo(Batch batch, int row, Scaling scaling) {
        DenseBatch block = (DenseBatch) batch;
        int at = block.rows();
        scaleInto(row, scaling, block.inputs(), at * features);
        block.labels()[at] = labels[row];
        block.setRows(at + 1);
    }

    @Override
    public void addTo(MessageDigest digest, int row) {
        ByteBuffer stored =
                ByteBuffer.allocate(Integer.BYTES + features * Float.BYTES).putInt(labels[row]);
        stored.asFloatBuffer().put(values, row * features, features);
        digest.update(stored.array());
    }

    /** The same values as floats. */
    static FloatRows of(Rows rows) {
        return rows instanceof FloatRows floats
                ? floats
                : join(rows, new FloatRows(rows.features(), new float[0], new int[0]));
    }

    static FloatRows join(Rows first, Rows second) {
        int features = first.features();
        float[] values = new float[Math.multiplyExact(Math.addExact(first.count(), second.count()), features)];
        int[] labels = new int[first.count() + second.count()];
        int joined = 0;
        for (Rows part : new Rows[] {first, second}) {
            for (int row = 0; row < part.count(); row++, joined++) {
                part.scaleInto(row, Scaling.none(), values, joined * features);
                labels[joined] = part.label(row);
            }
        }
        return new FloatRows(features, values, labels);
    }
}
