package io.treegrad.training;

/**
 * When training ends before its last epoch, and whether it then leaves the best parameters behind or the last.
 *
 * <p>With patience, the parameters of the epoch with the lowest validation loss are kept and returned at the end, whether
 * training stopped early or not. Judged only by epochs that were validated.
 *
 * @param patience epochs without a lower validation loss after which to stop; 0 for no such limit
 * @param targetAccuracy validation accuracy at which to stop; above 1 for no such limit
 */
public record StoppingRule(int patience, double targetAccuracy) {
    public static StoppingRule never() {
        return new StoppingRule(0, Double.POSITIVE_INFINITY);
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
        long bestEpoch = state.best() == null ? 0 : state.best().epoch();
        return last.validation().accuracy() >= targetAccuracy || (patience > 0 && last.epoch() - bestEpoch >= patience);
    }
}
