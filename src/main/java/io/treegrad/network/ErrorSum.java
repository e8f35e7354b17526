package io.treegrad.network;

/**
 * How far predicted numbers are from the true ones, and how far these lie from each other: sums over rows, each by its
 * weight.
 */
public final class ErrorSum implements Sum<ErrorSum> {
    private static final long serialVersionUID = 1;

    private final SpreadSum targets = new SpreadSum();
    private double absoluteSum;
    private double squareSum;

    void count(double target, double predicted, double weight) {
        double error = predicted - target;
        absoluteSum += weight * Math.abs(error);
        squareSum += weight * error * error;
        targets.add(target, weight);
    }

    @Override
    public void add(ErrorSum other) {
        absoluteSum += other.absoluteSum;
        squareSum += other.squareSum;
        targets.add(other.targets);
    }

    public double meanAbsoluteError() {
        return absoluteSum / targets.weight();
    }

    public double rootMeanSquaredError() {
        return Math.sqrt(squareSum / targets.weight());
    }

    /** Squared errors as a share of those of the mean of the true numbers; NaN where these are all the same. */
    public double unexplainedShare() {
        return targets.squaredDifferences() == 0 ? Double.NaN : squareSum / targets.squaredDifferences();
    }
}
