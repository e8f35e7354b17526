package io.treegrad.network;

/**
 * Mean and spread of numbers, each by its weight. Means and sums of squared differences from them are joined by the
 * formula of Chan, Golub and LeVeque (1979), as sums of squares would cancel.
 */
public final class SpreadSum implements Sum<SpreadSum> {
    private static final long serialVersionUID = 1;

    private double weight;
    private double mean;
    private double squaredDifferences;

    public void add(double number, double ofWeight) {
        weight += ofWeight;
        double difference = number - mean;
        mean += difference * ofWeight / weight;
        squaredDifferences += ofWeight * difference * (number - mean);
    }

    @Override
    public void add(SpreadSum other) {
        if (other.weight == 0) {
            return;
        }
        double total = weight + other.weight;
        double difference = other.mean - mean;
        squaredDifferences += other.squaredDifferences + difference * difference * weight * other.weight / total;
        mean += difference * other.weight / total;
        weight = total;
    }

    public double weight() {
        return weight;
    }

    public double mean() {
        return mean;
    }

    /** Sum of the squared differences from the mean. */
    public double squaredDifferences() {
        return squaredDifferences;
    }

    /** Divides by the sum of the weights. */
    public double deviation() {
        return Math.sqrt(squaredDifferences / weight);
    }
}
