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
    /** By what the loss of each class is multiplied; empty where all are 1. */
    private final float[] classWeights;
    /** By what the loss of each row is multiplied.   [capacity] */
    private final float[] lossWeights;
    /** Numbers as the outputs are to be, of a network that predicts numbers.   [capacity] */
    private final float[] numbers;

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
        classWeights = classWeights(network.meaning());
        lossWeights = new float[capacity];
        numbers = new float[network.task() == Task.REGRESSION ? capacity : 0];
    }

    private static float[] classWeights(Meaning meaning) {
        List<Float> weights = meaning instanceof Meaning.OfClasses classes ? classes.weights() : List.of();
        float[] array = new float[weights.size()];
        for (int label = 0; label < array.length; label++) {
            array[label] = weights.get(label);
        }
        return array;
    }

    /**
     * Replaces {@code sum} by the gradient, loss and hits of the block: sums over its rows.
     *
     * @param theta all parameters; only read
     */
    public void gradient(float[] theta, Batch batch, GradientSum sum) {
        int m = batch.rows();
        float[] gradient = sum.overwrite();
        if (m == 0) {
            // a shard smaller than the number of steps sits some of them out
            Arrays.fill(gradient, 0);
            sum.setCounts(Counts.NONE);
            return;
        }
        float[] outputs = forward(theta, batch);
        int last = layers.size() - 1;
        int width = network.outputs();
        float[] targets = targets(batch);
        float[] weights = lossWeights(batch);
        double lossSum = network.loss().sum(logits, outputs, targets, weights, m, width, deltas[last]);
        boolean classifies = network.task() == Task.CLASSIFICATION;
        double correct = classifies ? correct(outputs, batch) : 0;
        double classified = classifies ? total(batch.weights(), m) : 0;
        sum.setCounts(new Counts(lossSum, total(weights, m), correct, classified, m));
        Activation output = layers.get(last).activation();
        network.loss().delta(outputs, targets, m, width, output, deltas[last]); // (4)  [m × n_L]
        if (weights != null) {
            multiplyRows(deltas[last], weights, m, width);
        }
        for (int l = last; l >= 0; l--) {
            Layer layer = layers.get(l);
            int n = layer.outputs();
            int k = layer.inputs();
            FloatMath.flush(deltas[l], m * n);
            if (layer.hasBias() || (l == 0 && batch.hasConstants())) {
                sumColumns(deltas[l], m, n, columnSums); // (7)  [n] = [m × n]ᵀ 1
            }
            if (layer.hasBias()) {
                System.arraycopy(columnSums, 0, gradient, layer.biasesOffset(), n);
            }
            if (l == 0) {
                // (6)  ∂C/∂W_1 = xᵀ delta_1   [k × n] = [m × k]ᵀ [m × n]
                batch.weightGradient(kernels, layer, deltas[0], columnSums, gradient);
                break;
            }
            // (6)  ∂C/∂W_l = a_{l-1}ᵀ delta_l   [k × n] = [m × k]ᵀ [m × n]
            kernels.weightGradient(m, k, n, activations[l - 1], deltas[l], gradient, layer.weightsOffset());
            // (5)  delta_{l-1} = (delta_l W_lᵀ) ∘ f'(z_{l-1})   [m × k] = [m × n] [k × n]ᵀ
            kernels.backward(m, k, n, deltas[l], theta, layer.weightsOffset(), deltas[l - 1]);
            layers.get(l - 1).activation().multiplyByDerivative(deltas[l - 1], activations[l - 1], m, k);
        }
    }

    /** t of the block.   [m × n_L] */
    private float[] targets(Batch batch) {
        if (!(network.meaning() instanceof Meaning.OfNumbers meaning)) {
            return batch.targets();
        }
        for (int row = 0; row < batch.rows(); row++) {
            numbers[row] = meaning.toOutput(batch.targets()[row]);
        }
        return numbers;
    }

    /** By what the loss of each row is multiplied; null where all are 1.   [m] */
    private float[] lossWeights(Batch batch) {
        float[] rowWeights = batch.weights();
        if (classWeights.length == 0) {
            return rowWeights;
        }
        for (int row = 0; row < batch.rows(); row++) {
            float ofClass = classWeights[(int) batch.targets()[row]];
            lossWeights[row] = rowWeights == null ? ofClass : ofClass * rowWeights[row];
        }
        return lossWeights;
    }

    private static double total(float[] weights, int rows) {
        if (weights == null) {
            return rows;
        }
        double total = 0;
        for (int row = 0; row < rows; row++) {
            total += weights[row];
        }
        return total;
    }

    private double correct(float[] outputs, Batch batch) {
        float[] weights = batch.weights();
        double correct = 0;
        for (int row = 0; row < batch.rows(); row++) {
            if (network.predicted(outputs, row) == (int) batch.targets()[row]) {
                correct += weights == null ? 1 : weights[row];
            }
        }
        return correct;
    }

    private static void multiplyRows(float[] matrix, float[] factors, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int j = row * columns; j < (row + 1) * columns; j++) {
                matrix[j] *= factors[row];
            }
        }
    }

    /** Adds the loss and all counts of the block to {@code sum}. */
    public void evaluate(float[] theta, Batch batch, EvaluationSum sum) {
        int m = batch.rows();
        float[] outputs = forward(theta, batch);
        float[] weights = lossWeights(batch);
        float[] scratch = deltas[layers.size() - 1];
        double lossSum = network.loss().sum(logits, outputs, targets(batch), weights, m, network.outputs(), scratch);
        sum.addLoss(lossSum, total(weights, m));
        sum.addRows(network, outputs, batch);
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
