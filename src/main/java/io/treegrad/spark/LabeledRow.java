package io.treegrad.spark;

import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;

/** A row of an RDD to train on: its values and its class, or the number to predict. Immutable. */
public final class LabeledRow implements Serializable {
    private static final long serialVersionUID = 1;

    private final float label;
    private final float[] values;

    /**
     * @param label class of the row, from 0, or the number to predict
     * @param values as they are stored, unscaled; copied   [features]
     */
    public LabeledRow(float label, float... values) {
        this.label = label;
        this.values = values.clone();
    }

    /** @param values dense or sparse */
    public static LabeledRow of(double label, Vector values) {
        return new LabeledRow((float) label, floats(values));
    }

    static float[] floats(Vector values) {
        double[] elements = values.toArray();
        float[] floats = new float[elements.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) elements[i];
        }
        return floats;
    }

    float label() {
        return label;
    }

    int features() {
        return values.length;
    }

    float value(int feature) {
        return values[feature];
    }

    void copyTo(float[] target, int at) {
        System.arraycopy(values, 0, target, at, values.length);
    }
}
