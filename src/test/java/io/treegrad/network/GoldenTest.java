package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs, loss and gradient of whole networks as NumPy computes them in double precision. */
class GoldenTest {
    private static final Golden GOLDEN = new Golden();

    @ParameterizedTest
    @ValueSource(strings = {"classifier", "logistic", "squares"})
    void networkAgreesWithNumPy(String name) {
        List<Activation> activations = GOLDEN.texts(name, "activations").stream()
                .map(label -> Activation.valueOf(label.toUpperCase(Locale.ROOT)))
                .toList();
        String loss = GOLDEN.texts(name, "loss").get(0);
        Network network = Network.dense(
                GOLDEN.integers(name, "widths"),
                activations,
                GOLDEN.texts(name, "bias").equals(List.of("true")),
                Loss.valueOf(loss.toUpperCase(Locale.ROOT).replace('-', '_')));
        float[] theta = network.fromPublished(GOLDEN.floats(name, "theta"));
        List<Integer> labels = GOLDEN.integers(name, "labels");
        DenseBatch batch = new DenseBatch(labels.size(), network.features());
        batch.setRows(labels.size());
        float[] inputs = GOLDEN.floats(name, "inputs");
        System.arraycopy(inputs, 0, batch.inputs(), 0, inputs.length);
        Arrays.setAll(batch.labels(), labels::get);

        Backpropagation backpropagation = new Backpropagation(network, labels.size());
        GradientSum sum = new GradientSum(network.parameterCount());
        backpropagation.gradient(theta, batch, sum);

        // a dozen float roundings of 6e-8 on values below 2
        assertArrayEquals(GOLDEN.floats(name, "outputs"), backpropagation.forward(theta, batch), 1e-6f);
        assertEquals(GOLDEN.number(name, "lossSum"), sum.lossSum(), 1e-6 * labels.size());
        assertArrayEquals(GOLDEN.floats(name, "gradient"), network.toPublished(sum.gradient()), 1e-6f * labels.size());
    }
}
