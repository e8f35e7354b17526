package io.treegrad.training;

import io.treegrad.network.GradientSum;

/** Makes the one synchronous update of a step: objective, learning rate and update rule, with the rule's memory. */
public final class Optimizer {
    private final Objective objective;
    private final LearningRate learningRate;
    private final UpdateRule rule;
    private final float[][] memory;

    public Optimizer(Objective objective, LearningRate learningRate, UpdateRule rule) {
        this.objective = objective;
        this.learningRate = learningRate;
        this.rule = rule;
        this.memory = new float[rule.memories()][objective.network().parameterCount()];
    }

    /**
     * Updates theta in place by the gradient that {@code sum} carries, which is overwritten.
     *
     * @param step number of the step, from 0: decides the learning rate and Adam's bias correction
     * @return theta
     */
    public float[] update(float[] theta, GradientSum sum, long step) {
        float[] gradient = objective.gradient(theta, sum);
        rule.apply(theta, gradient, (float) learningRate.at(step), step, memory);
        return theta;
    }
}
