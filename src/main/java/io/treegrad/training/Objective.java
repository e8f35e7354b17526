package io.treegrad.training;

import io.treegrad.network.GradientSum;
import io.treegrad.network.Layer;
import io.treegrad.network.Network;

/**
 * The function that a step minimises: the loss over its rows, as a mean or as a sum, plus {@code l2 / 2 · Σ W²} over
 * the weights. Biases are not regularised.
 *
 * @param l2 λ: {@code λ W} is added to the gradient of every step, whatever the reduction
 */
public record Objective(Network network, Reduction reduction, double l2) {

    /** Whether a step's loss is the mean over its rows or their sum. */
    public enum Reduction {
        MEAN,
        SUM
    }

    /**
     * Turns the parameters {@code from} to {@code to} of the gradient of {@code sum} into those of the objective at theta, in
     * place. This is the only division, by what the sum itself carries: the number of its rows, or the sum of their
     * weights.
     */
    void gradient(float[] theta, GradientSum sum, int from, int to) {
        float[] gradient = sum.gradient();
        if (reduction == Reduction.MEAN) {
            float share = (float) (1.0 / sum.counts().lossWeight());
            for (int i = from; i < to; i++) {
                gradient[i] *= share;
            }
        }
        if (l2 != 0) {
            float lambda = (float) l2;
            for (Layer layer : network.layers()) {
                int first = Math.max(from, layer.weightsOffset());
                int end = Math.min(to, layer.weightsOffset() + layer.weights());
                for (int i = first; i < end; i++) {
                    gradient[i] += lambda * theta[i];
                }
            }
        }
    }
}
