package io.treegrad.training;

import io.treegrad.network.GradientSum;

/** Makes the one synchronous update of a step: objective, learning rate and update rule. Holds no state itself. */
public record Optimizer(Objective objective, LearningRateSchedule learningRate, UpdateRule rule) {
    int stateVectors() {
        return rule.stateVectors();
    }

    /**
     * Updates theta and the state in place by the gradient that {@code sum} carries, which is overwritten.
     *
     * @param state what the rule carries from step to step   [stateVectors × theta.length]
     * @param step number of the step, from 0: decides the learning rate and Adam's bias correction
     */
    public void update(float[] theta, float[][] state, GradientSum sum, long step) {
        float[] gradient = objective.gradient(theta, sum);
        rule.apply(theta, gradient, (float) learningRate.at(step), step, state);
    }
}
