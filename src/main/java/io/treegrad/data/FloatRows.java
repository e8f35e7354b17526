package io.treegrad.data;

import io.treegrad.network.Batch;
import io.treegrad.network.DenseBatch;
import java.nio.ByteBuffer;

/** Rows of floats with any number of classes, or with numbers to predict. */
public final class FloatRows implements Rows {
    /** What {@link #isWeight} expects, for messages. */
    public static final String WEIGHTS = "a number above 0 and at most 1e18";

    private static final long serialVersionUID = 1;

    private final int features;
    private final float[] values;
    private final float[] targets;
    /** Null where all rows count the same. */
    private final float[] weights;

    /** Rows of classes that all count the same. */
    public FloatRows(int features, float[] values, int[] labels) {
        this(features, values, floats(labels), null);
    }

    /**
     * Keeps the arrays: the caller must not change them afterwards.
     *
     * @param values row after row   [rows × features]
     * @param targets the class of each row, from 0, or the number to predict   [rows]
     * @param weights how many rows each row counts as; null where all count as one   [rows]
     */
    public FloatRows(int features, float[] values, float[] targets, float[] weights) {
        if (features < 1 || values.length != (long) features * targets.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill " + targets.length + " rows of " + features + " features.");
        }
        if (weights != null && weights.length != targets.length) {
            throw new IllegalArgumentException(weights.length + " weights of " + targets.length + " rows.");
        }
        this.features = features;
        this.values = values;
        this.targets = targets;
        this.weights = weights;
    }

    /** Whether a row may count as so many: float holds a sum of gradients with such weights. */
    public static boolean isWeight(float weight) {
        return weight > 0 && weight <= 1e18;
    }

    private static float[] floats(int[] labels) {
        float[] floats = new float[labels.length];
        for (int row = 0; row < labels.length; row++) {
            floats[row] = labels[row];
        }
        return floats;
    }

    @Override
    public int count() {
        return targets.length;
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public long bytes() {
        return Float.BYTES * (values.length + (weights == null ? 1L : 2L) * targets.length);
    }

    @Override
    public float target(int row) {
        return targets[row];
    }

    @Override
    public boolean areWeighted() {
        return weights != null;
    }

    @Override
    public float weight(int row) {
        return weights == null ? 1 : weights[row];
    }

    @Override
    public float value(int row, int feature) {
        return values[row * features + feature];
    }

    @Override
    public int nonZero(int row, int[] nonZeroFeatures, float[] nonZeroValues) {
        int count = 0;
        for (int feature = 0; feature < features; feature++) {
            float value = values[row * features + feature];
            nonZeroFeatures[count] = feature;
            nonZeroValues[count] = value;
            count += value != 0 ? 1 : 0;
        }
        return count;
    }

    @Override
    public FloatRows select(int[] positions) {
        float[] selected = new float[Math.multiplyExact(positions.length, features)];
        float[] selectedTargets = new float[positions.length];
        float[] selectedWeights = weights == null ? null : new float[positions.length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(values, positions[i] * features, selected, i * features, features);
            selectedTargets[i] = targets[positions[i]];
            if (weights != null) {
                selectedWeights[i] = weights[positions[i]];
            }
        }
        return new FloatRows(features, selected, selectedTargets, selectedWeights);
    }

    @Override
    public long valuesHash(int row) {
        long hash = features;
        for (int i = row * features; i < (row + 1) * features; i++) {
            hash = Sampling.mixed(hash, Float.floatToIntBits(values[i]));
        }
        return hash;
    }

    @Override
    public void scaleInto(int row, Scaling scaling, float[] target, int at) {
        scaling.floats(values, row * features, features, target, at);
    }

    @Override
    public DenseBatch newBatch(int capacity) {
        DenseBatch batch = new DenseBatch(capacity, features);
        if (weights != null) {
            batch.setWeighted();
        }
        return batch;
    }

    @Override
    public void addTo(Batch batch, int row, Scaling scaling) {
        DenseBatch block = (DenseBatch) batch;
        int at = block.rows();
        scaleInto(row, scaling, block.inputs(), at * features);
        block.targets()[at] = targets[row];
        if (weights != null) {
            block.weights()[at] = weights[row];
        }
        block.setRows(at + 1);
    }

    @Override
    public int storedBytes(int row) {
        return (features + 2) * Float.BYTES;
    }

    @Override
    public void store(int row, ByteBuffer target) {
        target.putFloat(targets[row]).putFloat(weight(row));
        target.asFloatBuffer().put(values, row * features, features);
        target.position(target.position() + features * Float.BYTES);
    }

    @Override
    public FloatRows restored(ByteBuffer stored) {
        float[] target = {stored.getFloat()};
        float[] weight = {stored.getFloat()};
        float[] row = new float[features];
        stored.asFloatBuffer().get(row);
        return new FloatRows(features, row, target, weights == null ? null : weight);
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
        float[] targets = new float[first.count() + second.count()];
        float[] weights = first.areWeighted() || second.areWeighted() ? new float[targets.length] : null;
        int joined = 0;
        for (Rows part : new Rows[] {first, second}) {
            for (int row = 0; row < part.count(); row++, joined++) {
                part.scaleInto(row, Scaling.none(), values, joined * features);
                targets[joined] = part.target(row);
                if (weights != null) {
                    weights[joined] = part.weight(row);
                }
            }
        }
        return new FloatRows(features, values, targets, weights);
    }
}
