package io.treegrad.run;

import io.treegrad.training.TrainingObserver;

/** Receives the progress of a run. Called on one thread. */
public interface RunListener extends TrainingObserver {
    /**
     * Before the first step, or the first after a resume.
     *
     * @param steps of the whole training, including those before a resume
     * @param stepsPerEpoch steps of an epoch
     * @param rowsPerEpoch training rows
     */
    void trainingBegins(long steps, long stepsPerEpoch, long rowsPerEpoch);

    /** After the last step, also when training failed. */
    void trainingEnds();
}
