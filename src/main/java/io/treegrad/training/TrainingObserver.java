package io.treegrad.training;

import io.treegrad.network.GradientSum;
import java.util.List;

/** Watches a training run: progress, metrics, checkpoints. Called on the thread that trains. */
public interface TrainingObserver {
    /**
     * After the update of {@code step}.
     *
     * @param theta the updated parameters; only read
     * @param sum loss, hits and rows of the step, under the parameters before the update; its gradient no longer holds
     *     the gradient
     */
    default void afterUpdate(long step, float[] theta, GradientSum sum) {}

    /** After the last step of an epoch and its evaluation. */
    default void afterEpoch(EpochResult result) {}

    /**
     * After a step and all that belongs to it, an epoch's end included: the state is whole and may be stored. An exception
     * thrown here ends the training, and the state stays as it is.
     */
    default void afterStep(TrainingState state) {}

    /** Tells each of them everything, in their order. */
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
