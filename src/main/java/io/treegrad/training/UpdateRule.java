package io.treegrad.training;

import io.treegrad.network.FloatMath;

/**
 * How a gradient g changes theta: the element-wise part of an optimizer. r is the learning rate. Each rule says how
 * many vectors of theta's length it keeps from step to step. They start at zero, and a value in them that fades becomes
 * zero before it is a subnormal number.
 */
public sealed interface UpdateRule {
    int stateVectors();

    /**
     * Updates the elements {@code from} to {@code to} of {@code theta} and {@code state [stateVectors][theta.length]} in place.
     *
     * @param step counts from 0
     */
    void apply(float[] theta, float[] gradient, float rate, long step, float[][] state, int from, int to);

    /** The rules, by their names in options. */
    enum Kind {
        SGD {
            @Override
            public UpdateRule rule(double momentum) {
                return new Sgd();
            }
        },
        MOMENTUM {
            @Override
            public UpdateRule rule(double momentum) {
                return new Momentum(momentum);
            }
        },
        NESTEROV {
            @Override
            public UpdateRule rule(double momentum) {
                return new Nesterov(momentum);
            }
        },
        ADAM {
            /** With the default constants of the paper. */
            @Override
            public UpdateRule rule(double momentum) {
                return new Adam(0.9, 0.999, 1e-8);
            }
        };

        /** @param momentum μ of the rules that have one */
        public abstract UpdateRule rule(double momentum);

        public boolean hasMomentum() {
            return this == MOMENTUM || this == NESTEROV;
        }
    }

    /** {@code theta -= r g}. */
    record Sgd() implements UpdateRule {
        @Override
        public int stateVectors() {
            return 0;
        }

        @Override
        public void apply(float[] theta, float[] gradient, float rate, long step, float[][] state, int from, int to) {
            for (int i = from; i < to; i++) {
                theta[i] -= rate * gradient[i];
            }
        }
    }

    /** {@code v = μ v + g; theta -= r v}: B. T. Polyak (1964), in the form of Sutskever et al., ICML (2013), eq. (1, 2). */
    record Momentum(double coefficient) implements UpdateRule {
        @Override
        public int stateVectors() {
            return 1;
        }

        @Override
        public void apply(float[] theta, float[] gradient, float rate, long step, float[][] state, int from, int to) {
            float mu = (float) coefficient;
            float[] velocity = state[0];
            for (int i = from; i < to; i++) {
                float v = FloatMath.flushed(mu * velocity[i] + gradient[i]);
                velocity[i] = v;
                theta[i] -= rate * v;
            }
        }
    }

    /**
     * {@code v = μ v + g; theta -= r (g + μ v)}: Nesterov's accelerated gradient (1983), where theta is the look-ahead
     * point: Y. Bengio et al., "Advances in optimizing recurrent networks", ICASSP (2013), equation (7).
     */
    record Nesterov(double coefficient) implements UpdateRule {
        @Override
        public int stateVectors() {
            return 1;
        }

        @Override
        public void apply(float[] theta, float[] gradient, float rate, long step, float[][] state, int from, int to) {
            float mu = (float) coefficient;
            float[] velocity = state[0];
            for (int i = from; i < to; i++) {
                float v = FloatMath.flushed(mu * velocity[i] + gradient[i]);
                velocity[i] = v;
                theta[i] -= rate * (gradient[i] + mu * v);
            }
        }
    }

    /**
     * {@code m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²; theta -= r m̂ / (√v̂ + ε)}: D. P. Kingma, J. Ba, "Adam",
     * ICLR (2015), algorithm 1 in the order of operations given at the end of its section 2.
     */
    record Adam(double beta1, double beta2, double epsilon) implements UpdateRule {
        @Override
        public int stateVectors() {
            return 2;
        }

        @Override
        public void apply(float[] theta, float[] gradient, float rate, long step, float[][] state, int from, int to) {
            float[] mean = state[0];
            float[] square = state[1];
            float b1 = (float) beta1;
            float b2 = (float) beta2;
            float c1 = (float) (1 - beta1);
            float c2 = (float) (1 - beta2);
            double unbias = Math.sqrt(1 - StrictMath.pow(beta2, step + 1.0));
            float stepSize = (float) (rate * unbias / (1 - StrictMath.pow(beta1, step + 1.0)));
            float eps = (float) (epsilon * unbias);
            for (int i = from; i < to; i++) {
                float g = gradient[i];
                float m = FloatMath.flushed(b1 * mean[i] + c1 * g);
                float v = FloatMath.flushedSquare(b2 * square[i] + c2 * g * g);
                mean[i] = m;
                square[i] = v;
                theta[i] -= stepSize * m / ((float) Math.sqrt(v) + eps);
            }
        }
    }
}
