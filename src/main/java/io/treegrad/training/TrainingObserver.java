package io.treegrad.training;

import io.treegrad.network.GradientSum;
import java.util.List;

/** Watches a training run: progress, metrics, checkpoints. Called on the thread that trains. */
public interface TrainingObserver {
    /**
     * After the update of {@code step}.
     *
     * @param theta the updated parameters; only read
     * @param sum loss, hits and rows of the step, with the parameters before the update; its gradient array has been
     *     overwritten
     */
    default void afterUpdate(long step, float[] theta, GradientSum sum) {}

    /** After the last step of an epoch and its evaluation. */
    default void afterEpoch(EpochResult result) {}

    /**
     * After a complete step, including the end of an epoch: the state is consistent and may be stored. An exception
     * thrown here ends the training and leaves the state as it is.
     */
    default void afterStep(TrainingState state) {}

    /** Passes each call on to all observers, in order. */
    static TrainingObserver all(TrainingObserver... observers) {
        List<TrainingObserver> each = List.of(observers);
        return new TrainingObserver() {
            @Override
            public void afterUpdate(long step, float[] theta, GradientSum sum) {
                each.forEach(observer -> observer.afterUpdate(step, theta, sum));
            }

            @Override
            public void afterEpoch(EpochResult result) {
                each.forEach(observer -> observer.afterEpoch(result));
            }

            @Override
            public void afterStep(TrainingState state) {
                each.forEach(observer -> observer.afterStep(state));
            }
        };
    }
}
