package io.treegrad.training;

import io.treegrad.network.EvaluationSum;
import io.treegrad.network.GradientSum;
import io.treegrad.network.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Synchronous minibatch SGD: every step takes the gradient over its rows at the current parameters and makes one update.
 *
 * <p>Owns the parameters while it runs: {@link Optimizer#update} changes them in place, everyone else reads.
 */
public final class Training {
    private final GradientSource gradients;
    private final Optimizer optimizer;
    private final Function<float[], EvaluationSum> validation;
    private final StoppingRule stopping;
    private final TrainingObserver observer;
    private final Length length;

    /**
     * How long to train.
     *
     * @param stepsPerEpoch steps that visit every row once
     * @param epochs passes over all rows
     * @param evaluateEvery epochs between two validations; the last epoch is always validated
     */
    public record Length(long stepsPerEpoch, long epochs, long evaluateEvery) {}

    /** What training came to. */
    public static final class Outcome {
        private final float[] parameters;
        private final long chosenEpoch;
        private final long steps;
        private final List<EpochResult> epochs;

        private Outcome(float[] parameters, long chosenEpoch, long steps, List<EpochResult> epochs) {
            this.parameters = parameters;
            this.chosenEpoch = chosenEpoch;
            this.steps = steps;
            this.epochs = List.copyOf(epochs);
        }

        /** The last parameters, or the best where the stopping rule keeps those. The array itself. */
        public float[] parameters() {
            return parameters;
        }

        /** The epoch, from 1, that the parameters are of; 0 when there was none. */
        public long chosenEpoch() {
            return chosenEpoch;
        }

        /** Updates made. */
        public long steps() {
            return steps;
        }

        public List<EpochResult> epochs() {
            return epochs;
        }
    }

    /** @param validation evaluates parameters on the validation rows; null when there are none */
    public Training(
            GradientSource gradients,
            Optimizer optimizer,
            Length length,
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

    /**
     * Trains from the given parameters, which are changed.
     *
     * @throws UserError of kind DIVERGED as soon as a loss, or a parameter at the end of an epoch, is not a finite number
     */
    public Outcome run(float[] parameters) {
        float[] theta = parameters;
        List<EpochResult> results = new ArrayList<>();
        long steps = 0;
        for (long epoch = 1; epoch <= length.epochs(); epoch++) {
            EpochMeans means = new EpochMeans();
            theta = steps(theta, steps, steps + length.stepsPerEpoch(), means);
            steps += length.stepsPerEpoch();
            requireFinite(theta, steps);
            boolean validated = validation != null && (epoch % length.evaluateEvery() == 0 || epoch == length.epochs());
            Metrics valid = validated ? Metrics.of(validation.apply(theta)) : null;
            EpochResult result = new EpochResult(epoch, means.metrics(), valid);
            results.add(result);
            observer.afterEpoch(result);
            if (stopping.stopsAfter(result, theta)) {
                break;
            }
        }
        return new Outcome(stopping.chosen(theta), stopping.chosenEpoch(results.size()), steps, results);
    }

    private float[] steps(float[] start, long first, long last, EpochMeans means) {
        float[] theta = start;
        for (long step = first; step < last; step++) {
            GradientSum sum = gradients.sumAt(theta, step); // executors: backprop, tree-aggregated
            requireFinite(sum, step);
            theta = optimizer.update(theta, sum, step); // driver: one synchronous update
            means.add(sum);
            observer.after(step, theta, sum);
        }
        return theta;
    }

    private static void requireFinite(GradientSum sum, long step) {
        if (!Double.isFinite(sum.lossSum())) {
            throw diverged(String.format(Locale.ROOT, "the loss of step %,d is %s", step, sum.lossSum()));
        }
    }

    private static void requireFinite(float[] theta, long steps) {
        for (float parameter : theta) {
            if (!Float.isFinite(parameter)) {
                throw diverged(String.format(Locale.ROOT, "a parameter is %s after %,d steps", parameter, steps));
            }
        }
    }

    private static UserError diverged(String found) {
        return new UserError(
                UserError.Kind.DIVERGED,
                "training diverged: " + found + ", expected a finite number. Lower --learning-rate"
                        + " (with --reduction sum it multiplies the sum over a whole batch), or check the scaling of the data.");
    }

    /** Sums over the steps of one epoch, divided when read. */
    private static final class EpochMeans {
        private double lossSum;
        private long correct;
        private long rows;

        void add(GradientSum sum) {
            lossSum += sum.lossSum();
            correct += sum.correct();
            rows += sum.rows();
        }

        Metrics metrics() {
            return new Metrics(lossSum / rows, (double) correct / rows, rows);
        }
    }
}
