package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.network.SplitMix64;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepPlanTest {
    @Test
    void mnistHasFiveHundredAndFiftyStepsOfOneHundredRows() {
        StepPlan plan = new StepPlan(55_000, 2, 100, 1);
        assertEquals(550, plan.stepsPerEpoch());
        for (long step = 0; step < 550; step++) {
            for (int shard = 0; shard < 2; shard++) {
                assertEquals(50 * step, plan.firstPosition(shard, step));
                assertEquals(50 * (step + 1), plan.endPosition(shard, step));
            }
        }
    }

    @Test
    void stepsAreCountedFromTheStartOfTheTraining() {
        StepPlan plan = new StepPlan(10, 1, 3, 1); // round(10 / 3) = 3 steps
        assertEquals(3, plan.stepsPerEpoch());
        assertEquals(0, plan.epochOf(2));
        assertEquals(1, plan.epochOf(3));
        assertEquals(2, plan.stepInEpoch(5));
        assertArrayEquals(
                new int[] {0, 3, 6},
                new int[] {plan.firstPosition(0, 0), plan.firstPosition(0, 1), plan.firstPosition(0, 2)});
        assertEquals(10, plan.endPosition(0, 2));
    }

    @Test
    void stepsPerEpochAreRoundedToTheNearestAndAreAtLeastOne() {
        assertEquals(1, new StepPlan(4, 1, 1000, 1).stepsPerEpoch());
        assertEquals(1, new StepPlan(149, 1, 100, 1).stepsPerEpoch());
        assertEquals(2, new StepPlan(150, 1, 100, 1).stepsPerEpoch());
        assertEquals(3, new StepPlan(5, 1, 2, 1).stepsPerEpoch());
        assertEquals(60_000, new StepPlan(60_000, 1, 1, 1).stepsPerEpoch());
        assertEquals(1, new StepPlan(60_000, 64, Integer.MAX_VALUE, 1).stepsPerEpoch());
    }

    @Test
    void everyRowIsVisitedOnceAnEpochAndNoStepIsWithoutRows() {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 300; round++) {
            int rows = 1 + random.nextInt(round < 100 ? 12 : 3000);
            int batchSize = 1 + random.nextInt(round % 2 == 0 ? rows : 2 * rows);
            int shards = 1 + random.nextInt(Math.min(70, Math.min(rows, batchSize)));
            StepPlan plan = new StepPlan(rows, shards, batchSize, seed + round);
            String replay = plan + ", seed of the test " + seed;
            long epoch = random.nextInt(5);

            int[][] orders = new int[shards][];
            for (int shard = 0; shard < shards; shard++) {
                orders[shard] = plan.order(shard, epoch);
            }
            int[] visits = new int[rows];
            long steps = plan.stepsPerEpoch();
            for (long step = 0; step < steps; step++) {
                int seen = 0;
                for (int shard = 0; shard < shards; shard++) {
                    long count = plan.shardPlan().count(shard);
                    int from = plan.firstPosition(shard, step);
                    int to = plan.endPosition(shard, step);
                    assertTrue(to - from == count / steps || to - from == count / steps + 1, replay);
                    for (int position = from; position < to; position++) {
                        visits[(int) plan.shardPlan().first(shard) + orders[shard][position]]++;
                        seen++;
                    }
                }
                assertTrue(seen > 0, replay);
            }
            for (int visit : visits) {
                assertEquals(1, visit, replay);
            }
        }
    }

    @Test
    void orderIsAPermutationThatDependsOnSeedEpochAndShardAlone() {
        int[] order = new StepPlan(1000, 4, 100, 7).order(2, 3);
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < 250; i++) {
            assertEquals(i, sorted[i]);
        }
        assertArrayEquals(order, new StepPlan(1000, 4, 100, 7).order(2, 3));
        assertArrayEquals(order, new StepPlan(1000, 4, 25, 7).order(2, 3), "the batch size has no say");
        assertArrayEquals(order, new StepPlan(1250, 5, 100, 7).order(2, 3), "nor have other shards");
        assertFalse(Arrays.equals(order, new StepPlan(1000, 4, 100, 8).order(2, 3)));
        assertFalse(Arrays.equals(order, new StepPlan(1000, 4, 100, 7).order(2, 4)));
        assertFalse(Arrays.equals(order, new StepPlan(1000, 4, 100, 7).order(1, 3)));
    }

    @Test
    void orderNeverChangesBetweenVersions() {
        // A checkpoint of an older version resumes on these numbers: if this fails, resuming is broken.
        assertArrayEquals(new int[] {6, 7, 5, 2, 8, 3, 4, 0, 1, 9}, new StepPlan(10, 1, 5, 42).order(0, 0));
    }

    @Test
    void everyRowIsEquallyLikelyAtEveryPosition() {
        StepPlan plan = new StepPlan(5, 1, 5, 3);
        int epochs = 20_000;
        int[][] seen = new int[5][5];
        int[] order = new int[5];
        for (int epoch = 0; epoch < epochs; epoch++) {
            plan.fillOrder(0, epoch, order);
            for (int position = 0; position < 5; position++) {
                seen[position][order[position]]++;
            }
        }
        for (int[] rows : seen) {
            for (int count : rows) {
                assertEquals(4000, count, 5 * StrictMath.sqrt(4000));
            }
        }
    }

    @Test
    void filledArrayHoldsTheOrder() {
        StepPlan plan = new StepPlan(207, 2, 13, 5);
        int[] order = new int[103];
        plan.fillOrder(1, 9, order);
        assertArrayEquals(plan.order(1, 9), order);
        assertThrows(IllegalArgumentException.class, () -> plan.fillOrder(0, 9, order));
    }

    @Test
    void moreShardsThanRowsInABatchAreRefused() {
        UserError error = assertThrows(UserError.class, () -> new StepPlan(1000, 101, 100, 1));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals(
                "The number of shards is 101, expected at most the batch size, 100, so that no step is without rows;"
                        + " use fewer shards or a larger batch.",
                error.getMessage());
        assertEquals(List.of("shards", "batch-size"), error.settings());
        assertThrows(UserError.class, () -> new StepPlan(1000, 1, 0, 1));
        assertThrows(UserError.class, () -> new StepPlan(3_000_000_000L, 1, 100, 1));
    }

    @Test
    void stepOutsideTheEpochIsRefused() {
        StepPlan plan = new StepPlan(10, 1, 5, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> plan.endPosition(0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> plan.firstPosition(0, -1));
    }

    @Test
    void defaultShardsComeFromTheBatchSizeAlone() {
        int[][] expected = {
            {1, 1}, {2, 2}, {25, 2}, {100, 2}, {511, 2}, {512, 4}, {1023, 4}, {1024, 8}, {8192, 64}, {60_000, 64}
        };
        for (int[] pair : expected) {
            assertEquals(pair[1], StepPlan.defaultShards(pair[0]), "batch size " + pair[0]);
        }
    }
}
