package io.treegrad.api;

import io.treegrad.network.Network;
import io.treegrad.network.Task;
import java.io.Serializable;
import java.util.List;

/** What a model predicts for one row. Immutable. */
public final class Prediction implements Serializable {
    private static final long serialVersionUID = 1;

    private final Network network;
    private final List<String> labels;
    private final float[] outputs;

    /** @param outputs a_L, kept   [n_L] */
    Prediction(Network network, List<String> labels, float[] outputs) {
        this.network = network;
        this.labels = labels;
        this.outputs = outputs;
    }

    /**
     * Name of the predicted class.
     *
     * @throws UnsupportedOperationException of a model that predicts numbers
     */
    public String label() {
        requireTask(Task.CLASSIFICATION);
        return labels.get(network.predicted(outputs, 0));
    }

    /**
     * The predicted number, in the unit of the training data.
     *
     * @throws UnsupportedOperationException of a model that predicts classes
     */
    public float number() {
        requireTask(Task.REGRESSION);
        return network.number(outputs, 0);
    }

    /**
     * A copy of the outputs of the network, as {@code predict} writes them: of a softmax the probability of each class, in
     * the order of {@link Model#labels}; of a model that predicts numbers, that number.
     */
    public float[] outputs() {
        return network.task() == Task.REGRESSION ? new float[] {number()} : outputs.clone();
    }

    private void requireTask(Task task) {
        if (network.task() != task) {
            throw new UnsupportedOperationException(
                    "this is a model of a " + network.task().label() + ", expected one of a " + task.label());
        }
    }
}
