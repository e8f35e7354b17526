package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
    @Test
    void tenRowsInFourShardsAreThreeThreeTwoTwo() {
        ShardPlan plan = new ShardPlan(10, 4);
        long[] firsts = {0, 3, 6, 8};
        long[] ends = {3, 6, 8, 10};
        for (int shard = 0; shard < 4; shard++) {
            assertEquals(firsts[shard], plan.first(shard));
            assertEquals(ends[shard], plan.end(shard));
            assertEquals(ends[shard] - firsts[shard], plan.count(shard));
        }
    }

    @Test
    void shardsFollowEachOtherWithoutGapsAndDifferByAtMostOneRow() {
        for (long rows : new long[] {1, 2, 13, 207, 4098, 55_000, Long.MAX_VALUE}) {
            for (int shards : new int[] {1, 2, 3, 7, 64, 1000}) {
                if (shards > rows) {
                    continue;
                }
                ShardPlan plan = new ShardPlan(rows, shards);
                long next = 0;
                for (int shard = 0; shard < shards; shard++) {
                    assertEquals(next, plan.first(shard));
                    next = plan.end(shard);
                    assertTrue(plan.count(0) - plan.count(shard) <= 1 && plan.count(shard) <= plan.count(0));
                }
                assertEquals(rows, next);
            }
        }
    }

    @Test
    void planWithEmptyShardsIsRefusedWithBothNumbers() {
        UserError error = assertThrows(UserError.class, () -> new ShardPlan(4, 5));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals(
                "The number of shards is 5, expected 1 to 4 (the training rows); choose a number within these.",
                error.getMessage());
        assertEquals(List.of("shards"), error.settings());
        assertThrows(UserError.class, () -> new ShardPlan(4, 0));
        assertEquals(
                UserError.Kind.BAD_DATA,
                assertThrows(UserError.class, () -> new ShardPlan(0, 1)).kind());
    }

    @Test
    void shardThatDoesNotExistIsRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> new ShardPlan(4, 2).first(2));
        assertThrows(IndexOutOfBoundsException.class, () -> new ShardPlan(4, 2).end(-1));
    }

    @Test
    void aRowIsInTheShardWhoseRangeHoldsIt() {
        for (long rows : new long[] {1, 7, 12, 100}) {
            for (int shards = 1; shards <= Math.min(rows, 12); shards++) {
                ShardPlan plan = new ShardPlan(rows, shards);
                for (int shard = 0; shard < shards; shard++) {
                    assertEquals(shard, plan.shardOf(plan.first(shard)), plan.toString());
                    assertEquals(shard, plan.shardOf(plan.end(shard) - 1), plan.toString());
                }
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> new ShardPlan(7, 2).shardOf(7));
    }
}
