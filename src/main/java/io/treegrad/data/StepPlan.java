package io.treegrad.data;

import io.treegrad.common.UserError;
import io.treegrad.network.SplitMix64;
import java.io.Serializable;

/**
 * Which rows each step takes. Only these four hyper-parameters decide it.
 *
 * <p>An epoch of {@code N} rows at batch size {@code B} has {@code K = max(1, round(N/B))} steps. Within an epoch,
 * every shard is visited in an {@linkplain #order order} of its own, and step {@code k} takes the positions
 * {@code [floor(k n/K), floor((k+1) n/K))} of the {@code n} rows of each shard. So each row is seen exactly once an
 * epoch, and the rows that one shard gives to two steps differ by at most one.
 *
 * <p>Every step has rows. Proof: shards are at most {@code B}, so the longest shard, shard 0, has {@code n = ceil(N/S)
 * >= ceil(N/B)} rows; {@code K} is at most {@code ceil(N/B)}, since rounding never exceeds rounding up and {@code N >=
 * 1}; so {@code n/K >= 1}, and an interval of length at least 1 between two floors holds an integer.
 *
 * @param rows number of training rows N
 * @param shards number of gradient shards S, at most {@code rows} and {@code batchSize}
 * @param batchSize wanted rows a step B; more than {@code rows} means one step an epoch
 * @param seed of the visiting orders
 */
public record StepPlan(long rows, int shards, int batchSize, long seed) implements Serializable {
    private static final int ROWS_OF_A_DEFAULT_SHARD = 128;
    private static final int SMALL_BATCH = 512;
    private static final int MOST_DEFAULT_SHARDS = 64;

    public StepPlan {
        if (batchSize < 1) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The batch size is " + batchSize + ", expected at least 1; choose another.")
                    .fixedBy("batch-size");
        }
        ShardPlan plan = new ShardPlan(rows, shards);
        if (shards > batchSize) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "The number of shards is " + shards + ", expected at most the batch size, " + batchSize
                                    + ", so that no step is without rows; use fewer shards or a larger batch.")
                    .fixedBy("shards", "batch-size");
        }
        if (plan.count(0) > Integer.MAX_VALUE) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "A shard of " + plan.count(0) + " rows is too long, expected at most " + Integer.MAX_VALUE
                                    + "; use more shards.")
                    .fixedBy("shards");
        }
    }

    /**
     * The number of shards if the user gives none: a function of the batch size alone, never of the cluster. A data set
     * with fewer rows than this needs a smaller number.
     */
    public static int defaultShards(int batchSize) {
        int shards = batchSize < SMALL_BATCH ? 2 : Integer.highestOneBit(batchSize / ROWS_OF_A_DEFAULT_SHARD);
        return Math.max(1, Math.min(batchSize, Math.min(shards, MOST_DEFAULT_SHARDS)));
    }

    public ShardPlan shardPlan() {
        return new ShardPlan(rows, shards);
    }

    /** The nearest whole number to rows / batchSize, a half rounded up, at least 1. */
    public long stepsPerEpoch() {
        long whole = rows / batchSize;
        long left = rows % batchSize;
        return Math.max(1, 2 * left >= batchSize ? whole + 1 : whole);
    }

    /** Epoch, counted from 0, of a step that is counted from the start of the training. */
    public long epochOf(long step) {
        return step / stepsPerEpoch();
    }

    /** Place of a step within its epoch, from 0. */
    public long stepInEpoch(long step) {
        return step % stepsPerEpoch();
    }

    /** First position in the shard's visiting order that this step of an epoch takes. */
    public int firstPosition(int shard, long stepInEpoch) {
        return positionAt(shard, stepInEpoch);
    }

    /** The position after the last one that this step takes; equal to the first if it takes no row of this shard. */
    public int endPosition(int shard, long stepInEpoch) {
        return positionAt(shard, stepInEpoch + 1);
    }

    /**
     * The order in which an epoch visits a shard: a permutation of {@code 0..n-1}, where {@code i} stands for the row
     * {@code shardPlan().first(shard) + i}. A pure function of (seed, epoch, shard) and the shard's length.
     */
    public int[] order(int shard, long epoch) {
        int[] order = new int[(int) shardPlan().count(shard)];
        fillOrder(shard, epoch, order);
        return order;
    }

    /** As {@link #order}, into an array of the caller whose length is the shard's number of rows. */
    public void fillOrder(int shard, long epoch, int[] order) {
        if (order.length != shardPlan().count(shard)) {
            throw new IllegalArgumentException("The array for the order of shard " + shard + " has " + order.length
                    + " places, expected " + shardPlan().count(shard) + ".");
        }
        SplitMix64 random = new SplitMix64(SplitMix64.mix(seed, epoch, shard));
        // Fisher and Yates, inside out: after step i the first i + 1 places are a uniform permutation of 0..i.
        for (int i = 0; i < order.length; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
    }

    /** floor(k n / K): n is an int and k at most ceil(N/S), also an int, so the product fits a long. */
    private int positionAt(int shard, long k) {
        long steps = stepsPerEpoch();
        if (k < 0 || k > steps) {
            throw new IndexOutOfBoundsException("Step " + k + " of the " + steps + " steps of an epoch.");
        }
        return (int) (k * shardPlan().count(shard) / steps);
    }
}
