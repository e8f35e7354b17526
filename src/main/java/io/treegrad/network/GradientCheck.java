package io.treegrad.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares a gradient with central differences of the loss, {@code (C(theta_i + h) - C(theta_i - h)) / 2h}, computed in
 * {@code double} by a forward pass that shares nothing with {@link Backpropagation} but the layout of theta.
 *
 * <p>A parameter of layer l moves one unit of that layer, so each difference costs one column of {@code W_{l+1}} and the
 * layers above it, not a whole pass. Where a difference would step over the kink of a relu there is no derivative to
 * compare with, and the parameter is skipped and counted.
 */
public final class GradientCheck {
    /** Central differences err by h² of the third derivative and by 1e-16 / h of the loss: both far below float. */
    private static final double STEP = 1e-5;
    /** Parameters of one layer that are looked at: all, or this many spread evenly. */
    private static final int MOST_CHECKED = 100_000;
    /** What roundings of float on the way through some layers come to is a hundredth of this. */
    private static final double TOLERANCE = 1e-4;

    /**
     * What the parameters of one layer came to.
     *
     * @param layer from 1
     * @param checked parameters compared
     * @param skipped parameters at the kink of a relu
     * @param largestDifference between the two gradients of a parameter
     * @param largestGradient of the numeric ones
     */
    public record LayerCheck(int layer, int checked, int skipped, double largestDifference, double largestGradient) {
        /** The largest difference as a share of the largest gradient; 0 when both are 0. */
        public double relativeDifference() {
            return largestDifference == 0 ? 0 : largestDifference / largestGradient;
        }

        /** Whether the two are equal but for the rounding of float. */
        public boolean holds() {
            return relativeDifference() <= TOLERANCE; // false for NaN
        }
    }

    private final Network network;
    private final float[] theta;
    private final float[] targets;
    /** Null where all rows count the same. */
    private final float[] weights;

    private final int rows;
    /** Inputs of layer l: x, then each a_l.   [layers][rows × n_{l-1}] */
    private final double[][] inputs;
    /** z_l.   [layers][rows × n_l] */
    private final double[][] z;
    /** z_l of one row with one parameter moved.   [layers][n_l] */
    private final double[][] moved;

    private boolean kinked;

    private GradientCheck(Network network, float[] theta, Batch batch) {
        this.network = network;
        this.theta = theta;
        this.targets = batch.targets();
        this.weights = batch.weights();
        this.rows = batch.rows();
        int depth = network.layers().size();
        inputs = new double[depth][];
        z = new double[depth][];
        moved = new double[depth][];
        double[] below = new double[rows * network.features()];
        for (int i = 0; i < below.length; i++) {
            below[i] = batch.input(i / network.features(), i % network.features());
        }
        for (int l = 0; l < depth; l++) {
            Layer layer = network.layers().get(l);
            inputs[l] = below;
            z[l] = new double[rows * layer.outputs()];
            moved[l] = new double[layer.outputs()];
            for (int row = 0; row < rows; row++) {
                forward(layer, below, row * layer.inputs(), z[l], row * layer.outputs());
            }
            below = new double[z[l].length];
            for (int i = 0; l < depth - 1 && i < below.length; i++) {
                below[i] = activate(layer.activation(), z[l][i]);
            }
        }
    }

