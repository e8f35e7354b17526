package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

class UpdateRuleTest {
    private static final double RATE = 0.02;
    private static final int STEPS = 50;

    @Test
    void sgdGoesDownTheGradient() {
        // 1 - 0.5 · 2, then 0 - 0.5 · (-3)
        assertArrayEquals(new float[] {0, 1.5f}, path(new UpdateRule.Sgd(), 1, 0.5f, 2, -3));
    }

    @Test
    void momentumRemembersItsVelocity() {
        // v = 4: 10 - 4; v = 4/2 + 2 = 4: 6 - 4; v = 4/2 + 0: 2 - 2
        assertArrayEquals(new float[] {6, 2, 0}, path(new UpdateRule.Momentum(0.5), 10, 1, 4, 2, 0));
    }

    @Test
    void nesterovLooksAhead() {
        // v = 4: 10 - (4 + 4/2); v = 4/2 + 2 = 4: 4 - (2 + 4/2); v = 4/2: 0 - (0 + 2/2)
        assertArrayEquals(new float[] {4, 0, -1}, path(new UpdateRule.Nesterov(0.5), 10, 1, 4, 2, 0));
    }

    @Test
    void adamStepsByTheRateFirstWhateverTheSizeOfTheGradient() {
        for (float gradient : new float[] {1e-3f, 1, -1, 1e6f}) {
            float[] path = path(new UpdateRule.Adam(0.9, 0.999, 1e-8), 0, 0.1f, gradient);
            assertEquals(-0.1f * Math.signum(gradient), path[0], 2e-6f);
        }
    }

    @Test
    void adamForgetsAtItsTwoRates() {
        // β1 = 1/2, β2 = 3/4. g = 1: m = 1/2, v = 1/4; m̂ = v̂ = 1: 0 - 1.
        // g = 0: m = 1/4, v = 3/16; m̂ = (1/4) / (3/4) = 1/3, v̂ = (3/16) / (7/16) = 3/7: -1 - (1/3) / √(3/7)
        float[] path = path(new UpdateRule.Adam(0.5, 0.75, 0), 0, 1, 1, 0);
        assertEquals(-1, path[0], 1e-6f);
        assertEquals(-1 - 1 / (3 * Math.sqrt(3 / 7.0)), path[1], 1e-6f);
    }

    @Test
    void adamsEpsilonStandsBesideTheUnbiasedRoot() {
        // g = 1, ε = 1: m̂ / (√v̂ + 1) = 1/2
        assertEquals(-0.5f, path(new UpdateRule.Adam(0.9, 0.999, 1), 0, 1, 1)[0], 1e-6f);
        // and nothing is divided by zero
        assertArrayEquals(new float[] {3, 3}, path(new UpdateRule.Adam(0.9, 0.999, 1e-8), 3, 1, 0, 0));
    }

    @Test
    void sgdAgreesWithDoublePrecisionOverFiftySteps() {
        assertDescends(new UpdateRule.Sgd(), (curvature, start) -> {
            double x = start;
            for (int step = 0; step < STEPS; step++) {
                x -= RATE * curvature * x;
            }
            return x;
        });
    }

    @Test
    void momentumAgreesWithPolyaksHeavyBall() {
        // x' = x - r g + μ (x - x before), without a velocity
        assertDescends(new UpdateRule.Momentum(0.9), (curvature, start) -> {
            double before = start;
            double x = start;
            for (int step = 0; step < STEPS; step++) {
                double next = x - RATE * curvature * x + 0.9 * (x - before);
                before = x;
                x = next;
            }
            return x;
        });
    }

    @Test
    void nesterovAgreesWithGradientsTakenAhead() {
        // Sutskever's form: v' = μ v - r g(x + μ v), x' = x + v'; ours stands at x + μ v
        assertDescends(new UpdateRule.Nesterov(0.9), (curvature, start) -> {
            double x = start;
            double v = 0;
            for (int step = 0; step < STEPS; step++) {
                v = 0.9 * v - RATE * curvature * (x + 0.9 * v);
                x += v;
            }
            return x + 0.9 * v;
        });
    }

    @Test
    void adamAgreesWithAlgorithmOneOfItsPaper() {
        assertDescends(new UpdateRule.Adam(0.9, 0.999, 1e-3), (curvature, start) -> {
            double x = start;
            double m = 0;
            double v = 0;
            for (int t = 1; t <= STEPS; t++) {
                double g = curvature * x;
                m = 0.9 * m + 0.1 * g;
                v = 0.999 * v + 0.001 * g * g;
                x -= RATE * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-3);
            }
            return x;
        });
    }

    /** Fifty steps down {@code Σ c x² / 2}, every coordinate with its own curvature and start. */
    private static void assertDescends(UpdateRule rule, DoubleBinaryOperator reference) {
        float[] curvatures = {0.125f, 1, 3, 10, 30};
        float[] starts = {1, -2, 0.5f, 3, -0.25f};
        float[] theta = starts.clone();
        float[] gradient = new float[theta.length];
        float[][] state = new float[rule.stateVectors()][theta.length];
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < theta.length; i++) {
                gradient[i] = curvatures[i] * theta[i];
            }
            rule.apply(theta, gradient, (float) RATE, step, state, 0, theta.length);
        }
        for (int i = 0; i < theta.length; i++) {
            // fifty steps of a few roundings of 6e-8 each, of numbers below 3
            double expected = reference.applyAsDouble(curvatures[i], starts[i]);
            assertEquals(expected, theta[i], 1e-5, rule + ", curvature " + curvatures[i]);
        }
    }

    /** Where a single parameter stands after each gradient. */
    private static float[] path(UpdateRule rule, float start, float rate, float... gradients) {
        float[] theta = {start};
        float[][] state = new float[rule.stateVectors()][1];
        float[] path = new float[gradients.length];
        for (int step = 0; step < gradients.length; step++) {
            rule.apply(theta, new float[] {gradients[step]}, rate, step, state, 0, theta.length);
            path[step] = theta[0];
        }
        return path;
    }

    @Test
    void whatFadesInAMemoryEndsAsZeroAndNotAsASubnormalNumber() {
        for (UpdateRule rule : new UpdateRule[] {
            new UpdateRule.Momentum(0.9), new UpdateRule.Nesterov(0.9), new UpdateRule.Adam(0.9, 0.9, 1e-8)
        }) {
            float[] theta = {1};
            float[][] memory = new float[rule.stateVectors()][1];
            rule.apply(theta, new float[] {1}, 0.1f, 0, memory, 0, theta.length);
            for (int step = 1; step < 2_000; step++) {
                rule.apply(theta, new float[1], 0.1f, step, memory, 0, theta.length);
                for (float[] remembered : memory) {
                    assertTrue(remembered[0] == 0 || remembered[0] >= Float.MIN_NORMAL, rule + " " + step);
                }
            }
            for (float[] remembered : memory) {
                assertEquals(0, remembered[0], rule.toString());
            }
        }
    }
}
