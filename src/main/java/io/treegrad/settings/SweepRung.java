package io.treegrad.settings;

import io.treegrad.training.LearningRateSchedule;

/**
 * A round of a sweep.
 *
 * @param trials how many take part, the best of the round before
 * @param divisor each is trained for this part of its epochs; 1 for all of them
 */
public record SweepRung(int trials, int divisor) {
    /**
     * What a training is in this round: one of fewer epochs, at the learning rates that it has in the same epochs of the
     * whole training.
     */
    public Settings of(Settings training) {
        if (divisor == 1) {
            return training;
        }
        int epochs = training.get(TrainingSettings.EPOCHS);
        Settings shortened = training.with(TrainingSettings.EPOCHS, Integer.toString(epochs / divisor));
        LearningRateSchedule schedule = training.get(TrainingSettings.SCHEDULE);
        LearningRateSchedule whole = schedule.over(epochs);
        return whole.equals(schedule) ? shortened : shortened.with(TrainingSettings.SCHEDULE, whole.text());
    }

    /** Whether the trials end before their last epoch. */
    public boolean isShort() {
        return divisor > 1;
    }
}
