package io.treegrad.spark;

import io.treegrad.data.Part;
import io.treegrad.network.EvaluationSum;
import io.treegrad.training.GradientSource;

/** Brings parameters to the rows and sums back to the driver. All engines give the same bits. */
public interface StepEngine extends GradientSource, AutoCloseable {
    /** The sums that metrics are computed from, over all rows of a part. */
    EvaluationSum evaluate(float[] theta, Part part);

    /** The value of {@code --engine} that asks for this. */
    String name();

    @Override
    void close();
}
