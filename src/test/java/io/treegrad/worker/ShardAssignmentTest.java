package io.treegrad.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.SyntheticDigits;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardAssignmentTest {
    @Test
    void aRowIsInThePartitionThatHoldsItsShard() {
        RowSource source = new SyntheticDigits(1, 0, 100);
        RowSet evens = RowSet.of(IntStream.range(0, 40).map(i -> 2 * i).toArray());
        ShardedPart train = new ShardedPart(source, evens, new ShardPlan(40, 6));
        ShardedPart test = ShardedPart.evaluated(source, RowSet.range(81, 95));
        for (int partitions = 1; partitions <= 9; partitions++) {
            ShardAssignment assignment = new ShardAssignment(Map.of(Part.TRAIN, train, Part.TEST, test), partitions);
            for (int row = 0; row < 100; row++) {
                int partition = assignment.partitionOf(row);
                Part part = row >= 81 && row < 95 ? Part.TEST : Part.TRAIN;
                ShardedPart holding = part == Part.TEST ? test : train;
                if (!holding.rows().contains(row)) {
                    assertEquals(-1, partition, "row " + row);
                    continue;
                }
                int shard = holding.shards().shardOf(holding.rows().below(row));
                assertTrue(
                        assignment.firstShard(part, partition) <= shard && shard < assignment.endShard(part, partition),
                        "row " + row + " of " + partitions + " partitions in " + partition);
            }
        }
    }
}
