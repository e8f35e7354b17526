package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitializationTest {
    static Stream<Initialization> all() {
        return Stream.of(
                new Initialization.Glorot(),
                new Initialization.He(),
                new Initialization.Normal(0.1),
                new Initialization.Uniform(0.3));
    }

    @ParameterizedTest
    @MethodSource("all")
    void meanIsZeroAndDeviationIsAsPublished(Initialization initialization) {
        Network network = network(true, 200, 300, 100);
        float[] theta = initialization.parameters(network, 42);
        for (Layer layer : network.layers()) {
            double in = layer.inputs();
            double out = layer.outputs();
            double deviation =
                    switch (initialization.label().split(":")[0]) {
                        case "glorot" -> Math.sqrt(2 / (in + out)); // uniform within l has deviation l / √3
                        case "he" -> Math.sqrt(2 / in);
                        case "normal" -> 0.1;
                        default -> 0.3 / Math.sqrt(3);
                    };
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < layer.weights(); i++) {
                double weight = theta[layer.weightsOffset() + i];
                sum += weight;
                squares += weight * weight;
            }
            // n = 60,000 and 30,000 draws: the mean errs by deviation / √n, the deviation by half of that at most; 5
            // times
            double n = layer.weights();
            assertEquals(0, sum / n, 5 * deviation / Math.sqrt(n));
            assertEquals(deviation, Math.sqrt(squares / n), 5 * deviation / Math.sqrt(n));
        }
    }

    @Test
    void uniformDrawsStayWithinTheirLimitAndComeNearIt() {
        Network network = network(true, 200, 300);
        float[] glorot = new Initialization.Glorot().parameters(network, 1);
        float[] uniform = new Initialization.Uniform(0.3).parameters(network, 1);
        assertLimit(Math.sqrt(6 / 500.0), glorot);
        assertLimit(0.3, uniform);
    }

    @ParameterizedTest
    @MethodSource("all")
    void biasesBeginAtZeroAndWeightsDoNot(Initialization initialization) {
        Network network = network(true, 3, 5, 2);
        float[] theta = initialization.parameters(network, 9);
        assertEquals(3 * 5 + 5 + 5 * 2 + 2, theta.length);
        for (int i = 0; i < theta.length; i++) {
            boolean bias = (i >= 15 && i < 20) || i >= 30;
            assertEquals(bias, theta[i] == 0, "parameter " + i + " is " + theta[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void sameSeedGivesTheSameBitsAndAnotherOneOthers(Initialization initialization) {
        Network network = network(true, 3, 5, 2);
        float[] theta = initialization.parameters(network, 9);
        assertArrayEquals(theta, initialization.parameters(network, 9));
        assertNotEquals(theta[0], initialization.parameters(network, 10)[0]);
    }

    @ParameterizedTest
    @MethodSource("all")
    void layersDrawFromStreamsOfTheirOwn(Initialization initialization) {
        // a layer's weights do not depend on the layers behind it, nor on biases
        float[] two = initialization.parameters(network(true, 3, 4, 5), 9);
        float[] three = initialization.parameters(network(true, 3, 4, 5, 6), 9);
        float[] unbiased = initialization.parameters(network(false, 3, 4, 5), 9);
        assertArrayEquals(two, Arrays.copyOf(three, two.length));
        assertArrayEquals(Arrays.copyOfRange(two, 16, 36), Arrays.copyOfRange(unbiased, 12, 32));
        // and two layers of one shape differ
        float[] twins = initialization.parameters(network(false, 4, 4, 4), 9);
        assertNotEquals(twins[0], twins[16]);
    }

    @Test
    void firstValuesAreThoseComputedApart() {
        // by golden.py, which has SplitMix64 in Python integers; a change of these makes old seeds useless
        Golden golden = new Golden();
        Network network = network(false, 2, 2, 2);
        float[] uniform = network.toPublished(new Initialization.Uniform(1).parameters(network, 7));
        float[] normal = network.toPublished(new Initialization.Normal(0.1).parameters(network, 7));
        for (int l = 0; l < 2; l++) {
            String layer = "layer" + l;
            assertArrayEquals(golden.floats(layer, "uniform"), Arrays.copyOfRange(uniform, 4 * l, 4 * l + 4), layer);
            assertArrayEquals(golden.floats(layer, "normal"), Arrays.copyOfRange(normal, 4 * l, 4 * l + 4), layer);
        }
    }

    @Test
    void labelsAreThoseOfTheOption() {
        assertEquals(
                List.of("glorot", "he", "normal:0.1", "uniform:0.3"),
                all().map(Initialization::label).toList());
    }

    private static void assertLimit(double limit, float[] theta) {
        float largest = 0;
        float smallest = 0;
        for (float weight : theta) {
            largest = Math.max(largest, weight);
            smallest = Math.min(smallest, weight);
        }
        assertTrue(largest <= (float) limit && largest > 0.999 * limit, "largest " + largest + " of " + limit);
        assertTrue(smallest >= (float) -limit && smallest < -0.999 * limit, "smallest " + smallest + " of " + limit);
    }

    private static Network network(boolean bias, Integer... widths) {
        return Network.dense(
                List.of(widths), Collections.nCopies(widths.length - 1, Activation.SIGMOID), bias, Loss.MSE);
    }
}
