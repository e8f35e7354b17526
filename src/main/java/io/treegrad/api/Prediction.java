package io.treegrad.api;

import io.treegrad.model.TrainedModel;
import io.treegrad.network.Task;

/** What a model predicts for one row. Immutable. */
public final class Prediction {
    private final TrainedModel model;
    private final float[] outputs;

    /** @param outputs a_L, kept   [n_L] */
    Prediction(TrainedModel model, float[] outputs) {
        this.model = model;
        this.outputs = outputs;
    }

    /**
     * Name of the predicted class.
     *
     * @throws UnsupportedOperationException of a model that predicts numbers
     */
    public String label() {
        requireTask(Task.CLASSIFICATION);
        return model.labels().get(model.network().predicted(outputs, 0));
    }

    /**
     * The predicted number, in the unit of the training data.
     *
     * @throws UnsupportedOperationException of a model that predicts classes
     */
    public float number() {
        requireTask(Task.REGRESSION);
        return model.network().number(outputs, 0);
    }

    /**
     * A copy of the outputs of the network, as {@code predict} writes them: of a softmax the probability of each class, in
     * the order of {@link Model#labels}; of a model that predicts numbers, that number.
     */
    public float[] outputs() {
        return model.network().task() == Task.REGRESSION ? new float[] {number()} : outputs.clone();
    }

    private void requireTask(Task task) {
        if (model.network().task() != task) {
            throw new UnsupportedOperationException(
                    "this is a model of a " + model.network().task().label() + ", expected one of a " + task.label());
        }
    }
}
