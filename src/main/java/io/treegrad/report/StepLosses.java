package io.treegrad.report;

import java.util.Arrays;

/**
 * The loss of every step of a run, in bounded memory: once the steps no longer fit, neighbours share a bucket that keeps
 * their lowest, mean and highest loss, so that the shape of the noise survives. Which steps share one depends on their
 * numbers alone.
 */
public final class StepLosses {
    private static final int MOST_BUCKETS = 2048;

    private final double[] lowest = new double[MOST_BUCKETS];
    private final double[] highest = new double[MOST_BUCKETS];
    private final double[] sums = new double[MOST_BUCKETS];
    private final long[] counts = new long[MOST_BUCKETS];
    /** Steps a bucket, a power of two: bucket i holds the steps from {@code i * width}. */
    private long width = 1;

    /**
     * @param step from 0, in any order
     * @param meanLoss of the rows of the step; ignored unless finite
     */
    public void add(long step, double meanLoss) {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step + ", expected 0 or more");
        }
        if (!Double.isFinite(meanLoss)) {
            return;
        }
        while (step / width >= MOST_BUCKETS) {
            halve();
        }
        int bucket = (int) (step / width);
        boolean first = counts[bucket] == 0;
        lowest[bucket] = first ? meanLoss : Math.min(lowest[bucket], meanLoss);
        highest[bucket] = first ? meanLoss : Math.max(highest[bucket], meanLoss);
        sums[bucket] += meanLoss;
        counts[bucket]++;
    }

    public boolean isEmpty() {
        return Arrays.stream(counts).allMatch(count -> count == 0);
    }

    /** Steps that share a bucket. */
    public long width() {
        return width;
    }

    /** How many buckets there may be; those without a step count 0. */
    int buckets() {
        return MOST_BUCKETS;
    }

    long count(int bucket) {
        return counts[bucket];
    }

    double lowest(int bucket) {
        return lowest[bucket];
    }

    double highest(int bucket) {
        return highest[bucket];
    }

    double mean(int bucket) {
        return sums[bucket] / counts[bucket];
    }

    private void halve() {
        for (int bucket = 0; bucket < MOST_BUCKETS / 2; bucket++) {
            int left = 2 * bucket;
            int right = left + 1;
            if (counts[left] == 0 || counts[right] == 0) {
                int source = counts[left] == 0 ? right : left;
                lowest[bucket] = lowest[source];
                highest[bucket] = highest[source];
            } else {
                lowest[bucket] = Math.min(lowest[left], lowest[right]);
                highest[bucket] = Math.max(highest[left], highest[right]);
            }
            sums[bucket] = sums[left] + sums[right];
            counts[bucket] = counts[left] + counts[right];
        }
        Arrays.fill(sums, MOST_BUCKETS / 2, MOST_BUCKETS, 0);
        Arrays.fill(counts, MOST_BUCKETS / 2, MOST_BUCKETS, 0);
        width *= 2;
    }
}
