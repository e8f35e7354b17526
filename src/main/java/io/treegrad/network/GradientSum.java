package io.treegrad.network;

/**
 * What a set of rows contributes to one step: gradient, loss, hits and the number of rows, all as sums over those rows.
 * For means, divide by {@link #rows()}, once.
 */
public final class GradientSum implements Sum<GradientSum> {
    private static final long serialVersionUID = 1;

    private final float[] gradient;
    private double lossSum;
    private long correct;
    private long rows;

    public GradientSum(int parameters) {
        gradient = new float[parameters];
    }

    /** ∂C/∂theta, in the layout of theta. The array itself, not a copy. */
    public float[] gradient() {
        return gradient;
    }

    /** C of equation (3). */
    public double lossSum() {
        return lossSum;
    }

    /** Rows whose largest output is that of their class, under the parameters that the gradient was taken at. */
    public long correct() {
        return correct;
    }

    public long rows() {
        return rows;
    }

    void set(double lossSum, long correct, long rows) {
        this.lossSum = lossSum;
        this.correct = correct;
        this.rows = rows;
    }

    @Override
    public void add(GradientSum other) {
        float[] others = other.gradient;
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += others[i];
        }
        lossSum += other.lossSum;
        correct += other.correct;
        rows += other.rows;
    }
}
