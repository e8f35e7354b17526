package io.treegrad.training;

import io.treegrad.network.EvaluationSum;
import java.io.Serializable;

/**
 * Quality of a network on a set of rows.
 *
 * @param meanLoss the loss per row, without any regularisation
 * @param accuracy the share of rows classified correctly, 0 to 1
 * @param rows how many rows these are means over
 */
public record Metrics(double meanLoss, double accuracy, long rows) implements Serializable {
    public static Metrics of(EvaluationSum sum) {
        return new Metrics(sum.meanLoss(), sum.accuracy(), sum.rows());
    }
}
