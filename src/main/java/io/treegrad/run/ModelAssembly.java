package io.treegrad.run;

import io.treegrad.data.Part;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.ModelCard;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.EvaluationSum;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.StepEngine;
import io.treegrad.training.MetricValues;
import io.treegrad.worker.WorkSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;

/**
 * Adds to the parameters that a training ended with what makes them a model: where they come from, how good they are, and
 * what its users should know.
 *
 * @param started when the training was started, which counts its seconds
 */
record ModelAssembly(Settings settings, TrainingInput input, WorkSpec spec, Cluster cluster, Instant started) {
    /**
     * The model, measured on all parts, and with its card.
     *
     * @param engine computed the steps, and measures
     * @param data that was read
     * @param stoppedAtStep at which a deadline ended the training; null if it ended by itself
     * @param reproduce how to come to the same weights again
     */
    TrainedModel measured(StepEngine engine, float[] theta, DataProvenance data, Long stoppedAtStep, String reproduce) {
        Map<Part, EvaluationSum> sums = new EnumMap<>(Part.class);
        Map<Part, MetricValues> metrics = new EnumMap<>(Part.class);
        for (Part part : input.parts().keySet()) {
            sums.put(part, engine.evaluate(theta, part));
            metrics.put(part, MetricValues.of(sums.get(part)));
        }
        return model(engine.name(), theta, data, metrics, stoppedAtStep).with(card(sums, reproduce));
    }

    private ModelCard card(Map<Part, EvaluationSum> sums, String reproduce) {
        Part measured = sums.containsKey(Part.TEST)
                ? Part.TEST
                : sums.containsKey(Part.VALIDATION) ? Part.VALIDATION : Part.TRAIN;
        return ModelCard.of(
                spec.network(),
                input.data().trainSource().classNames(),
                input.rows().get(Part.TRAIN),
                measured,
                sums.get(measured),
                reproduce);
    }

    /**
     * The model, without a card.
     *
     * @param engine name of what computed the steps
     * @see #measured the other parameters
     */
    TrainedModel model(
            String engine, float[] theta, DataProvenance data, Map<Part, MetricValues> metrics, Long stoppedAtStep) {
        Provenance provenance = new Provenance(
                data,
                settings.redacted(),
                settings.get(TrainingSettings.SEED),
                spec.steps().shards(),
                engine,
                cluster.arithmetic(),
                Platform.cpu(),
                System.getProperty("java.version"),
                cluster.sparkVersion(),
                Platform.program(),
                started.truncatedTo(ChronoUnit.SECONDS).toString(),
                Duration.between(started, Instant.now()).toMillis() / 1e3,
                metrics,
                stoppedAtStep);
        return new TrainedModel(
                spec.network(),
                theta,
                spec.scaling(),
                input.data().trainSource().classNames(),
                provenance,
                input.data().trainSource().reading());
    }
}
