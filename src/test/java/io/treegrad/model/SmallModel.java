package io.treegrad.model;

import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.training.MetricValues;
import java.util.List;
import java.util.Map;

/** The model of {@code format-1/make_model.py}, number by number. */
final class SmallModel {
    private SmallModel() {}

    static TrainedModel create() {
        Network network =
                Network.dense(List.of(3, 2, 2), List.of(Activation.RELU, Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        float[] parameters = {
            0.5f,
            -1.25f,
            0.1f,
            2,
            -0.75f,
            1e-40f, // layers.0.weight [2, 3]
            0.25f,
            -0.5f, // layers.0.bias [2]
            1.5f,
            -2,
            0.3f,
            16777215, // layers.1.weight [2, 2]
            -0.0f,
            3.4028235e38f // layers.1.bias [2]
        };
        Scaling scaling = Scaling.standard(new float[] {0.1f, 33.31842f, -2}, new float[] {1, 0.3f, 78.56749f});
        return new TrainedModel(
                network, network.fromPublished(parameters), scaling, List.of("no", "größer"), provenance());
    }

    static Provenance provenance() {
        return new Provenance(
                data(),
                Map.of("hidden", "2", "batch-size", "25"),
                -7_000_000_000_000_000_001L,
                4,
                "tree",
                "portable 1",
                "A CPU of 2 cores",
                "17.0.1",
                "4.1.0",
                "0.1.0",
                "2026-01-31T12:00:00Z",
                1.5,
                Map.of(Part.TEST, MetricValues.ofTraining(0.25, 0.75), Part.TRAIN, MetricValues.ofTraining(0.125, 1)),
                null);
    }

    static DataProvenance data() {
        return new DataProvenance(
                "csv",
                "digits.csv.gz",
                Map.of(Part.TRAIN, 40L, Part.TEST, 8L, Part.VALIDATION, 0L),
                Map.of("digits.csv.gz", "0123456789abcdef".repeat(4)),
                Map.of(),
                null);
    }
}
