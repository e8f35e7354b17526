package io.treegrad.report;

import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.Network;

/** Predicted numbers beside the true ones. Immutable. */
public final class Fit {
    private static final int BLOCK = 256;

    private final float[] actual;
    private final float[] predicted;

    private Fit(float[] actual, float[] predicted) {
        this.actual = actual;
        this.predicted = predicted;
    }

    /**
     * Of some rows, in their order.
     *
     * @param network one that predicts numbers
     * @param theta only read
     */
    public static Fit of(Network network, float[] theta, Scaling scaling, Rows rows) {
        float[] actual = new float[rows.count()];
        float[] predicted = new float[rows.count()];
        Backpropagation passes = new Backpropagation(network, BLOCK);
        Batch batch = rows.newBatch(BLOCK);
        for (int first = 0; first < actual.length; first += BLOCK) {
            int count = Math.min(BLOCK, actual.length - first);
            batch.clear();
            for (int i = 0; i < count; i++) {
                rows.addTo(batch, first + i, scaling);
            }
            float[] outputs = passes.forward(theta, batch);
            for (int i = 0; i < count; i++) {
                actual[first + i] = rows.target(first + i);
                predicted[first + i] = network.number(outputs, i);
            }
        }
        return new Fit(actual, predicted);
    }

    int rows() {
        return actual.length;
    }

    float actual(int row) {
        return actual[row];
    }

    float predicted(int row) {
        return predicted[row];
    }
}
