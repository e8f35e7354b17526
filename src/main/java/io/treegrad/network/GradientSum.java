package io.treegrad.network;

/**
 * What a set of rows contributes to one step: gradient, loss, hits and the number of rows, all as sums over those rows.
 * For means, divide by {@link Counts#lossWeight()}, once.
 */
public final class GradientSum implements Sum<GradientSum> {
    private static final long serialVersionUID = 1;

    private final float[] gradient;
    private Counts counts = Counts.NONE;
    /** Null where one thread goes over all elements, as after the sum has travelled. */
    private transient Slices slices;

    public GradientSum(int parameters) {
        gradient = new float[parameters];
    }

    /** ∂C/∂theta, in the layout of theta. The array itself, not a copy. */
    public float[] gradient() {
        return gradient;
    }

    /** All but the gradient. */
    public Counts counts() {
        return counts;
    }

    public void setCounts(Counts counts) {
        this.counts = counts;
    }

    @Override
    public void add(GradientSum other) {
        addCounts(other);
        addGradient(other, 0, gradient.length);
    }

    /** The part of {@link #add} that is not the gradient. */
    public void addCounts(GradientSum other) {
        counts = counts.plus(other.counts);
    }

    /** The part of {@link #add} that is elements {@code from} to {@code to} of the gradient. */
    public void addGradient(GradientSum other, int from, int to) {
        float[] others = other.gradient;
        for (int i = from; i < to; i++) {
            gradient[i] += others[i];
        }
    }

    /** Lends this sum the threads that {@link #forEachSlice} uses. */
    public void setSlices(Slices slices) {
        this.slices = slices;
    }

    /** Does something with all elements of the gradient, element by element, and returns when it is done. */
    public void forEachSlice(Slices.Action action) {
        if (slices == null) {
            action.accept(0, gradient.length);
        } else {
            slices.forEach(gradient.length, action);
        }
    }
}
