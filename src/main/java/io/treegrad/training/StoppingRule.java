package io.treegrad.training;

import java.util.List;

/**
 * When training ends before its last epoch, and whether it then leaves the best parameters behind or the last.
 *
 * <p>With patience, the parameters of the epoch with the lowest validation loss are kept and returned at the end, whether
 * training stopped early or not. Judged only by epochs that were validated.
 *
 * @param patience epochs to go without progress before stopping; 0 for no such limit
 * @param progress what the patience waits for
 * @param targetAccuracy validation accuracy at which to stop; above 1 for no such limit
 */
public record StoppingRule(int patience, Progress progress, double targetAccuracy) {
    /** What counts as progress of the validation loss. */
    public enum Progress {
        /** Lower than ever before, as most libraries count. */
        LOWEST,
        /** Lower than the epoch before, as textbooks do: noise alone soon makes it fall, so training goes on for longer. */
        FALL
    }

    public static StoppingRule never() {
        return new StoppingRule(0, Progress.LOWEST, Double.POSITIVE_INFINITY);
    }

    boolean keepsBest() {
        return patience > 0;
    }

    /** Judges by the last epoch that is over, so the answer is the same at every step until the next one. */
    boolean isMet(TrainingState state) {
        if (state.epochs().isEmpty()) {
            return false;
        }
        EpochResult last = state.epochs().get(state.epochs().size() - 1);
        if (last.validation() == null) {
            return false;
        }
        return last.validation().accuracy() >= targetAccuracy
                || (patience > 0 && last.epoch() - lastProgress(state) >= patience);
    }

    /** The epoch that last made progress; 0 if none did. The first one validated does, unless its loss is not a number. */
    private long lastProgress(TrainingState state) {
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
                if (epoch.validation().meanLoss() < before) {
                    fall = epoch.epoch();
                }
                before = epoch.validation().meanLoss();
            }
        }
        return fall;
    }
}
