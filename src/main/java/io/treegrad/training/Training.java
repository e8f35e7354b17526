package io.treegrad.training;

import io.treegrad.common.UserError;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import java.util.Locale;
import java.util.function.Function;

/**
 * Synchronous minibatch SGD: every step takes the gradient over its rows at the current parameters and makes one
 * update.
 *
 * <p>Owns the {@link TrainingState} while it runs: {@link Optimizer#update} changes parameters in place, all other code
 * only reads them.
 */
public final class Training {
    private final GradientSource gradients;
    private final Optimizer optimizer;
    private final Function<float[], EvaluationSum> validation;
    private final StoppingRule stopping;
    private final TrainingObserver observer;
    private final TrainingLength length;

    /** @param validation evaluates parameters on the validation rows; null when there are none */
    public Training(
            GradientSource gradients,
            Optimizer optimizer,
            TrainingLength length,
            Function<float[], EvaluationSum> validation,
            StoppingRule stopping,
            TrainingObserver observer) {
        this.gradients = gradients;
        this.optimizer = optimizer;
        this.length = length;
        this.validation = validation;
        this.stopping = stopping;
        this.observer = observer;
    }

    /** Trains from the first step. Changes {@code parameters}. */
    public TrainingState run(float[] parameters) {
        return run(TrainingState.fresh(parameters, optimizer));
    }

    /**
     * Trains from the given state until the last epoch, or until the stopping rule is met. Changes the state.
     *
     * @return the same state
     * @throws UserError of kind DIVERGED as soon as a loss, or a parameter at the end of an epoch, is not a finite
     *     number
     */
    public TrainingState run(TrainingState state) {
        float[] theta = state.parameters();
        long last = length.steps();
        for (long step = state.step(); step < last && !stopping.isMet(state); step++) {
            GradientSum sum = gradients.sumAt(theta, step); // executors: backprop, tree-aggregated
            requireFinite(sum.counts().lossSum(), step);
            optimizer.update(theta, state.optimizerState(), sum, step); // driver: one synchronous update
            state.finishStep(sum);
            observer.afterUpdate(step, theta, sum);
            if (state.step() % length.stepsPerEpoch() == 0) {
                finishEpoch(state);
            }
            observer.afterStep(state);
        }
        return state;
    }

    private void finishEpoch(TrainingState state) {
        state.requireFinite();
        long epoch = state.step() / length.stepsPerEpoch();
        boolean validated = validation != null && (epoch % length.evaluateEvery() == 0 || epoch == length.epochs());
        MetricValues valid = validated ? MetricValues.of(validation.apply(state.parameters())) : null;
        if (valid != null && !Double.isFinite(valid.get(Metric.LOSS))) {
            throw TrainingState.diverged("the validation loss of epoch " + epoch + " is " + valid.get(Metric.LOSS));
        }
        observer.afterEpoch(state.finishEpoch(valid, stopping.keepsBest()));
    }

    private static void requireFinite(double lossSum, long step) {
        if (!Double.isFinite(lossSum)) {
            throw TrainingState.diverged(String.format(Locale.ROOT, "the loss of step %,d is %s", step, lossSum));
        }
    }
}
