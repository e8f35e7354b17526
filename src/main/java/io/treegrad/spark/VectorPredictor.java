package io.treegrad.spark;

import io.treegrad.api.Model;
import io.treegrad.api.Prediction;
import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;

/** Predicts vectors of Spark ML, dense or sparse, with a {@link Model}, on the driver or in tasks. */
public final class VectorPredictor implements Serializable {
    private static final long serialVersionUID = 1;

    private final Model model;

    public VectorPredictor(Model model) {
        this.model = model;
    }

    /** @param row of as many values as the model has features */
    public Prediction predict(Vector row) {
        return model.predict(LabeledRow.floats(row));
    }
}
