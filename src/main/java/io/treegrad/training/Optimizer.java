package io.treegrad.training;

import io.treegrad.network.GradientSum;

/** Makes the one synchronous update of a step: objective, learning rate and update rule. Holds no state itself. */
public record Optimizer(Objective objective, LearningRate learningRate, UpdateRule rule) {
    int memories() {
        return rule.memories();
    }

    /**
     * Updates theta and the memory in place by the gradient that {@code sum} carries, which is overwritten.
     *
     * @param memory what the rule remembers between steps   [memories × theta.length]
     * @param step number of the step, from 0: decides the learning rate and Adam's bias correction
     * @return theta
     */
    public float[] update(float[] theta, float[][] memory, GradientSum sum, long step) {
        float[] gradient = objective.gradient(theta, sum);
        rule.apply(theta, gradient, (float) learningRate.at(step), step, memory);
        return theta;
    }
}
