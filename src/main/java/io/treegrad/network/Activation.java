package io.treegrad.network;

import java.util.Locale;

/**
 * Activation functions f of equation (2) and the derivative step of equations (4) and (5), over whole blocks.
 *
 * <p>Each derivative is written in terms of {@code a = f(z)}, so that {@code z} need not be kept. All arithmetic is
 * plain {@code float} multiplication, addition and division, which Java rounds the same way on every machine.
 */
public enum Activation {
    /** {@code f(z) = 1 / (1 + e^-z)}, {@code f' = a (1 - a)}. */
    SIGMOID {
        @Override
        void apply(float[] z, int rows, int width, float[] scratch) {
            int n = rows * width;
            for (int i = 0; i < n; i++) {
                z[i] = -z[i];
            }
            FloatMath.exp(z, 0, n, scratch);
            for (int i = 0; i < n; i++) {
                z[i] = 1 / (1 + z[i]);
            }
        }

        @Override
        void multiplyByDerivative(float[] delta, float[] a, int rows, int width) {
            for (int i = 0, n = rows * width; i < n; i++) {
                delta[i] *= a[i] * (1 - a[i]);
            }
        }
    },

    /** {@code f(z) = tanh z}, {@code f' = 1 - a²}. */
    TANH {
        @Override
        void apply(float[] z, int rows, int width, float[] scratch) {
            FloatMath.tanh(z, rows * width, scratch);
        }

        @Override
        void multiplyByDerivative(float[] delta, float[] a, int rows, int width) {
            for (int i = 0, n = rows * width; i < n; i++) {
                delta[i] *= 1 - a[i] * a[i];
            }
        }
    },

    /** {@code f(z) = max(z, 0)}, {@code f' = 1} where {@code z > 0}, else 0. NaN stays NaN, so divergence shows. */
    RELU {
        @Override
        void apply(float[] z, int rows, int width, float[] scratch) {
            for (int i = 0, n = rows * width; i < n; i++) {
                z[i] = Math.max(z[i], 0);
            }
        }

        @Override
        void multiplyByDerivative(float[] delta, float[] a, int rows, int width) {
            // No processor foresees which units are above 0, so a branch takes ten times as long. a is never below 0,
            // so the integer of its bits is 0 or above, and the sign of its negative makes the mask.
            for (int i = 0, n = rows * width; i < n; i++) {
                int kept = -Float.floatToRawIntBits(a[i]) >> 31;
                delta[i] = Float.intBitsToFloat(Float.floatToRawIntBits(delta[i]) & kept);
            }
        }
    },

    /** {@code f(z) = z}. */
    IDENTITY {
        @Override
        void apply(float[] z, int rows, int width, float[] scratch) {}

        @Override
        void multiplyByDerivative(float[] delta, float[] a, int rows, int width) {}
    },

    /**
     * {@code f(z)_j = e^(z_j - max z) / Σ_k e^(z_k - max z)} along each row; an output layer only. Its derivative is
     * the matrix {@code diag(a) - a aᵀ} of a row, so the product is {@code a_j (delta_j - Σ_k delta_k a_k)}.
     */
    SOFTMAX {
        @Override
        void apply(float[] z, int rows, int width, float[] scratch) {
            for (int first = 0, n = rows * width; first < n; first += width) {
                float largest = z[first];
                for (int j = first + 1; j < first + width; j++) {
                    largest = Math.max(largest, z[j]);
                }
                float sum = 0;
                for (int j = first; j < first + width; j++) {
                    z[j] = FloatMath.exp(z[j] - largest);
                    sum += z[j];
                }
                float scale = 1 / sum;
                for (int j = first; j < first + width; j++) {
                    z[j] *= scale;
                }
            }
        }

        @Override
        void multiplyByDerivative(float[] delta, float[] a, int rows, int width) {
            for (int first = 0, n = rows * width; first < n; first += width) {
                float dot = 0;
                for (int j = first; j < first + width; j++) {
                    dot += delta[j] * a[j];
                }
                for (int j = first; j < first + width; j++) {
                    delta[j] = a[j] * (delta[j] - dot);
                }
            }
        }
    };

    /**
     * Replaces {@code z [rows × width]} by {@code f(z)}.
     *
     * @param scratch as large as z, overwritten
     */
    abstract void apply(float[] z, int rows, int width, float[] scratch);

    /** Replaces {@code delta [rows × width] = ∂C/∂a} by {@code ∂C/∂z}, given {@code a [rows × width] = f(z)}. */
    abstract void multiplyByDerivative(float[] delta, float[] a, int rows, int width);

    /** Whether units of hidden layers may have it: each output depends on the input of its own unit alone. */
    public boolean isForHiddenLayers() {
        return this != SOFTMAX;
    }

    /** Whether the last layer may have it: its outputs can be told apart as classes and have a loss. */
    public boolean isForOutputs() {
        return this == SOFTMAX || this == SIGMOID || this == IDENTITY;
    }

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
