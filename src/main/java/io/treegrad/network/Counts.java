package io.treegrad.network;

import java.io.Serializable;

/**
 * What rows contribute to a step besides the gradient: sums over these rows. The weight of a row says how many rows it
 * counts as, and is 1 where no weights are given; the loss also counts it by the weight of its class.
 *
 * @param lossSum C of equation (3)
 * @param lossWeight sum of the weights by which losses and gradients were multiplied; divides them for means
 * @param correct weights of the rows whose largest output is that of their class, under the parameters that the
 *     gradient was taken at; 0 for a network that predicts numbers
 * @param classified sum of the weights of the rows; 0 for a network that predicts numbers
 * @param rows their number
 */
public record Counts(double lossSum, double lossWeight, double correct, double classified, long rows)
        implements Serializable {
    /** Of no rows. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    public Counts plus(Counts other) {
        return new Counts(
                lossSum + other.lossSum,
                lossWeight + other.lossWeight,
                correct + other.correct,
                classified + other.classified,
                rows + other.rows);
    }

    public double meanLoss() {
        return lossSum / lossWeight;
    }

    /** The share of the rows that were classified correctly, by their weights; NaN for a network that predicts numbers. */
    public double accuracy() {
        return correct / classified;
    }
}
