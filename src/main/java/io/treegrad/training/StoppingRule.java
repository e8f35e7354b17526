package io.treegrad.training;

import io.treegrad.common.Decimal;
import java.util.List;
import java.util.Locale;
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
        LOWEST("the validation loss was lowest"),
        /**
         * Lower than in the epoch before, as some textbooks count. Noise alone makes the loss fall, so training lasts
         * longer.
         */
        FALL("the validation loss last fell");

        private final String words;

        Progress(String words) {
            this.words = words;
        }
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

    boolean isMet(TrainingState state) {
        return reason(state).isPresent();
    }

    /**
     * Why training stops, in words; empty if it goes on. Judges by the last finished epoch, so the answer does not change
     * until the next epoch ends.
     */
    public Optional<String> reason(TrainingState state) {
        if (state.epochs().isEmpty()) {
            return Optional.empty();
        }
        EpochResult last = state.epochs().get(state.epochs().size() - 1);
        if (last.validation() == null) {
            return Optional.empty();
        }
        return targetAccuracy
                .flatMap(target -> reached(last.validation().get(Metric.ACCURACY), target))
                .or(() -> patience.flatMap(allowed -> exhausted(last.epoch(), state, allowed)));
    }

    private static Optional<String> reached(double accuracy, double target) {
        return Metric.ACCURACY.reaches(accuracy, target)
                ? Optional.of(String.format(Locale.ROOT, "the validation accuracy is %.2f %%", 100 * accuracy))
                : Optional.empty();
    }

    private static Optional<String> exhausted(long epoch, TrainingState state, Patience allowed) {
        long progress = lastProgress(state, allowed.progress());
        return epoch - progress >= allowed.epochs()
                ? Optional.of(allowed.progress().words + " in epoch " + progress)
                : Optional.empty();
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
