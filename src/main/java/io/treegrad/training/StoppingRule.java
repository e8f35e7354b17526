package io.treegrad.training;

import io.treegrad.common.Decimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When training stops before its last epoch, and whether its result is the best or the last parameters.
 *
 * <p>With patience, the parameters of the epoch with the lowest validation loss are kept and returned at the end,
 * whether training stopped early or not. Only validated epochs are judged.
 *
 * @param patience epochs without progress after which to stop; empty for no such limit
 * @param targetAccuracy validation accuracy at which to stop; empty for no such limit
 */
public record StoppingRule(Optional<Patience> patience, Optional<Double> targetAccuracy) {
    /** What counts as progress of the validation loss. */
    public enum Progress {
        /** Lower than ever before, as most libraries count. */
        LOWEST,
        /**
         * Lower than in the epoch before, as some textbooks count. Noise alone makes the loss fall, so training lasts
         * longer.
         */
        FALL
    }

    /**
     * Epochs to continue without progress, written {@code N}, or {@code fall:N} for {@link Progress#FALL}.
     *
     * @param epochs at least 1
     */
    public record Patience(int epochs, Progress progress) {
        private static final String FALL = "fall:";
        private static final int MOST_EPOCHS = 10_000_000;

        /** Empty if the text has another form. */
        public static Optional<Patience> parse(String text) {
            boolean fall = text.startsWith(FALL);
            OptionalLong epochs = Decimal.whole(fall ? text.substring(FALL.length()) : text);
            if (epochs.isEmpty() || epochs.getAsLong() < 1 || epochs.getAsLong() > MOST_EPOCHS) {
                return Optional.empty();
            }
            return Optional.of(new Patience((int) epochs.getAsLong(), fall ? Progress.FALL : Progress.LOWEST));
        }
    }

    public static StoppingRule never() {
        return new StoppingRule(Optional.empty(), Optional.empty());
    }

    boolean keepsBest() {
        return patience.isPresent();
    }

    /** Judges by the last finished epoch, so the answer does not change until the next epoch ends. */
    boolean isMet(TrainingState state) {
        if (state.epochs().isEmpty()) {
            return false;
        }
        EpochResult last = state.epochs().get(state.epochs().size() - 1);
        if (last.validation() == null) {
            return false;
        }
        boolean reached = targetAccuracy.isPresent()
                && Metric.ACCURACY.reaches(last.validation().get(Metric.ACCURACY), targetAccuracy.get());
        return reached
                || (patience.isPresent()
                        && last.epoch() - lastProgress(state, patience.get().progress())
                                >= patience.get().epochs());
    }

    /** The epoch that last made progress; 0 if none did. The first validated epoch does, unless its loss is NaN. */
    private static long lastProgress(TrainingState state, Progress progress) {
        return switch (progress) {
            case LOWEST -> state.best() == null ? 0 : state.best().epoch();
            case FALL -> lastFall(state.epochs());
        };
    }

    private static long lastFall(List<EpochResult> epochs) {
        long fall = 0;
        double before = Double.POSITIVE_INFINITY;
        for (EpochResult epoch : epochs) {
            if (epoch.validation() != null) {
                double loss = epoch.validation().get(Metric.LOSS);
                if (Metric.LOSS.isBetter(loss, before)) {
                    fall = epoch.epoch();
                }
                before = loss;
            }
        }
        return fall;
    }
}
