package io.treegrad.spark;

import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.Fingerprint;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.Sums;
import io.treegrad.training.EpochResult;
import io.treegrad.training.LossTrace;
import io.treegrad.training.MetricValues;
import io.treegrad.training.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Models and states of a run that nobody trained: all numbers are made from one. */
public final class SmallRun {
    private static final Network NETWORK =
            Network.dense(List.of(2, 2), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);

    private SmallRun() {}

    public static TrainedModel model(float number) {
        return model(number, Map.of("seed", "1"));
    }

    public static TrainedModel model(float number, Map<String, String> settings) {
        float[] parameters = {number, 1, 2, 3, 4, 5};
        Provenance provenance = new Provenance(
                new DataProvenance("csv", "two points", Map.of(Part.TEST, 2L), Map.of(), Map.of(), null),
                settings,
                1,
                1,
                "tree",
                "portable",
                "a CPU",
                "17",
                "4.1.0",
                "0.1.0",
                "2026-01-31T12:00:00Z",
                1,
                Map.of(Part.TEST, MetricValues.ofTraining(0.5, 0.5)),
                null);
        return new TrainedModel(NETWORK, parameters, Scaling.none(), List.of("a", "b"), provenance);
    }

    /**
     * @param step a step, of which an epoch has ten
     * @param validationLoss of each epoch that is over
     */
    public static Checkpoint checkpoint(long step, double... validationLoss) {
        List<EpochResult> epochs = new ArrayList<>();
        for (double loss : validationLoss) {
            epochs.add(new EpochResult(
                    epochs.size() + 1L, 10, MetricValues.ofTraining(1, 0.5), MetricValues.ofTraining(loss, 0.5)));
        }
        return new Checkpoint(
                new Fingerprint(Map.of("seed", "1"), "csv", Map.of(Part.TRAIN, 10L), Map.of()),
                Map.of(),
                new TrainingState(
                        new float[] {step, 1, 2, 3, 4, 5},
                        new float[1][6],
                        step,
                        Sums.unweighted(1, 1, step % 10),
                        epochs,
                        null,
                        new LossTrace(new float[] {1}, 1, 0, 0)));
    }
}
