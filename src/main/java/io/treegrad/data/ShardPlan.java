package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.Serializable;

/**
 * How the training rows are cut into gradient shards: contiguous ranges of row index, in order, whose lengths differ by
 * at most one row, the longer ones first. So shard 0 is always one of the longest.
 *
 * @param rows number of training rows, at least 1
 * @param shards number of shards, 1 to {@code rows}
 */
public record ShardPlan(long rows, int shards) implements Serializable {
    public ShardPlan {
        if (rows < 1) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "There are " + rows + " training rows, expected at least 1; check the data set and the split.");
        }
        if (shards < 1 || shards > rows) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The number of shards is " + shards + ", expected 1 to " + rows
                                    + " (the training rows); choose a number within these.")
                    .fixedBy("shards");
        }
    }

    /** Index of the first row of a shard. */
    public long first(int shard) {
        return startOf(checked(shard));
    }

    /** Index of the row after the last one of a shard. */
    public long end(int shard) {
        return startOf(checked(shard) + 1);
    }

    public long count(int shard) {
        return end(shard) - first(shard);
    }

    /** The shard that has a row. */
    public int shardOf(long row) {
        if (row < 0 || row >= rows) {
            throw new IndexOutOfBoundsException("Row " + row + " of " + rows + ".");
        }
        long shorter = rows / shards;
        long inLonger = rows % shards * (shorter + 1);
        return (int) (row < inLonger ? row / (shorter + 1) : rows % shards + (row - inLonger) / shorter);
    }

    /** Quotient and remainder rather than {@code shard * rows / shards}, which could overflow. */
    private long startOf(int shard) {
        return shard * (rows / shards) + Math.min(shard, rows % shards);
    }

    private int checked(int shard) {
        if (shard < 0 || shard >= shards) {
            throw new IndexOutOfBoundsException("Shard " + shard + " of " + shards + ".");
        }
        return shard;
    }
}
