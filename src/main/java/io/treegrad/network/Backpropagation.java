package io.treegrad.network;

import io.treegrad.common.UserError;
import java.util.Arrays;
import java.util.List;

/**
 * Forward and backward passes of one network over blocks of rows. Owns the buffers of a pass and reuses them for every
 * block, so a step allocates nothing; for one thread at a time.
 *
 * <p>Equation numbers and symbols are those of the package documentation. Buffers hold {@code capacity} rows; only the
 * rows of the block at hand are read or written.
 */
public final class Backpropagation {
    private final Network network;
    private final Blas blas;
    private final List<Layer> layers;
    /** {@code a_l [capacity × n_l]} at index l - 1. */
    private final float[][] activations;
    /** {@code delta_l [capacity × n_l]} at index l - 1. */
    private final float[][] deltas;
    /** {@code z_L [capacity × n_L]}. */
    private final float[] logits;

    /**
     * @param capacity the most rows that a block can have
     * @throws UserError if a layer's units for so many rows would not fit into one array
     */
    public Backpropagation(Network network, Blas blas, int capacity) {
        this.network = network;
        this.blas = blas;
        this.layers = network.layers();
        activations = new float[layers.size()][];
        deltas = new float[layers.size()][];
        for (int l = 0; l < layers.size(); l++) {
            int size = Batch.size(capacity, layers.get(l).outputs(), "units");
            activations[l] = new float[size];
            deltas[l] = new float[size];
        }
        logits = new float[capacity * network.outputs()];
    }

    /**
     * Replaces {@code sum} by the gradient, loss and hits of the block: sums over its rows.
     *
     * @param theta all parameters; only read
     */
    public void gradient(float[] theta, Batch batch, GradientSum sum) {
        int m = batch.rows();
        if (m == 0) {
            // a shard smaller than the number of steps sits some of them out
            Arrays.fill(sum.gradient(), 0);
            sum.set(0, 0, 0);
            return;
        }
        float[] outputs = forward(theta, batch);
        int last = layers.size() - 1;
        int width = network.outputs();
        long correct = 0;
        for (int row = 0; row < m; row++) {
            if (network.predicted(outputs, row) == batch.labels()[row]) {
                correct++;
            }
        }
        sum.set(network.loss().sum(logits, outputs, batch.labels(), m, width), correct, m);
        Activation output = layers.get(last).activation();
        network.loss().delta(outputs, batch.labels(), m, width, output, deltas[last]); // (4)  [m × n_L]
        for (int l = last; l >= 0; l--) {
            Layer layer = layers.get(l);
            float[] below = l == 0 ? batch.inputs() : activations[l - 1];
            int n = layer.outputs();
            int k = layer.inputs();
            // (6)  ∂C/∂W_l = delta_lᵀ a_{l-1}   [n × k] = [m × n]ᵀ [m × k]
            blas.gemm(
                    true, false, n, k, m, 1, deltas[l], 0, n, below, 0, k, 0, sum.gradient(), layer.weightsOffset(), k);
            if (layer.hasBias()) {
                sumColumns(deltas[l], m, n, sum.gradient(), layer.biasesOffset()); // (7)  [n] = [m × n]ᵀ 1
            }
            if (l > 0) {
                // (5)  delta_{l-1} = (delta_l W_l) ∘ f'(z_{l-1})   [m × k] = [m × n] [n × k]
                blas.gemm(
                        false,
                        false,
                        m,
                        k,
                        n,
                        1,
                        deltas[l],
                        0,
                        n,
                        theta,
                        layer.weightsOffset(),
                        k,
                        0,
                        deltas[l - 1],
                        0,
                        k);
                layers.get(l - 1).activation().multiplyByDerivative(deltas[l - 1], activations[l - 1], m, k);
            }
        }
    }

    /** Adds the loss and all counts of the block to {@code sum}. */
    public void evaluate(float[] theta, Batch batch, EvaluationSum sum) {
        float[] outputs = forward(theta, batch);
        sum.addLoss(network.loss().sum(logits, outputs, batch.labels(), batch.rows(), network.outputs()));
        sum.addRows(network, outputs, batch.labels(), batch.rows());
    }

    /**
     * Outputs of the block, {@code a_L [rows × n_L]}, in a buffer of this object that the next call overwrites.
     *
     * @param theta all parameters; only read
     */
    public float[] forward(float[] theta, Batch batch) {
        int m = batch.rows();
        float[] below = batch.inputs();
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            int n = layer.outputs();
            int k = layer.inputs();
            float[] a = activations[l];
            for (int row = 0; layer.hasBias() && row < m; row++) {
                System.arraycopy(theta, layer.biasesOffset(), a, row * n, n);
            }
            // (1)  z_l = a_{l-1} W_lᵀ + 1 b_lᵀ   [m × n] = [m × k] [n × k]ᵀ + [m × n]
            float beta = layer.hasBias() ? 1 : 0;
            blas.gemm(false, true, m, n, k, 1, below, 0, k, theta, layer.weightsOffset(), k, beta, a, 0, n);
            if (l == layers.size() - 1) {
                System.arraycopy(a, 0, logits, 0, m * n);
            }
            layer.activation().apply(a, m, n, deltas[l]); // (2)  [m × n]; the forward pass has no deltas yet
            below = a;
        }
        return below;
    }

    private static void sumColumns(float[] matrix, int rows, int columns, float[] sums, int offset) {
        Arrays.fill(sums, offset, offset + columns, 0);
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < columns; j++) {
                sums[offset + j] += matrix[row * columns + j];
            }
        }
    }
}
