package io.treegrad.network;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a set of rows contributes to one step: gradient, loss, hits and the number of rows, all as sums over those rows.
 * For means, divide by {@link Counts#lossWeight()}, once.
 */
public final class GradientSum implements Sum<GradientSum> {
    private static final long serialVersionUID = 1;

    /** Elements that are added up and then used while they are in the first cache. */
    private static final int BLOCK = 1024;

    private final float[] gradient;
    private Counts counts = Counts.NONE;
    /** To be made in this order before anybody sees an element of the gradient; null for none. */
    private transient List<Addition> additions;
    /** Null where one thread goes over all elements, as after the sum has travelled. */
    private transient Slices slices;

    private record Addition(GradientSum into, GradientSum other) {
        void apply(int from, int to) {
            float[] sums = into.gradient;
            float[] others = other.gradient;
            for (int i = from; i < to; i++) {
                sums[i] += others[i];
            }
        }
    }

    public GradientSum(int parameters) {
        gradient = new float[parameters];
    }

    /** ∂C/∂theta, in the layout of theta. The array itself, not a copy. */
    public float[] gradient() {
        settle();
        return gradient;
    }

    /** Makes the additions that are left. */
    private void settle() {
        if (additions != null) {
            forEachBlock((from, to) -> {});
        }
    }

    /** The same array for another gradient, which overwrites each of its elements. */
    float[] overwrite() {
        additions = null;
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
        counts = counts.plus(other.counts);
        settle();
        other.settle();
        new Addition(this, other).apply(0, gradient.length);
    }

    /**
     * As {@link #add}, but gradients are added when they are needed: in one pass with what is then done with them, by the
     * threads of {@link #setSlices}. Until then the array of the other sum must not change.
     */
    public void addLater(GradientSum other) {
        counts = counts.plus(other.counts);
        if (additions == null) {
            additions = new ArrayList<>();
        }
        if (other.additions != null) {
            additions.addAll(other.additions);
            other.additions = null;
        }
        additions.add(new Addition(this, other));
    }

    /** Lends this sum the threads that {@link #forEachBlock} uses. */
    public void setSlices(Slices slices) {
        this.slices = slices;
    }

    /** Does something with all elements of the gradient, a block after the other, and returns when it is done. */
    public void forEachBlock(Slices.Action action) {
        List<Addition> before = additions == null ? List.of() : additions;
        additions = null;
        Slices.Action blocks = (begin, end) -> {
            for (int from = begin; from < end; from += BLOCK) {
                int to = Math.min(end, from + BLOCK);
                for (Addition addition : before) {
                    addition.apply(from, to);
                }
                action.accept(from, to);
            }
        };
        if (slices == null) {
            blocks.accept(0, gradient.length);
        } else {
            slices.forEach(gradient.length, blocks);
        }
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        settle();
        out.defaultWriteObject();
    }
}
