package io.treegrad.network;

import io.treegrad.common.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Forward and backward passes of one network over blocks of rows. Owns the buffers of a pass and reuses them for every
 * block, so a step allocates nothing; for one thread at a time.
 *
 * <p>Equation numbers and symbols are those of the package documentation. Buffers hold {@code capacity} rows; only the
 * rows of the block at hand are read or written.
 */
public final class Backpropagation {
    private final Network network;
    private final Supplier<Kernels> source;
    private Kernels kernels;
    private final List<Layer> layers;
    /** {@code a_l [capacity × n_l]} at index l - 1. */
    private final float[][] activations;
    /** {@code delta_l [capacity × n_l]} at index l - 1. */
    private final float[][] deltas;
    /** Column sums of one delta.   [largest n_l] */
    private final float[] columnSums;
    /** {@code z_L [capacity × n_L]}. */
    private final float[] logits;

    /**
     * @param capacity the most rows that a block can have
     * @throws UserError if a layer's units for so many rows would not fit into one array
     */
    public Backpropagation(Network network, int capacity) {
        this(network, new WarmingKernels(), capacity);
    }

    Backpropagation(Network network, Kernels kernels, int capacity) {
        this(network, () -> kernels, capacity);
    }

    private Backpropagation(Network network, Supplier<Kernels> source, int capacity) {
        this.network = network;
        this.source = source;
        this.kernels = source.get();
        this.layers = network.layers();
        activations = new float[layers.size()][];
        deltas = new float[layers.size()][];
        for (int l = 0; l < layers.size(); l++) {
            int size = Batch.size(capacity, layers.get(l).outputs(), "units");
            activations[l] = new float[size];
            deltas[l] = new float[size];
        }
        columnSums = new float[layers.stream().mapToInt(Layer::outputs).max().orElseThrow()];
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
            int n = layer.outputs();
            int k = layer.inputs();
            FloatMath.flush(deltas[l], m * n);
            if (layer.hasBias() || (l == 0 && batch.hasConstants())) {
                sumColumns(deltas[l], m, n, columnSums); // (7)  [n] = [m × n]ᵀ 1
            }
            if (layer.hasBias()) {
                System.arraycopy(columnSums, 0, sum.gradient(), layer.biasesOffset(), n);
            }
            if (l == 0) {
                // (6)  ∂C/∂W_1 = xᵀ delta_1   [k × n] = [m × k]ᵀ [m × n]
                batch.weightGradient(kernels, layer, deltas[0], columnSums, sum.gradient());
                break;
            }
            // (6)  ∂C/∂W_l = a_{l-1}ᵀ delta_l   [k × n] = [m × k]ᵀ [m × n]
            kernels.weightGradient(m, k, n, activations[l - 1], deltas[l], sum.gradient(), layer.weightsOffset());
            // (5)  delta_{l-1} = (delta_l W_lᵀ) ∘ f'(z_{l-1})   [m × k] = [m × n] [k × n]ᵀ
            kernels.backward(m, k, n, deltas[l], theta, layer.weightsOffset(), deltas[l - 1]);
            layers.get(l - 1).activation().multiplyByDerivative(deltas[l - 1], activations[l - 1], m, k);
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
        kernels = source.get();
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            int n = layer.outputs();
            float[] a = activations[l];
            // (1)  z_l = a_{l-1} W_l + 1 b_lᵀ   [m × n] = [m × k] [k × n] + [m × n]
            if (l == 0) {
                batch.forward(kernels, layer, theta, a);
            } else {
                int biases = layer.hasBias() ? layer.biasesOffset() : Kernels.NONE;
                kernels.forward(m, layer.inputs(), n, activations[l - 1], theta, layer.weightsOffset(), biases, a);
            }
            if (l == layers.size() - 1) {
                System.arraycopy(a, 0, logits, 0, m * n);
            }
            layer.activation().apply(a, m, n, deltas[l]); // (2)  [m × n]; the forward pass has no deltas yet
            if (l < layers.size() - 1) {
                FloatMath.flush(a, m * n);
            }
        }
        return activations[layers.size() - 1];
    }

    private static void sumColumns(float[] matrix, int rows, int columns, float[] sums) {
        Arrays.fill(sums, 0, columns, 0);
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < columns; j++) {
                sums[j] += matrix[row * columns + j];
            }
        }
    }
}
