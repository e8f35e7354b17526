package io.treegrad.network;

import io.treegrad.common.UserError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The form of a multilayer perceptron and the layout of its parameters: layer after layer, first {@code W_l [n_{l-1} × n_l]}
 * row-major, then {@code b_l}. Holds no parameters itself; those are one flat {@code float[parameterCount()]} that others own.
 *
 * @param layers at least one; each reads what the one before it writes
 * @param loss the loss that training lowers
 * @param meaning what the outputs mean
 */
public record Network(List<Layer> layers, Loss loss, Meaning meaning) implements Serializable {

    public Network {
        layers = List.copyOf(layers);
        for (Layer layer : layers.subList(0, layers.size() - 1)) {
            if (layer.activation() == Activation.SOFTMAX) {
                throw new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        "softmax as the activation of a hidden layer: softmax belongs to the output layer;"
                                + " use sigmoid, tanh, relu or identity");
            }
        }
        Activation output = layers.get(layers.size() - 1).activation();
        if (output == Activation.SOFTMAX && layers.get(layers.size() - 1).outputs() == 1) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "softmax over 1 output is always 1: use sigmoid for a single output, or data of at least 2 classes");
        }
        if (!loss.goesWith(output)) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "loss %s with output activation %s: cross-entropy goes with softmax, binary-cross-entropy with"
                                    .formatted(loss.label(), output.label())
                            + " sigmoid, mse with any");
        }
        int outputs = layers.get(layers.size() - 1).outputs();
        if (meaning.task() == Task.REGRESSION && (loss != Loss.MSE || output != Activation.IDENTITY || outputs != 1)) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "regression with loss %s, output activation %s and %d outputs: a number is predicted by one output with"
                                    .formatted(loss.label(), output.label(), outputs)
                            + " loss mse and output activation identity");
        }
        if (meaning instanceof Meaning.OfClasses classes
                && !classes.weights().isEmpty()
                && classes.weights().size() != Math.max(2, outputs)) {
            throw new IllegalArgumentException(
                    classes.weights().size() + " class weights for " + Math.max(2, outputs) + " classes");
        }
    }

    /**
     * A network of the given widths {@code n_0 … n_L} and activations {@code f_1 … f_L} that tells classes apart, all of
     * the same weight.
     *
     * @throws UserError if a width is below one, the parameters would not fit into one array, or the activations do not
     *     fit the loss
     */
    public static Network dense(List<Integer> widths, List<Activation> activations, boolean bias, Loss loss) {
        if (widths.size() < 2 || activations.size() != widths.size() - 1) {
            throw new IllegalArgumentException(
                    widths.size() + " widths and " + activations.size() + " activations: expected one fewer");
        }
        List<Layer> layers = new ArrayList<>();
        long offset = 0;
        for (int l = 1; l < widths.size(); l++) {
            int inputs = widths.get(l - 1);
            int outputs = widths.get(l);
            if (inputs < 1 || outputs < 1) {
                throw new UserError(
                        UserError.Kind.BAD_CONFIGURATION, "layer widths %s: each must be at least 1".formatted(widths));
            }
            long biasesOffset = offset + (long) inputs * outputs;
            long end = biasesOffset + (bias ? outputs : 0);
            if (end > Integer.MAX_VALUE - 8) {
                throw new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        "layer widths %s need more than 2^31 parameters: use narrower layers".formatted(widths));
            }
            layers.add(new Layer(inputs, outputs, activations.get(l - 1), (int) offset, (int) biasesOffset, bias));
            offset = end;
        }
        return new Network(layers, loss, Meaning.OfClasses.UNWEIGHTED);
    }

    /** The same layers and loss with outputs of another meaning. */
    public Network meaning(Meaning other) {
        return new Network(layers, loss, other);
    }

    /** Whether the parameters of one network are those of the other: layers, loss and task are the same. */
    public boolean isLike(Network other) {
        return layers.equals(other.layers) && loss == other.loss && task() == other.task();
    }

    public Task task() {
        return meaning.task();
    }

    /** n_0. */
    public int features() {
        return layers.get(0).inputs();
    }

    /** n_L. */
    public int outputs() {
        return layers.get(layers.size() - 1).outputs();
    }

    /** Number of classes told apart: the outputs, or two for a network with a single output; none of numbers. */
    public int classes() {
        return task() == Task.REGRESSION ? 0 : Math.max(2, outputs());
    }

    /** Length of theta. */
    public int parameterCount() {
        return layers.get(layers.size() - 1).end();
    }

    /** Multiplications and additions of the products (1), (5) and (6) of one row, zeros included. */
    public double operationsPerRow() {
        double operations = 0;
        for (Layer layer : layers) {
            boolean first = layer.weightsOffset() == 0;
            operations += (first ? 4.0 : 6.0) * layer.weights();
        }
        return operations;
    }

    /** A copy of theta in the order of published files, whose weights of a layer are {@code [n_l × n_{l-1}]}. */
    public float[] toPublished(float[] theta) {
        float[] published = theta.clone();
        for (Layer layer : layers) {
            transpose(theta, layer.weightsOffset(), layer.inputs(), layer.outputs(), published);
        }
        return published;
    }

    /** theta of parameters in the order of published files: {@link #toPublished} backwards. */
    public float[] fromPublished(float[] published) {
        float[] theta = published.clone();
        for (Layer layer : layers) {
            transpose(published, layer.weightsOffset(), layer.outputs(), layer.inputs(), theta);
        }
        return theta;
    }

    private static void transpose(float[] from, int offset, int rows, int columns, float[] to) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[offset + column * rows + row] = from[offset + row * columns + column];
            }
        }
    }

    /** The class that a row of outputs speaks for: the first of the largest, or whether a single output is at least ½. */
    public int predicted(float[] outputs, int row) {
        int width = outputs();
        if (width == 1) {
            return outputs[row] >= 0.5f ? 1 : 0;
        }
        int first = row * width;
        int best = 0;
        for (int j = 1; j < width; j++) {
            if (outputs[first + j] > outputs[first + best]) {
                best = j;
            }
        }
        return best;
    }

    /** The number that a row of outputs predicts, of a network that predicts numbers. */
    public float number(float[] outputs, int row) {
        return ((Meaning.OfNumbers) meaning).toNumber(outputs[row]);
    }

    /** Whether outputs are probabilities of classes, as {@link #probability} reads them. */
    public boolean givesProbabilities() {
        Activation output = layers.get(layers.size() - 1).activation();
        return output == Activation.SIGMOID || output == Activation.SOFTMAX;
    }

    /**
     * The probability of a class: its share of the sum of a row of outputs, an equal share if all of them are zero; of a
     * single output p, the class 1 has p and the class 0 the rest.
     */
    double probability(float[] outputs, int row, int label) {
        int width = outputs();
        if (width == 1) {
            return label == 1 ? outputs[row] : 1.0 - outputs[row];
        }
        double sum = 0;
        for (int j = 0; j < width; j++) {
            sum += outputs[row * width + j];
        }
        return sum == 0 ? 1.0 / width : outputs[row * width + label] / sum;
    }

    /** The widths joined by dashes, as in "784-100-10". */
    @Override
    public String toString() {
        return features() + layers.stream().map(layer -> "-" + layer.outputs()).collect(Collectors.joining());
    }
}
