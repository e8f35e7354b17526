package io.treegrad.worker;

import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which partition holds which shards: partition p of P holds shards {@code [floor(p S/P), floor((p+1) S/P))} of a part of S
 * shards. Whole shards only, so results cannot depend on it; a partition may hold none of a part.
 */
public record ShardAssignment(Map<Part, ShardedPart> parts, int partitions) implements Serializable {
    public ShardAssignment {
        parts = new EnumMap<>(parts);
    }

    int firstShard(Part part, int partition) {
        return (int) ((long) partition * parts.get(part).shards().shards() / partitions);
    }

    int endShard(Part part, int partition) {
        return firstShard(part, partition + 1);
    }

    /** The partition that holds a row, if all parts are of one source; -1 if none does. */
    public int partitionOf(long row) {
        for (ShardedPart part : parts.values()) {
            if (part.rows().contains(row)) {
                long shard = part.shards().shardOf(part.rows().below(row));
                // the last p with floor(p S/P) <= shard
                return (int) (((shard + 1) * partitions - 1) / part.shards().shards());
            }
        }
        return -1;
    }
}
