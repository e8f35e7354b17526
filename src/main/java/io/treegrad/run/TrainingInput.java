package io.treegrad.run;

import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.model.DataProfile;
import io.treegrad.model.DataProvenance;
import io.treegrad.network.EvaluationSum;
import io.treegrad.spark.StepEngine;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

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
     * What the description of the model tells of this data.
     *
     * @param rowsSha256 of the rows of each part in memory; empty if nobody knows
     * @param profile of the training rows; null if nobody knows
     */
    DataProvenance provenance(Map<Part, String> rowsSha256, DataProfile profile) {
        return new DataProvenance(data.kind(), data.sentence(), rows, sha256().join(), rowsSha256, profile);
    }

    /** Evaluates parameters on the validation rows; empty if there are none. */
    Optional<Function<float[], EvaluationSum>> validation(StepEngine engine) {
        return parts.containsKey(Part.VALIDATION)
                ? Optional.of(theta -> engine.evaluate(theta, Part.VALIDATION))
                : Optional.empty();
    }
}
