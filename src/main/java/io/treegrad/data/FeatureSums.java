package io.treegrad.data;

import io.treegrad.network.Sum;

/** Sums and sums of squares of each feature over a set of unscaled rows. For bytes they are exact. */
public final class FeatureSums implements Sum<FeatureSums> {
    private static final long serialVersionUID = 1;

    private final double[] sum;
    private final double[] squareSum;
    private long rows;

    public FeatureSums(int features) {
        sum = new double[features];
        squareSum = new double[features];
    }

    public void addRow(Rows from, int row) {
        for (int feature = 0; feature < sum.length; feature++) {
            double value = from.value(row, feature);
            sum[feature] += value;
            squareSum[feature] += value * value;
        }
        rows++;
    }

    @Override
    public void add(FeatureSums other) {
        for (int feature = 0; feature < sum.length; feature++) {
            sum[feature] += other.sum[feature];
            squareSum[feature] += other.squareSum[feature];
        }
        rows += other.rows;
    }

    /** Scales to mean 0 and deviation 1 over the summed rows. The deviation divides by the number of rows. */
    public Scaling standardScaling() {
        float[] mean = new float[sum.length];
        float[] deviation = new float[sum.length];
        for (int feature = 0; feature < sum.length; feature++) {
            double average = sum[feature] / rows;
            mean[feature] = (float) average;
            deviation[feature] = (float) Math.sqrt(Math.max(0, squareSum[feature] / rows - average * average));
        }
        return Scaling.standard(mean, deviation);
    }
}
