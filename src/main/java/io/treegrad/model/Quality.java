package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.training.Metrics;

/**
 * How well a model does on some rows.
 *
 * @param loss the mean over the rows, finite
 * @param accuracy the share of rows classified correctly, 0 to 1
 */
@JsonPropertyOrder({"loss", "accuracy"})
public record Quality(double loss, double accuracy) {
    public Quality {
        Require.notNegative(loss, "loss");
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw new IllegalArgumentException("accuracy is " + accuracy + ", expected 0 to 1");
        }
    }

    /** @throws IllegalArgumentException if the metrics are of no rows or of diverged parameters */
    public static Quality of(Metrics metrics) {
        return new Quality(metrics.meanLoss(), metrics.accuracy());
    }
}
