package io.treegrad.spark;

import io.treegrad.data.Storage;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardAssignment;
import java.io.IOException;
import java.io.Serializable;

/**
 * What a partition holds, and how to reach storage. Travels once, as a broadcast, and not with every task.
 *
 * @param memoryBytes that the rows of a partition may take
 */
record RowOrigin(ShardAssignment assignment, Storage storage, long memoryBytes) implements Serializable {
    /** Reads the rows of a partition, or learns why its data is refused. */
    PartitionShards read(int partition) throws IOException {
        return PartitionShards.read(assignment, partition, new RowReader(storage, memoryBytes));
    }
}
