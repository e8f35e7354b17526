package io.treegrad.training;

/**
 * When training ends before its last epoch, and which parameters it then leaves behind.
 *
 * <p>With patience, the parameters of the epoch with the lowest validation loss are kept and returned at the end, whether
 * training stopped early or not. Judged only by epochs that were validated.
 */
public final class StoppingRule {
    private final int patience;
    private final double targetAccuracy;
    private double lowestLoss = Double.POSITIVE_INFINITY;
    private long bestEpoch;
    private float[] bestParameters;

    /**
     * @param patience epochs without a lower validation loss after which to stop; 0 for no such limit
     * @param targetAccuracy validation accuracy at which to stop; above 1 for no such limit
     */
    public StoppingRule(int patience, double targetAccuracy) {
        this.patience = patience;
        this.targetAccuracy = targetAccuracy;
    }

    public static StoppingRule never() {
        return new StoppingRule(0, Double.POSITIVE_INFINITY);
    }

    boolean stopsAfter(EpochResult result, float[] theta) {
        Metrics validation = result.validation();
        if (validation == null) {
            return false;
        }
        if (patience > 0 && validation.meanLoss() < lowestLoss) {
            lowestLoss = validation.meanLoss();
            bestEpoch = result.epoch();
            bestParameters = theta.clone();
        }
        return validation.accuracy() >= targetAccuracy || (patience > 0 && result.epoch() - bestEpoch >= patience);
    }

    /** The parameters to keep at the end of training, given the last ones. */
    float[] chosen(float[] last) {
        return bestParameters == null ? last : bestParameters;
    }

    /** The epoch whose parameters were kept, given the last one. */
    long chosenEpoch(long last) {
        return bestParameters == null ? last : bestEpoch;
    }
}
