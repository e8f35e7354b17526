package io.treegrad.spark;

import io.treegrad.data.Part;
import io.treegrad.network.Network;
import io.treegrad.training.PairedCounts;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardWorker;
import io.treegrad.worker.WorkSpec;
import org.apache.spark.broadcast.Broadcast;

/** Compares two models on the same rows, row by row, where the rows are. */
public final class ModelComparison {
    private ModelComparison() {}

    /**
     * Counts what the models have right of the test rows.
     *
     * @param spec of the new model, and {@code championSpec} of the published one; both have the same classes
     */
    public static PairedCounts count(
            DistributedRows rows, WorkSpec spec, float[] theta, WorkSpec championSpec, float[] championTheta) {
        Broadcast<float[]> parameters = rows.context().broadcast(theta);
        Broadcast<float[]> championParameters = rows.context().broadcast(championTheta);
        try {
            return rows.cluster().run("Comparison with the published model", () -> rows.rdd()
                    .map(partition -> {
                        PartitionShards shards = partition.shards();
                        float[] outputs = new ShardWorker(spec, shards).outputs(parameters.value(), Part.TEST);
                        float[] championOutputs =
                                new ShardWorker(championSpec, shards).outputs(championParameters.value(), Part.TEST);
                        return count(shards, spec.network(), outputs, championSpec.network(), championOutputs);
                    })
                    .reduce(PairedCounts::add));
        } finally {
            rows.cluster().freeBeforeNextJob(parameters::destroy);
            rows.cluster().freeBeforeNextJob(championParameters::destroy);
        }
    }

    private static PairedCounts count(
            PartitionShards shards, Network network, float[] outputs, Network champion, float[] championOutputs) {
        PairedCounts counts = new PairedCounts(network.classes());
        int row = 0;
        for (PartitionShards.Shard shard : shards.of(Part.TEST)) {
            for (int i = 0; i < shard.count(); i++, row++) {
                int label = shard.rows().label(shard.position(i));
                counts.count(
                        label,
                        network.predicted(outputs, row) == label,
                        champion.predicted(championOutputs, row) == label);
            }
        }
        return counts;
    }
}
