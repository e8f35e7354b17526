package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backpropagation against central differences of an independent network in double precision. */
class GradientTest {
    private static final List<Kernels> KERNELS = List.of(new ScalarKernels(), KernelChoice.fastest());
    private static final int FEATURES = 4;
    private static final List<Integer> HIDDEN_WIDTHS = List.of(5, 3, 4, 3);

    record Case(
            int depth,
            Activation hidden,
            Activation output,
            Loss loss,
            int outputs,
            int rows,
            boolean bias,
            long seed) {
        Network network() {
            return Network.dense(widths(), activations(), bias, loss);
        }

        ReferenceNetwork reference() {
            return new ReferenceNetwork(widths(), activations(), bias, loss);
        }

        private List<Integer> widths() {
            List<Integer> widths = new ArrayList<>(List.of(FEATURES));
            widths.addAll(HIDDEN_WIDTHS.subList(0, depth - 1));
            widths.add(outputs);
            return widths;
        }

        private List<Activation> activations() {
            List<Activation> activations = new ArrayList<>(Collections.nCopies(depth - 1, hidden));
            activations.add(output);
            return activations;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Loss loss : Loss.values()) {
            for (Activation output : Activation.values()) {
                for (int outputs : new int[] {1, 3}) {
                    if (loss.goesWith(output) && (outputs > 1 || output != Activation.SOFTMAX)) {
                        addCases(cases, output, loss, outputs);
                    }
                }
            }
        }
        return cases.stream();
    }

    private static void addCases(List<Case> cases, Activation output, Loss loss, int outputs) {
        for (int depth = 1; depth <= HIDDEN_WIDTHS.size() + 1; depth++) {
            for (Activation hidden : Activation.values()) {
                if (hidden == Activation.SOFTMAX || (depth == 1 && hidden != Activation.IDENTITY)) {
                    continue;
                }
                for (int rows : new int[] {1, 13, 207}) {
                    cases.add(new Case(depth, hidden, output, loss, outputs, rows, true, cases.size()));
                }
                cases.add(new Case(depth, hidden, output, loss, outputs, 13, false, cases.size()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsThatOfTheLoss(Case of) {
        Network network = of.network();
        ReferenceNetwork reference = of.reference();
        SplitMix64 random = new SplitMix64(of.seed());
        float[] theta = new Initialization.He().parameters(network, of.seed());
        double[] exact = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            theta[i] += (float) (0.3 * random.nextGaussian()); // biases too
        }
        float[] published = network.toPublished(theta);
        for (int i = 0; i < theta.length; i++) {
            exact[i] = published[i];
        }
        float[][] x = new float[of.rows()][];
        int[] labels = new int[of.rows()];
        DenseBatch batch = new DenseBatch(of.rows(), FEATURES);
        batch.setRows(of.rows());
        long surelyCorrect = 0;
        long possiblyCorrect = 0;
        for (int row = 0; row < of.rows(); row++) {
            labels[row] = random.nextInt(network.classes());
            x[row] = rowAwayFromKinks(reference, exact, random);
            System.arraycopy(x[row], 0, batch.inputs(), row * FEATURES, FEATURES);
            batch.targets()[row] = labels[row];
            // outputs that float cannot tell apart: two saturated sigmoids, say
            double lead = lead(reference.outputs(exact, x[row]), labels[row]);
            surelyCorrect += lead > 1e-6 ? 1 : 0;
            possiblyCorrect += lead >= -1e-6 ? 1 : 0;
        }
        double loss = reference.lossSum(exact, x, labels);
        double[] expected = reference.gradient(exact, x, labels);
        double largest = 0;
        for (double g : expected) {
            largest = Math.max(largest, Math.abs(g));
        }
        // A row's share passes some ten roundings of 6e-8 on its way through the layers and is then added up in float:
        // 3e-6 of the largest element, or of one a row where rows cancel, is the most seen. The numeric gradient is
        // good to 1e-9 a row.
        double tolerance = 6e-6 * (largest + of.rows());
        for (Kernels kernels : KERNELS) {
            GradientSum sum = new GradientSum(theta.length);
            new Backpropagation(network, kernels, of.rows()).gradient(theta, batch, sum);
            assertEquals(of.rows(), sum.counts().rows());
            assertTrue(
                    surelyCorrect <= sum.counts().correct() && sum.counts().correct() <= possiblyCorrect,
                    kernels.name());
            // an output near 1 is off by a rounding of 6e-8, and so is the loss of its row
            assertEquals(loss, sum.counts().lossSum(), 1e-5 * loss + 1e-7 * of.rows(), kernels.name());
            float[] gradient = network.toPublished(sum.gradient());
            for (int i = 0; i < theta.length; i++) {
                int parameter = i;
                assertEquals(expected[i], gradient[i], tolerance, () -> kernels.name() + ", parameter " + parameter);
            }
        }
    }

    /**
     * A relu has no derivative at zero, and near it float and double may fall on different sides: rows with an input of
     * a relu that close to zero are drawn again.
     */
    private static float[] rowAwayFromKinks(ReferenceNetwork reference, double[] theta, SplitMix64 random) {
        float[] x = new float[FEATURES];
        do {
            for (int i = 0; i < FEATURES; i++) {
                x[i] = (float) random.nextGaussian();
            }
        } while (isNearKink(reference, reference.inputsOfActivations(theta, x)));
        return x;
    }

    private static boolean isNearKink(ReferenceNetwork reference, double[][] inputsOfActivations) {
        for (int l = 0; l < inputsOfActivations.length; l++) {
            for (double z : inputsOfActivations[l]) {
                if (reference.activations().get(l) == Activation.RELU && Math.abs(z) < 1e-3) {
                    return true;
                }
            }
        }
        return false;
    }

    /** By how much the outputs speak for the label rather than for any other class; negative if against it. */
    private static double lead(double[] outputs, int label) {
        if (outputs.length == 1) {
            return label == 1 ? outputs[0] - 0.5 : 0.5 - outputs[0];
        }
        double lead = Double.POSITIVE_INFINITY;
        for (int j = 0; j < outputs.length; j++) {
            lead = j == label ? lead : Math.min(lead, outputs[label] - outputs[j]);
        }
        return lead;
    }
}
