package io.treegrad.report;

import io.treegrad.training.LossTrace;

/**
 * The loss over the steps of a run, in no more points than a chart can show. A point keeps the lowest, mean and highest
 * loss of its neighbouring steps, so that noise stays visible. Immutable.
 */
public final class StepLosses {
    private static final int MOST_POINTS = 2048;

    private final long width;
    private final double[] lowest;
    private final double[] mean;
    private final double[] highest;

    private StepLosses(long width, double[] lowest, double[] mean, double[] highest) {
        this.width = width;
        this.lowest = lowest;
        this.mean = mean;
        this.highest = highest;
    }

    public static StepLosses of(LossTrace trace) {
        return of(trace.points(), trace.stepsPerPoint());
    }

    /**
     * @param losses of the steps in order, or of groups of steps; only read
     * @param steps how many steps each loss averages
     */
    static StepLosses of(float[] losses, long steps) {
        int width = 1;
        while ((losses.length + width - 1) / width > MOST_POINTS) {
            width *= 2;
        }
        int points = (losses.length + width - 1) / width;
        double[] lowest = new double[points];
        double[] mean = new double[points];
        double[] highest = new double[points];
        for (int point = 0; point < points; point++) {
            int end = Math.min(losses.length, (point + 1) * width);
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int i = point * width; i < end; i++) {
                least = Math.min(least, losses[i]);
                most = Math.max(most, losses[i]);
                sum += losses[i];
            }
            lowest[point] = least;
            highest[point] = most;
            mean[point] = sum / (end - point * width);
        }
        return new StepLosses(width * steps, lowest, mean, highest);
    }

    int points() {
        return mean.length;
    }

    /** Steps that share a point: point i holds those from {@code i * width()} on. */
    long width() {
        return width;
    }

    double lowest(int point) {
        return lowest[point];
    }

    double mean(int point) {
        return mean[point];
    }

    double highest(int point) {
        return highest[point];
    }
}
