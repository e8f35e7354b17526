package io.treegrad.training;

/**
 * How long to train.
 *
 * @param stepsPerEpoch steps that visit every row once
 * @param epochs passes over all rows
 * @param evaluateEvery epochs between two validations; the last epoch is always validated
 */
public record TrainingLength(long stepsPerEpoch, long epochs, long evaluateEvery) {
    public long steps() {
        return stepsPerEpoch * epochs;
    }

    /** The number of steps that is nearest to this number of epochs, at least one. */
    long stepsOf(double epochsOrParts) {
        return Math.max(1, Math.round(epochsOrParts * stepsPerEpoch));
    }
}