    /**
     * Compares {@code gradient} with the numeric gradient of the loss, summed over the rows of the batch, at theta.
     *
     * @param gradient in the layout of theta, as {@link Backpropagation} sums it
     */
    public static List<LayerCheck> compare(Network network, float[] theta, Batch batch, float[] gradient) {
        GradientCheck check = new GradientCheck(network, theta, batch);
        List<LayerCheck> checks = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            checks.add(check.layer(l, gradient));
        }
        return checks;
    }

    private LayerCheck layer(int l, float[] gradient) {
        Layer layer = network.layers().get(l);
        int first = layer.weightsOffset();
        int parameters = layer.end() - first;
        int checked = Math.min(parameters, MOST_CHECKED);
        int skipped = 0;
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < checked; i++) {
            int parameter = (int) ((long) i * parameters / checked);
            double numeric = numericGradient(l, layer, parameter);
            if (kinked) {
                skipped++;
                continue;
            }
            double off = Math.abs(gradient[first + parameter] - numeric);
            difference = Math.max(difference, off);
            largest = Math.max(largest, Math.abs(numeric));
        }
        return new LayerCheck(l + 1, checked - skipped, skipped, difference, largest);
    }

    private double numericGradient(int l, Layer layer, int parameter) {
        boolean isWeight = parameter < layer.weights();
        int unit = isWeight ? parameter % layer.outputs() : parameter - layer.weights();
        kinked = false;
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            double reach = STEP * (isWeight ? inputs[l][row * layer.inputs() + parameter / layer.outputs()] : 1);
            if (reach != 0) {
                sum += lossWith(row, l, unit, reach) - lossWith(row, l, unit, -reach);
            }
        }
        return sum / (2 * STEP);
    }

    /** The loss of a row when {@code reach} is added to the z of one unit of a layer. */
    private double lossWith(int row, int changed, int unit, double reach) {
        int last = moved.length - 1;
        for (int l = changed; l <= last; l++) {
            Layer layer = network.layers().get(l);
            int width = layer.outputs();
            if (l == changed) {
                System.arraycopy(z[l], row * width, moved[l], 0, width);
                moved[l][unit] += reach;
            } else if (l == changed + 1) {
                Activation below = network.layers().get(changed).activation();
                double change = activate(below, moved[changed][unit]) - inputs[l][row * layer.inputs() + unit];
                for (int j = 0; j < width; j++) {
                    double weight = theta[layer.weight(unit, j)];
                    moved[l][j] = z[l][row * width + j] + weight * change;
                }
            } else {
                double[] a = moved[l - 1];
                for (int j = 0; j < a.length; j++) {
                    a[j] = activate(network.layers().get(l - 1).activation(), a[j]);
                }
                forward(layer, a, 0, moved[l], 0);
            }
            for (int j = 0; layer.activation() == Activation.RELU && j < width; j++) {
                kinked |= moved[l][j] > 0 != z[l][row * width + j] > 0;
            }
        }
        return lossWeight(row) * loss(moved[last], target(targets[row]));
    }

    private double lossWeight(int row) {
        double weight = weights == null ? 1 : weights[row];
        return network.meaning() instanceof Meaning.OfClasses classes
                        && !classes.weights().isEmpty()
                ? weight * classes.weights().get((int) targets[row])
                : weight;
    }

    private double target(double target) {
        return network.meaning() instanceof Meaning.OfNumbers numbers
                ? (target - numbers.mean()) / numbers.deviation()
                : target;
    }

    /** (1) for one row. */
    private void forward(Layer layer, double[] a, int from, double[] target, int at) {
        for (int j = 0; j < layer.outputs(); j++) {
            double sum = layer.hasBias() ? theta[layer.biasesOffset() + j] : 0;
            for (int i = 0; i < layer.inputs(); i++) {
                sum += theta[layer.weight(i, j)] * a[from + i];
            }
            target[at + j] = sum;
        }
    }

    private static double activate(Activation activation, double z) {
        return switch (activation) {
            case SIGMOID -> 1 / (1 + Math.exp(-z));
            case TANH -> Math.tanh(z);
            case RELU -> Math.max(z, 0);
            case IDENTITY -> z;
            case SOFTMAX -> throw new IllegalArgumentException("softmax is no function of a single unit");
        };
    }

    /** (3) for one row, given {@code z_L}. */
    private double loss(double[] outputs, double label) {
        Activation activation = network.layers().get(moved.length - 1).activation();
        double normaliser = 0;
        for (double logit : outputs) {
            normaliser += Math.exp(logit);
        }
        double sum = 0;
        for (int j = 0; j < outputs.length; j++) {
            double target = outputs.length == 1 ? label : j == label ? 1 : 0;
            double logit = outputs[j];
            sum += switch (network.loss()) {
                case CROSS_ENTROPY -> target * (Math.log(normaliser) - logit);
                case BINARY_CROSS_ENTROPY ->
                    Math.max(logit, 0) - target * logit + Math.log1p(Math.exp(-Math.abs(logit)));
                case MSE -> {
                    double a = activation == Activation.SOFTMAX
                            ? Math.exp(logit) / normaliser
                            : activate(activation, logit);
                    yield (a - target) * (a - target);
                }
            };
        }
        return sum;
    }
}
