package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientCheckTest {
    private static final int ROWS = 6;

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "TANH", "RELU", "IDENTITY"})
    void backpropagationHoldsForEachHiddenActivationAndLossAtAnyDepth(Activation hidden) {
        for (Loss loss : Loss.values()) {
            for (Activation output : Activation.values()) {
                for (List<Integer> widths : List.of(List.of(4, 3), List.of(4, 5, 3), List.of(4, 5, 6, 7, 3))) {
                    if (loss.goesWith(output)) {
                        Network network = network(widths, hidden, output, loss);
                        float[] theta = theta(network, 3);
                        for (GradientCheck.LayerCheck check :
                                GradientCheck.compare(network, theta, batch(network), gradient(network, theta))) {
                            assertTrue(check.holds(), network + " " + loss + " " + hidden + " " + output + " " + check);
                            // relus as outputs may all be dead
                            assertTrue(output == Activation.RELU || check.largestGradient() > 0, check.toString());
                        }
                    }
                }
            }
        }
    }

    @Test
    void singleOutputHoldsToo() {
        Network network = network(List.of(4, 5, 1), Activation.TANH, Activation.SIGMOID, Loss.BINARY_CROSS_ENTROPY);
        float[] theta = theta(network, 4);
        assertTrue(GradientCheck.compare(network, theta, batch(network), gradient(network, theta)).stream()
                .allMatch(GradientCheck.LayerCheck::holds));
    }

    @Test
    void wrongElementIsFoundInItsLayerOnly() {
        Network network = network(List.of(4, 5, 6, 3), Activation.TANH, Activation.SOFTMAX, Loss.CROSS_ENTROPY);
        float[] theta = theta(network, 5);
        for (int layer = 0; layer < 3; layer++) {
            for (boolean weight : new boolean[] {true, false}) {
                Layer changed = network.layers().get(layer);
                for (float wrong : new float[] {0, Float.NaN}) {
                    float[] gradient = gradient(network, theta);
                    gradient[weight ? changed.weightsOffset() + 7 : changed.biasesOffset() + 2] = wrong;
                    List<GradientCheck.LayerCheck> checks =
                            GradientCheck.compare(network, theta, batch(network), gradient);
                    for (int l = 0; l < 3; l++) {
                        assertEquals(l != layer, checks.get(l).holds(), checks.toString());
                    }
                }
            }
        }
    }

    @Test
    void kinksAreSkippedAndCounted() {
        // without inputs every relu stands at its bias, 0: no bias has a derivative, no weight of the first layer
        // matters
        Network network = network(List.of(4, 5, 3), Activation.RELU, Activation.SIGMOID, Loss.MSE);
        DenseBatch zeros = new DenseBatch(1, 4);
        zeros.setRows(1);
        float[] theta = new Initialization.Glorot().parameters(network, 1);
        GradientSum sum = new GradientSum(theta.length);
        new Backpropagation(network, 1).gradient(theta, zeros, sum);
        List<GradientCheck.LayerCheck> checks = GradientCheck.compare(network, theta, zeros, sum.gradient());
        assertEquals(5, checks.get(0).skipped());
        assertEquals(20, checks.get(0).checked());
        assertEquals(0, checks.get(1).skipped());
        assertTrue(checks.get(1).holds());
    }

    @Test
    void numericGradientOfOneWeightIsThatOfTheTextbook() {
        // z = w x, C = (z - t)², ∂C/∂w = 2 (w x - t) x = 2 (0.5 * 3 - 1) 3 = 3
        Network network = Network.dense(List.of(1, 1), List.of(Activation.IDENTITY), false, Loss.MSE);
        DenseBatch batch = new DenseBatch(1, 1);
        batch.setRows(1);
        batch.inputs()[0] = 3;
        batch.targets()[0] = 1;
        GradientCheck.LayerCheck check = GradientCheck.compare(network, new float[] {0.5f}, batch, new float[] {3})
                .get(0);
        assertEquals(3, check.largestGradient(), 1e-9);
        assertEquals(0, check.largestDifference(), 1e-9);
        assertFalse(GradientCheck.compare(network, new float[] {0.5f}, batch, new float[] {2.99f})
                .get(0)
                .holds());
    }

    @Test
    void weightsOfRowsAndClassesMultiplyTheLoss() {
        Network network = network(List.of(4, 5, 3), Activation.TANH, Activation.SOFTMAX, Loss.CROSS_ENTROPY);
        Network weighted = network.meaning(new Meaning.OfClasses(List.of(0.5f, 1f, 7f)));
        float[] theta = theta(network, 3);
        DenseBatch batch = batch(network);
        batch.setWeighted();
        for (int row = 0; row < ROWS; row++) {
            batch.weights()[row] = 1 + row % 4;
        }
        GradientSum sum = new GradientSum(theta.length);
        new Backpropagation(weighted, ROWS).gradient(theta, batch, sum);
        List<GradientCheck.LayerCheck> checks = GradientCheck.compare(weighted, theta, batch, sum.gradient());
        assertTrue(checks.stream().allMatch(GradientCheck.LayerCheck::holds), checks.toString());
        new Backpropagation(network, ROWS).gradient(theta, batch, sum);
        checks = GradientCheck.compare(weighted, theta, batch, sum.gradient());
        assertTrue(checks.stream().noneMatch(GradientCheck.LayerCheck::holds), "the weights of the classes left out");
    }

    private static Network network(List<Integer> widths, Activation hidden, Activation output, Loss loss) {
        List<Activation> activations = new ArrayList<>();
        for (int l = 1; l < widths.size() - 1; l++) {
            activations.add(hidden);
        }
        activations.add(output);
        return Network.dense(widths, activations, true, loss);
    }

    private static float[] theta(Network network, long seed) {
        float[] theta = new Initialization.Glorot().parameters(network, seed);
        SplitMix64 random = new SplitMix64(seed);
        for (int i = 0; i < theta.length; i++) {
            theta[i] += (float) (0.3 * random.nextGaussian());
        }
        return theta;
    }

    private static DenseBatch batch(Network network) {
        SplitMix64 random = new SplitMix64(9);
        DenseBatch batch = new DenseBatch(ROWS + 1, network.features());
        batch.setRows(ROWS);
        for (int i = 0; i < ROWS * network.features(); i++) {
            batch.inputs()[i] = (float) random.nextGaussian();
        }
        for (int row = 0; row < ROWS; row++) {
            batch.targets()[row] = random.nextInt(network.classes());
        }
        return batch;
    }

    private static float[] gradient(Network network, float[] theta) {
        GradientSum sum = new GradientSum(theta.length);
        new Backpropagation(network, ROWS).gradient(theta, batch(network), sum);
        return sum.gradient();
    }
}
