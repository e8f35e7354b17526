package io.treegrad.run;

import io.treegrad.training.TrainingObserver;

/** What whoever started a run hears of it while it goes on. Called on one thread. */
public interface RunListener extends TrainingObserver {
    /**
     * Before the first step, or the first after a resume.
     *
     * @param steps of the whole training, those before a resume included
     * @param stepsPerEpoch steps of an epoch
     * @param rowsPerEpoch training rows
     */
    void trainingBegins(long steps, long stepsPerEpoch, long rowsPerEpoch);

    /** After the last step, also when training failed. */
    void trainingEnds();
}
