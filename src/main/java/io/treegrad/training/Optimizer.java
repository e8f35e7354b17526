package io.treegrad.training;

import io.treegrad.network.GradientSum;

/**
 * Makes the one synchronous update of a step. Holds no state itself.
 *
 * @param learningRate the full rate, which the schedule changes over the length of the training
 */
public record Optimizer(
        Objective objective,
        double learningRate,
        LearningRateSchedule schedule,
        TrainingLength length,
        UpdateRule rule) {
    int stateVectors() {
        return rule.stateVectors();
    }

    /**
     * Updates theta and the state in place, with the threads of {@code sum}, whose gradient it overwrites.
     *
     * @param state what the rule keeps from step to step   [stateVectors × theta.length]
     * @param step number of the step, from 0: decides the learning rate and Adam's bias correction
     */
    public void update(float[] theta, float[][] state, GradientSum sum, long step) {
        float rate = (float) schedule.at(learningRate, step, length);
        sum.forEachBlock((from, to) -> {
            objective.gradient(theta, sum, from, to);
            rule.apply(theta, sum.gradient(), rate, step, state, from, to);
        });
    }
}
