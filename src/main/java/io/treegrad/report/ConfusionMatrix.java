package io.treegrad.report;

import io.treegrad.network.EvaluationSum;

/** How many rows of each class were predicted as each class. Immutable. */
public final class ConfusionMatrix {
    private final int classes;
    /** {@code [label × predicted]}. */
    private final long[] counts;

    /** @param counts copied   [label × predicted] */
    public ConfusionMatrix(int classes, long[] counts) {
        if (classes < 1 || counts.length != (long) classes * classes) {
            throw new IllegalArgumentException(
                    counts.length + " counts for " + classes + " classes: expected " + (long) classes * classes);
        }
        this.classes = classes;
        this.counts = counts.clone();
    }

    public static ConfusionMatrix of(EvaluationSum sum) {
        int classes = sum.classes();
        long[] counts = new long[classes * classes];
        for (int label = 0; label < classes; label++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                counts[label * classes + predicted] = sum.confusion(label, predicted);
            }
        }
        return new ConfusionMatrix(classes, counts);
    }

    public int classes() {
        return classes;
    }

    public long count(int label, int predicted) {
        return counts[label * classes + predicted];
    }
}
