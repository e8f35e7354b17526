package io.treegrad.data;

import java.io.Serializable;

/**
 * The rows of one part: which rows of which source, and how they are cut into shards. A value: it holds no rows.
 *
 * @param rows in the numbering of the source; the i-th of them is row i of the part
 * @param shards over the rows of the part
 */
public record ShardedPart(RowSource source, RowSet rows, ShardPlan shards) implements Serializable {
    /** Rows of a shard of a part that is only evaluated: small parts still use many cores, and there are few sums. */
    private static final int EVALUATED_ROWS_PER_SHARD = 256;

    private static final int MOST_EVALUATED_SHARDS = 64;

    public ShardedPart {
        if (shards.rows() != rows.size()) {
            throw new IllegalArgumentException(
                    "shards over " + shards.rows() + " rows for a part of " + rows.size() + " rows");
        }
    }

    /** A part to evaluate on. The number of shards depends on the number of rows alone, so that sums do too. */
    public static ShardedPart evaluated(RowSource source, RowSet rows) {
        long shards = Math.min(MOST_EVALUATED_SHARDS, Math.max(1, rows.size() / EVALUATED_ROWS_PER_SHARD));
        return new ShardedPart(source, rows, new ShardPlan(rows.size(), (int) shards));
    }

    /** Rows of one shard, in the numbering of the source. */
    public RowSet shard(int shard) {
        return rows.slice(shards.first(shard), shards.end(shard));
    }
}
