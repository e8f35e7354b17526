package io.treegrad.network;

import java.util.Locale;

/**
 * Loss functions: the sum C of equation (3) and {@code delta_L} of equation (4).
 *
 * <p>A target is a label: class {@code label} of {@code n_L} outputs, or, for a network of one output, the label 0 or 1
 * itself, or the number that is to be predicted. Losses are summed in {@code double}.
 */
public enum Loss {
    /** {@code -ln a_label}, with softmax. {@code delta_L = a - t}. */
    CROSS_ENTROPY {
        @Override
        boolean goesWith(Activation output) {
            return output == Activation.SOFTMAX;
        }

        @Override
        double sum(float[] z, float[] a, float[] targets, int from, int to, int width, float[] scratch) {
            double sum = 0;
            for (int row = from; row < to; row++) {
                // a probability may underflow to zero; the smallest normal float bounds the loss of a row at 87.3
                sum -= StrictMath.log(Math.max(a[row * width + (int) targets[row]], Float.MIN_NORMAL));
            }
            return sum;
        }
    },

    /**
     * The logistic cost of all outputs, {@code -Σ_j t_j ln a_j + (1 - t_j) ln(1 - a_j)}, with sigmoid.
     * {@code delta_L = a - t}.
     */
    BINARY_CROSS_ENTROPY {
        // the product of this many factors in (1, 2] stays far below the largest double
        private static final int FACTORS = 512;

        @Override
        boolean goesWith(Activation output) {
            return output == Activation.SIGMOID;
        }

        @Override
        double sum(float[] z, float[] a, float[] targets, int from, int to, int width, float[] scratch) {
            // of the logit z: max(z, 0) - t z + ln(1 + e^-|z|), which neither overflows nor takes ln 0.
            // Σ ln(1 + e^-|z|) = ln Π (1 + e^-|z|): one logarithm for many outputs
            double sum = 0;
            int row = from;
            int j = 0;
            for (int first = from * width; first < to * width; first += FACTORS) {
                int end = Math.min(to * width, first + FACTORS);
                for (int i = first; i < end; i++) {
                    float logit = z[i];
                    sum += Math.max(logit, 0) - target(targets[row], j, width) * logit;
                    z[i] = -Math.abs(logit);
                    if (++j == width) {
                        row++;
                        j = 0;
                    }
                }
                FloatMath.exp(z, first, end, scratch);
                double product = 1;
                for (int i = first; i < end; i++) {
                    product *= 1 + (double) z[i];
                }
                sum += StrictMath.log(product);
            }
            return sum;
        }
    },

    /** {@code Σ_j (a_j - t_j)²}, with any activation. {@code ∂C/∂a = 2 (a - t)}. */
    MSE {
        @Override
        boolean goesWith(Activation output) {
            return true;
        }

        @Override
        double sum(float[] z, float[] a, float[] targets, int from, int to, int width, float[] scratch) {
            double sum = 0;
            for (int row = from; row < to; row++) {
                for (int j = 0; j < width; j++) {
                    double error = a[row * width + j] - target(targets[row], j, width);
                    sum += error * error;
                }
            }
            return sum;
        }

        @Override
        void delta(float[] a, float[] targets, int rows, int width, Activation output, float[] delta) {
            super.delta(a, targets, rows, width, output, delta);
            for (int i = 0, n = rows * width; i < n; i++) {
                delta[i] *= 2;
            }
            output.multiplyByDerivative(delta, a, rows, width);
        }
    };

    /** Whether equation (4) is implemented for this loss on top of this output activation. */
    abstract boolean goesWith(Activation output);

    /**
     * C of equation (3) for the rows {@code from} to {@code to} of {@code z, a [rows × width]} of the output layer.
     *
     * @param z may be overwritten, and so may as many elements of {@code scratch}
     */
    abstract double sum(float[] z, float[] a, float[] targets, int from, int to, int width, float[] scratch);

    /**
     * C of equation (3) for a whole block, each row multiplied by its weight.
     *
     * @param weights null where all are 1   [rows]
     */
    double sum(float[] z, float[] a, float[] targets, float[] weights, int rows, int width, float[] scratch) {
        if (weights == null) {
            return sum(z, a, targets, 0, rows, width, scratch);
        }
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += weights[row] * sum(z, a, targets, row, row + 1, width, scratch);
        }
        return sum;
    }

    /** Writes {@code delta_L [rows × width]} of equation (4); here {@code a - t}, where the derivatives cancel. */
    void delta(float[] a, float[] targets, int rows, int width, Activation output, float[] delta) {
        System.arraycopy(a, 0, delta, 0, rows * width);
        for (int row = 0; row < rows; row++) {
            if (width == 1) {
                delta[row] -= targets[row];
            } else {
                delta[row * width + (int) targets[row]] -= 1;
            }
        }
    }

    private static float target(float target, int output, int width) {
        return width == 1 ? target : target == output ? 1 : 0;
    }

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
