package io.treegrad.training;

import io.treegrad.network.GradientSum;

/** Computes gradients over the rows of a step: the interface between the algorithm and the cluster. */
@FunctionalInterface
public interface GradientSource {
    /**
     * The gradient, loss and hits of the rows that {@code step} visits, as sums over those rows.
     *
     * @param theta all parameters; only read, and not after this method has returned
     * @param step number of the step, from 0 over all epochs; the same step always visits the same rows
     * @return a sum that the caller may change; valid until the next call, which may reuse its arrays
     */
    GradientSum sumAt(float[] theta, long step);
}
