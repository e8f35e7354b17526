package io.treegrad.training;

import java.util.Arrays;

/**
 * The mean loss of every step of a run, in bounded memory: when there are too many points, neighbours are averaged in
 * pairs, so that a point stands for two steps, then four, and so on. Depends only on the losses, not on when a run was
 * resumed.
 */
public final class LossTrace {
    private static final int MOST_POINTS = 1 << 14;

    private float[] points;
    private int count;
    private long stepsPerPoint;
    private double openSum;
    private long openSteps;

    LossTrace() {
        this(new float[0], 1, 0, 0);
    }

    /**
     * A trace read from a file.
     *
     * @param points kept, not copied
     * @param stepsPerPoint number of steps that each point averages
     * @param openSum sum of the losses of the steps after the last point
     * @param openSteps number of these steps, fewer than {@code stepsPerPoint}
     */
    public LossTrace(float[] points, long stepsPerPoint, double openSum, long openSteps) {
        if (points.length > MOST_POINTS || stepsPerPoint < 1 || openSteps < 0 || openSteps >= stepsPerPoint) {
            throw new IllegalArgumentException(
                    "%d points of %d steps and %d steps after them, expected at most %d points and fewer steps than a point has"
                            .formatted(points.length, stepsPerPoint, openSteps, MOST_POINTS));
        }
        this.points = points;
        this.count = points.length;
        this.stepsPerPoint = stepsPerPoint;
        this.openSum = openSum;
        this.openSteps = openSteps;
    }

    void add(double meanLoss) {
        openSum += meanLoss;
        openSteps++;
        if (openSteps < stepsPerPoint) {
            return;
        }
        if (count == MOST_POINTS) {
            joinPairs();
        }
        if (openSteps == stepsPerPoint) {
            append((float) Math.min(Float.MAX_VALUE, openSum / openSteps));
            openSum = 0;
            openSteps = 0;
        }
    }

    private void append(float point) {
        if (count == points.length) {
            points = Arrays.copyOf(points, Math.min(MOST_POINTS, Math.max(64, 2 * count)));
        }
        points[count++] = point;
    }

    private void joinPairs() {
        count /= 2;
        for (int i = 0; i < count; i++) {
            points[i] = (float) (((double) points[2 * i] + points[2 * i + 1]) / 2);
        }
        stepsPerPoint *= 2;
    }

    /** A copy of the points. Point i averages the steps from {@code i · stepsPerPoint()} on. */
    public float[] points() {
        return Arrays.copyOf(points, count);
    }

    /** Number of steps that a point averages: a power of two. */
    public long stepsPerPoint() {
        return stepsPerPoint;
    }

    /** Sum of the mean losses of the steps after the last point. */
    public double openSum() {
        return openSum;
    }

    /** Number of the steps after the last point. */
    public long openSteps() {
        return openSteps;
    }
}
