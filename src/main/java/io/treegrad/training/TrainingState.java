package io.treegrad.training;

import io.treegrad.common.UserError;
import io.treegrad.network.Counts;
import io.treegrad.network.GradientSum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Everything that training keeps from one step to the next, so that a resumed run gives the same result as one that was
 * never interrupted. A fresh run is the state at step 0.
 *
 * <p>Owned and changed by the {@link Training} that runs it; all other code only reads it, between two steps.
 */
public final class TrainingState {
    private final float[] parameters;
    private final float[][] optimizerState;
    private final List<EpochResult> epochs;
    private final LossTrace losses;
    private long step;
    private Counts sums;
    private Best best;

    /** The epoch with the lowest validation loss so far, and the parameters at its end. */
    public static final class Best {
        private final long epoch;
        private final double meanLoss;
        private final float[] parameters;

        /** @param parameters kept, not copied */
        public Best(long epoch, double meanLoss, float[] parameters) {
            this.epoch = epoch;
            this.meanLoss = meanLoss;
            this.parameters = parameters;
        }

        public long epoch() {
            return epoch;
        }

        public double meanLoss() {
            return meanLoss;
        }

        /** The array itself. */
        public float[] parameters() {
            return parameters;
        }
    }

    /**
     * A state read from a checkpoint. Arrays and {@code losses} are kept, not copied.
     *
     * @param optimizerState vectors of the update rule   [stateVectors × parameters.length]
     * @param step updates made so far, which is the number of the next step
     * @param epochs results of the finished epochs
     * @param best null if none is kept
     */
    public TrainingState(
            float[] parameters,
            float[][] optimizerState,
            long step,
            Counts sums,
            List<EpochResult> epochs,
            Best best,
            LossTrace losses) {
        this.parameters = parameters;
        this.optimizerState = optimizerState;
        this.step = step;
        this.sums = sums;
        this.epochs = new ArrayList<>(epochs);
        this.best = best;
        this.losses = losses;
    }

    /** The state at step 0. The parameters are kept and will be changed. */
    public static TrainingState fresh(float[] parameters, Optimizer optimizer) {
        return new TrainingState(
                parameters,
                new float[optimizer.stateVectors()][parameters.length],
                0,
                Counts.NONE,
                List.of(),
                null,
                new LossTrace());
    }

    /** A deep copy, which does not change while training goes on with this one. */
    public TrainingState copy() {
        float[][] vectors = optimizerState.clone();
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = optimizerState[i].clone();
        }
        LossTrace trace = new LossTrace(losses.points(), losses.stepsPerPoint(), losses.openSum(), losses.openSteps());
        return new TrainingState(parameters.clone(), vectors, step, sums, epochs, best, trace);
    }

    /** theta, the array itself. */
    public float[] parameters() {
        return parameters;
    }

    /** The vectors themselves.   [stateVectors × parameters] */
    public float[][] optimizerState() {
        return optimizerState;
    }

    /** Updates made, which is the number of the next step. */
    public long step() {
        return step;
    }

    /** Of the steps of the epoch in progress, divided when it ends; no rows between two epochs. */
    public Counts sums() {
        return sums;
    }

    /** Results of the finished epochs, in order; a view. */
    public List<EpochResult> epochs() {
        return Collections.unmodifiableList(epochs);
    }

    /** Null if no best epoch is kept. */
    public Best best() {
        return best;
    }

    public LossTrace losses() {
        return losses;
    }

    /** The result if training ended now: the best parameters if they are kept, otherwise the last. The array itself. */
    public float[] chosenParameters() {
        return best == null ? parameters : best.parameters();
    }

    /** The epoch, from 1, that ended with the chosen parameters; 0 if no epoch has ended. */
    public long chosenEpoch() {
        return best == null ? epochs.size() : best.epoch();
    }

    /** Records a step; {@code sum} is its gradient sum. */
    void finishStep(GradientSum sum) {
        sums = sums.plus(sum.counts());
        losses.add(sum.counts().meanLoss());
        step++;
    }

    /** @param validation null when the epoch was not validated */
    EpochResult finishEpoch(MetricValues validation, boolean keepBest) {
        EpochResult result =
                new EpochResult(epochs.size() + 1L, sums.rows(), MetricValues.ofTraining(sums), validation);
        epochs.add(result);
        sums = Counts.NONE;
        if (keepBest && validation != null) {
            double loss = validation.get(Metric.LOSS);
            if (best == null || Metric.LOSS.isBetter(loss, best.meanLoss())) {
                best = new Best(result.epoch(), loss, parameters.clone());
            }
        }
        return result;
    }

    /**
     * Checks every parameter and every value of the optimizer state.
     *
     * @throws UserError of kind DIVERGED if one is not finite
     */
    public void requireFinite() {
        requireFinite(parameters, "parameter");
        for (float[] vector : optimizerState) {
            requireFinite(vector, "value of the optimizer state");
        }
    }

    private void requireFinite(float[] values, String what) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw diverged(String.format(Locale.ROOT, "a %s is %s after %,d steps", what, value, step));
            }
        }
    }

    static UserError diverged(String found) {
        return new UserError(
                        UserError.Kind.DIVERGED,
                        "training diverged: " + found + ", expected a finite number. Lower the learning rate"
                                + " (if the loss of a batch is a sum, the rate multiplies the sum over all rows), or check"
                                + " the scaling of the data.")
                .fixedBy("learning-rate", "reduction", "scale");
    }
}
