package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
    @Test
    void parametersLieLayerAfterLayerWeightsBeforeBiases() {
        Network network = dense(true, 3, 4, 2);
        assertEquals(
                new Layer(3, 4, Activation.SIGMOID, 0, 12, true),
                network.layers().get(0));
        assertEquals(
                new Layer(4, 2, Activation.SIGMOID, 16, 24, true),
                network.layers().get(1));
        assertEquals(26, network.parameterCount());
        assertEquals(3, network.features());
        assertEquals(2, network.outputs());
        assertEquals("3-4-2", network.toString());
    }

    @Test
    void layersWithoutBiasFollowEachOtherDirectly() {
        Network network = dense(false, 3, 4, 2);
        assertEquals(
                new Layer(3, 4, Activation.SIGMOID, 0, 12, false),
                network.layers().get(0));
        assertEquals(
                new Layer(4, 2, Activation.SIGMOID, 12, 20, false),
                network.layers().get(1));
        assertEquals(20, network.parameterCount());
    }

    @Test
    void singleOutputTellsTwoClassesApart() {
        assertEquals(2, dense(true, 5, 1).classes());
        assertEquals(2, dense(true, 5, 2).classes());
        assertEquals(10, dense(true, 5, 10).classes());
    }

    @Test
    void firstOfTheLargestOutputsIsThePrediction() {
        Network three = dense(true, 5, 3);
        assertEquals(1, three.predicted(new float[] {9, 9, 9, 0, 2, 2}, 1));
        assertEquals(2, three.predicted(new float[] {-3, -2, -1}, 0));
        Network one = dense(true, 5, 1);
        float[] outputs = {0.49f, 0.5f, 0.51f};
        assertEquals(0, one.predicted(outputs, 0));
        assertEquals(1, one.predicted(outputs, 1));
        assertEquals(1, one.predicted(outputs, 2));
    }

    @Test
    void softmaxInsideIsRefused() {
        assertRefused(
                "softmax as the activation of a hidden layer: softmax belongs to the output layer; use sigmoid, tanh,"
                        + " relu or identity",
                List.of(3, 4, 2),
                List.of(Activation.SOFTMAX, Activation.SOFTMAX),
                Loss.CROSS_ENTROPY);
    }

    @Test
    void softmaxOverOneOutputIsRefused() {
        // it is 1 whatever the parameters are, and cross-entropy would look up label 1 in the row behind
        for (Loss loss : List.of(Loss.CROSS_ENTROPY, Loss.MSE)) {
            assertRefused(
                    "softmax over 1 output is always 1: use sigmoid for a single output, or data of at least 2 classes",
                    List.of(3, 1),
                    List.of(Activation.SOFTMAX),
                    loss);
        }
    }

    @Test
    void lossGoesOnlyWithItsActivation() {
        for (Loss loss : Loss.values()) {
            for (Activation output : Activation.values()) {
                boolean expected =
                        switch (loss) {
                            case CROSS_ENTROPY -> output == Activation.SOFTMAX;
                            case BINARY_CROSS_ENTROPY -> output == Activation.SIGMOID;
                            case MSE -> true;
                        };
                if (expected) {
                    assertEquals(
                            loss,
                            Network.dense(List.of(2, 2), List.of(output), true, loss)
                                    .loss());
                } else {
                    assertRefused(
                            "loss " + loss.label() + " with output activation " + output.label()
                                    + ": cross-entropy goes with softmax, binary-cross-entropy with sigmoid, mse with"
                                    + " any",
                            List.of(2, 2),
                            List.of(output),
                            loss);
                }
            }
        }
    }

    @Test
    void widthBelowOneIsRefused() {
        for (int width : new int[] {0, -1}) {
            assertRefused(
                    "layer widths [3, " + width + ", 2]: each must be at least 1",
                    List.of(3, width, 2),
                    List.of(Activation.SIGMOID, Activation.SIGMOID),
                    Loss.MSE);
        }
    }

    @Test
    void moreParametersThanAnArrayHoldsAreRefused() {
        for (List<Integer> widths : List.of(List.of(50_000, 50_000), List.of(Integer.MAX_VALUE, Integer.MAX_VALUE))) {
            assertRefused(
                    "layer widths " + widths + " need more than 2^31 parameters: use narrower layers",
                    widths,
                    List.of(Activation.SIGMOID),
                    Loss.MSE);
        }
        // 2^31 - 8 fit, one more does not; the biases count
        assertTrue(dense(false, 1, Integer.MAX_VALUE - 8).parameterCount() > 0);
        assertThrows(UserError.class, () -> dense(true, 1, Integer.MAX_VALUE - 8));
    }

    @Test
    void everyLayerNeedsItsActivation() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Network.dense(List.of(3, 4, 2), List.of(Activation.SIGMOID), true, Loss.MSE));
        assertThrows(IllegalArgumentException.class, () -> Network.dense(List.of(3), List.of(), true, Loss.MSE));
    }

    @Test
    void namesAreThoseOfTheOptions() {
        assertEquals("binary-cross-entropy", Loss.BINARY_CROSS_ENTROPY.label());
        assertEquals("relu", Activation.RELU.label());
    }

    private static Network dense(boolean bias, Integer... widths) {
        return Network.dense(
                List.of(widths), Collections.nCopies(widths.length - 1, Activation.SIGMOID), bias, Loss.MSE);
    }

    private static void assertRefused(String message, List<Integer> widths, List<Activation> activations, Loss loss) {
        UserError error = assertThrows(UserError.class, () -> Network.dense(widths, activations, true, loss));
        assertEquals(message, error.getMessage());
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
    }

    @Test
    void publishedOrderHasARowForEachUnit() {
        Network network =
                Network.dense(List.of(3, 2, 1), List.of(Activation.RELU, Activation.IDENTITY), true, Loss.MSE);
        float[] theta = {11, 21, 12, 22, 13, 23, 1, 2, 5, 6, 3};
        float[] published = {11, 12, 13, 21, 22, 23, 1, 2, 5, 6, 3};
        assertArrayEquals(published, network.toPublished(theta));
        assertArrayEquals(theta, network.fromPublished(published));
    }
}
