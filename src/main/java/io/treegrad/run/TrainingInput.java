package io.treegrad.run;

import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.model.DataProfile;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.ModelCard;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.StepEngine;
import io.treegrad.spark.WorkSpec;
import io.treegrad.training.MetricValues;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The data of a training and how it is cut into parts and shards.
 *
 * @param rows number of rows of each part
 */
record TrainingInput(DataSet data, Map<Part, ShardedPart> parts, Map<Part, Long> rows, InputFiles files) {

    static TrainingInput of(DataSet data, StepPlan steps, InputFiles files) {
        Map<Part, ShardedPart> parts = data.onExecutors(steps);
        Map<Part, Long> rows = new EnumMap<>(Part.class);
        parts.forEach((part, sharded) -> rows.put(part, sharded.rows().size()));
        return new TrainingInput(data, parts, rows, files);
    }

    /** SHA-256 of each file by its name; known once all files have been read. */
    CompletableFuture<Map<String, String>> sha256() {
        return files.sha256();
    }

    /**
     * The model that a training on this data ended with, measured on all parts, and with its card.
     *
     * @param engine computed the steps, and measures
     * @param reproduce how to come to the same weights again
     * @see #model the other parameters
     */
    TrainedModel measured(
            StepEngine engine,
            Settings settings,
            WorkSpec spec,
            float[] theta,
            Map<Part, String> rowsSha256,
            DataProfile profile,
            Cluster cluster,
            Instant started,
            Long stoppedAtStep,
            String reproduce) {
        Map<Part, EvaluationSum> sums = new EnumMap<>(Part.class);
        Map<Part, MetricValues> metrics = new EnumMap<>(Part.class);
        for (Part part : parts.keySet()) {
            sums.put(part, engine.evaluate(theta, part));
            metrics.put(part, MetricValues.of(sums.get(part)));
        }
        return model(
                        settings,
                        spec,
                        theta,
                        rowsSha256,
                        profile,
                        engine.name(),
                        cluster,
                        started,
                        metrics,
                        stoppedAtStep)
                .with(card(spec.network(), sums, reproduce));
    }

    /** What users of the model should know; {@code sums} are those of all parts. */
    private ModelCard card(Network network, Map<Part, EvaluationSum> sums, String reproduce) {
        Part measured = sums.containsKey(Part.TEST)
                ? Part.TEST
                : sums.containsKey(Part.VALIDATION) ? Part.VALIDATION : Part.TRAIN;
        return ModelCard.of(
                network,
                data.trainSource().classNames(),
                rows.get(Part.TRAIN),
                measured,
                sums.get(measured),
                reproduce);
    }

    /** How to come to the same weights again, of a run that began by itself. */
    static String again(Settings settings, Long stoppedAtStep) {
        return stoppedAtStep == null
                ? settings.asCommand()
                : "Not possible: a deadline came after step " + stoppedAtStep + ".";
    }

    /**
     * The model that a training on this data ended with.
     *
     * @param rowsSha256 of the rows of each part in memory; empty if nobody knows
     * @param profile of the training rows; null if nobody knows
     * @param engine what computed the steps
     * @param started when the training was started, which counts its seconds
     * @param stoppedAtStep at which a deadline ended it; null if it ended by itself
     */
    TrainedModel model(
            Settings settings,
            WorkSpec spec,
            float[] theta,
            Map<Part, String> rowsSha256,
            DataProfile profile,
            String engine,
            Cluster cluster,
            Instant started,
            Map<Part, MetricValues> metrics,
            Long stoppedAtStep) {
        Provenance provenance = new Provenance(
                new DataProvenance(data.kind(), data.sentence(), rows, sha256().join(), rowsSha256, profile),
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
                data.trainSource().classNames(),
                provenance,
                data.trainSource().reading());
    }
}
