package io.treegrad.report;

import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.network.Network;

/** Predicted numbers beside the true ones. Immutable. */
public final class Fit {
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
        new Predictions(network, theta, scaling).forEach(rows, (row, outputs, at) -> {
            actual[row] = rows.target(row);
            predicted[row] = network.number(outputs, at);
        });
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
