package io.treegrad.report;

import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.Network;
import java.util.ArrayList;
import java.util.List;

/** The predictions of a network for rows in memory. Changes none of its arguments. Not thread-safe. */
final class Predictions {
    private static final int BLOCK = 256;

    private final Network network;
    private final float[] theta;
    private final Scaling scaling;
    private final Backpropagation passes;

    /**
     * @param label the true class
     * @param predicted the predicted class
     * @param probability of the predicted class
     * @param labelProbability of the true class
     */
    record Answer(int label, int predicted, double probability, double labelProbability) {
        boolean right() {
            return label == predicted;
        }
    }

    /** @param theta only read */
    Predictions(Network network, float[] theta, Scaling scaling) {
        this.network = network;
        this.theta = theta;
        this.scaling = scaling;
        this.passes = new Backpropagation(network, BLOCK);
    }

    /** Receives the outputs of a row: those of row {@code at} of a block. */
    interface Receiver {
        void row(int row, float[] outputs, int at);
    }

    /** One answer a row, in order. */
    List<Answer> of(Rows rows) {
        List<Answer> answers = new ArrayList<>(rows.count());
        forEach(rows, (row, outputs, at) -> {
            int label = rows.label(row);
            int predicted = network.predicted(outputs, at);
            answers.add(
                    new Answer(label, predicted, probability(outputs, at, predicted), probability(outputs, at, label)));
        });
        return answers;
    }

    /** Computes the outputs of each row, in order. */
    void forEach(Rows rows, Receiver receiver) {
        Batch batch = rows.newBatch(BLOCK);
        for (int first = 0; first < rows.count(); first += BLOCK) {
            int count = Math.min(BLOCK, rows.count() - first);
            batch.clear();
            for (int i = 0; i < count; i++) {
                rows.addTo(batch, first + i, scaling);
            }
            float[] outputs = passes.forward(theta, batch);
            for (int i = 0; i < count; i++) {
                receiver.row(first + i, outputs, i);
            }
        }
    }

    private double probability(float[] outputs, int row, int label) {
        int width = network.outputs();
        if (width == 1) {
            return label == 1 ? outputs[row] : 1 - outputs[row];
        }
        return outputs[row * width + label];
    }
}
