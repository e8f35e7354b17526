package io.treegrad.data;

import io.treegrad.network.Sum;

/**
 * What mean and deviation of each feature follow from, over a set of unscaled rows. Of bytes these are sums and sums of
 * squares, which are exact. Of floats such sums would cancel: a constant feature would get a deviation from the roundings
 * alone. So mean and sum of squared differences from it are kept, and joined as by Chan, Golub and LeVeque, "Updating
 * Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979).
 */
public final class FeatureSums implements Sum<FeatureSums> {
    private static final long serialVersionUID = 1;

    private final boolean exact;
    /** Sum of the values if exact, else their mean.   [features] */
    private final double[] first;
    /** Sum of the squares if exact, else of the squared differences from the mean.   [features] */
    private final double[] second;

    private long rows;

    /** Over no rows, for rows of this kind. */
    public FeatureSums(Rows kind) {
        exact = kind.areBytes();
        first = new double[kind.features()];
        second = new double[kind.features()];
    }

    public void addRow(Rows from, int row) {
        rows++;
        double share = 1.0 / rows;
        for (int feature = 0; feature < first.length; feature++) {
            double value = from.value(row, feature);
            if (exact) {
                first[feature] += value;
                second[feature] += value * value;
            } else {
                double difference = value - first[feature];
                first[feature] += difference * share;
                second[feature] += difference * (value - first[feature]);
            }
        }
    }

    @Override
    public void add(FeatureSums other) {
        if (other.rows == 0) {
            return;
        }
        rows += other.rows;
        double share = (double) other.rows / rows;
        for (int feature = 0; feature < first.length; feature++) {
            second[feature] += other.second[feature];
            if (exact) {
                first[feature] += other.first[feature];
            } else {
                double difference = other.first[feature] - first[feature];
                second[feature] += difference * difference * (rows - other.rows) * share;
                first[feature] += difference * share;
            }
        }
    }

    /** Scales to mean 0 and deviation 1 over the summed rows. The deviation divides by the number of rows. */
    public Scaling standardScaling() {
        float[] mean = new float[first.length];
        float[] deviation = new float[first.length];
        for (int feature = 0; feature < first.length; feature++) {
            double average = exact ? first[feature] / rows : first[feature];
            double variance = exact ? second[feature] / rows - average * average : second[feature] / rows;
            mean[feature] = (float) average;
            deviation[feature] = (float) Math.sqrt(Math.max(0, variance));
        }
        return Scaling.standard(mean, deviation);
    }
}
