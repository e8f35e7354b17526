package io.treegrad.network;

import java.util.List;

/**
 * A multilayer perceptron row by row in {@code double}, straight from the textbook, sharing nothing with the code under
 * test: its theta is in the order of published files. It knows no derivative: its gradient is numeric.
 */
record ReferenceNetwork(List<Integer> widths, List<Activation> activations, boolean bias, Loss loss) {
    /** Central differences err by step² (1e-10) and by rounding / step (1e-15 · 1e5 of the loss). */
    private static final double STEP = 1e-5;

    /** {@code z_l} of each layer, for one row. */
    double[][] inputsOfActivations(double[] theta, float[] x) {
        double[][] z = new double[activations.size()][];
        double[] below = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            below[i] = x[i];
        }
        int at = 0;
        for (int l = 0; l < z.length; l++) {
            z[l] = new double[widths.get(l + 1)];
            for (int j = 0; j < z[l].length; j++) {
                for (double value : below) {
                    z[l][j] += theta[at++] * value;
                }
            }
            for (int j = 0; bias && j < z[l].length; j++) {
                z[l][j] += theta[at++];
            }
            below = activate(activations.get(l), z[l]);
        }
        return z;
    }

    double[] outputs(double[] theta, float[] x) {
        int last = activations.size() - 1;
        return activate(activations.get(last), inputsOfActivations(theta, x)[last]);
    }

    double lossSum(double[] theta, float[][] x, int[] labels) {
        double sum = 0;
        for (int row = 0; row < x.length; row++) {
            double[][] z = inputsOfActivations(theta, x[row]);
            sum += loss(z[z.length - 1], labels[row]);
        }
        return sum;
    }

    double[] gradient(double[] theta, float[][] x, int[] labels) {
        double[] moved = theta.clone();
        double[] gradient = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            moved[i] = theta[i] + STEP;
            double above = lossSum(moved, x, labels);
            moved[i] = theta[i] - STEP;
            double below = lossSum(moved, x, labels);
            moved[i] = theta[i];
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }

    private static double[] activate(Activation activation, double[] z) {
        double[] a = new double[z.length];
        double sum = 0;
        for (int j = 0; activation == Activation.SOFTMAX && j < z.length; j++) {
            sum += Math.exp(z[j]);
        }
        for (int j = 0; j < z.length; j++) {
            a[j] = switch (activation) {
                case SIGMOID -> 1 / (1 + Math.exp(-z[j]));
                case TANH -> Math.tanh(z[j]);
                case RELU -> Math.max(z[j], 0);
                case IDENTITY -> z[j];
                case SOFTMAX -> Math.exp(z[j]) / sum;
            };
        }
        return a;
    }

    private double loss(double[] z, int label) {
        double[] a = activate(activations.get(activations.size() - 1), z);
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            double t = a.length == 1 ? label : j == label ? 1 : 0;
            sum += switch (loss) {
                case CROSS_ENTROPY -> t == 0 ? 0 : -Math.log(a[j]);
                // of sigmoid: a = 1 / (1 + e^-z) and 1 - a = 1 / (1 + e^z), which does not round to zero
                case BINARY_CROSS_ENTROPY -> t * Math.log1p(Math.exp(-z[j])) + (1 - t) * Math.log1p(Math.exp(z[j]));
                case MSE -> (a[j] - t) * (a[j] - t);
            };
        }
        return sum;
    }
}
