package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs, loss and gradient of whole networks as NumPy computes them in double precision. */
class GoldenTest {
    private static final Golden GOLDEN = new Golden();

    @ParameterizedTest
    @ValueSource(strings = {"classifier", "logistic", "squares", "weighted", "pair", "numbers"})
    void networkAgreesWithNumPy(String name) {
        List<Activation> activations = GOLDEN.texts(name, "activations").stream()
                .map(label -> Activation.valueOf(label.toUpperCase(Locale.ROOT)))
                .toList();
        String loss = GOLDEN.texts(name, "loss").get(0);
        Network network = Network.dense(
                        GOLDEN.integers(name, "widths"),
                        activations,
                        GOLDEN.texts(name, "bias").equals(List.of("true")),
                        Loss.valueOf(loss.toUpperCase(Locale.ROOT).replace('-', '_')))
                .meaning(meaning(name));
        float[] theta = network.fromPublished(GOLDEN.floats(name, "theta"));
        float[] targets = GOLDEN.floats(name, "labels");
        int rows = targets.length;
        DenseBatch batch = new DenseBatch(rows, network.features());
        batch.setRows(rows);
        float[] inputs = GOLDEN.floats(name, "inputs");
        System.arraycopy(inputs, 0, batch.inputs(), 0, inputs.length);
        System.arraycopy(targets, 0, batch.targets(), 0, rows);
        boolean weighted = GOLDEN.texts(name, "weights") != null;
        if (weighted) {
            batch.setWeighted();
            System.arraycopy(GOLDEN.floats(name, "weights"), 0, batch.weights(), 0, rows);
        }

        Backpropagation backpropagation = new Backpropagation(network, rows);
        GradientSum sum = new GradientSum(network.parameterCount());
        backpropagation.gradient(theta, batch, sum);

        EvaluationSum evaluation = new EvaluationSum(network);
        backpropagation.evaluate(theta, batch, evaluation);

        // a dozen float roundings of 6e-8 on values below 2
        assertArrayEquals(GOLDEN.floats(name, "outputs"), backpropagation.forward(theta, batch), 1e-6f);
        assertEquals(
                GOLDEN.number(name, "lossSum"),
                sum.counts().lossSum(),
                1e-6 * sum.counts().lossWeight());
        assertArrayEquals(
                GOLDEN.floats(name, "gradient"),
                network.toPublished(sum.gradient()),
                1e-6f * (float) sum.counts().lossWeight());
        assertEquals(sum.counts().lossSum(), evaluation.lossSum());
        assertEquals(sum.counts().correct(), evaluation.correctWeight());
        if (weighted) {
            assertEquals(GOLDEN.number(name, "lossWeight"), sum.counts().lossWeight());
            assertEquals(GOLDEN.number(name, "lossWeight"), evaluation.lossWeight());
            requireMetrics(name, MetricValues.of(evaluation));
        }
    }

    private static void requireMetrics(String name, MetricValues values) {
        for (Metric metric : values.metrics()) {
            double expected = metric == Metric.LOSS
                    ? GOLDEN.number(name, "lossSum") / GOLDEN.number(name, "lossWeight")
                    : GOLDEN.number(name, metric.key());
            // the area under the curve is that of a histogram of 1024 bins
            assertEquals(expected, values.get(metric), metric == Metric.AUC ? 2e-2 : 1e-6 + 1e-6 * Math.abs(expected));
        }
    }

    private static Meaning meaning(String name) {
        if (GOLDEN.texts(name, "rmse") != null) {
            return new Meaning.OfNumbers(8, 4);
        }
        List<String> weights = GOLDEN.texts(name, "classWeights");
        return weights == null
                ? Meaning.OfClasses.UNWEIGHTED
                : new Meaning.OfClasses(weights.stream().map(Float::valueOf).toList());
    }
}
