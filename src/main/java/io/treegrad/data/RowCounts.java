package io.treegrad.data;

import java.util.Arrays;
import java.util.Optional;

/**
 * What is counted of rows to describe a data set, and to compare it with another: rows of each class, histograms of the
 * values, the range of each feature.
 */
public final class RowCounts {
    /** Of more classes, the values are counted together. */
    private static final int MOST_CLASSES = 64;

    /** The data set to compare with. Immutable. */
    public static final class Reference {
        private final ValueBins bins;
        private final float[] least;
        private final float[] greatest;

        /**
         * @param bins of its histograms
         * @param least and {@code greatest} value of each feature; both copied   [features]
         */
        public Reference(ValueBins bins, float[] least, float[] greatest) {
            this.bins = bins;
            this.least = least.clone();
            this.greatest = greatest.clone();
        }
    }

    private final long[] rowsOfClass;
    private final BlockHistograms histograms;
    private final BlockHistograms like;
    private final Reference reference;
    private final long[] nonZero;
    private final float[] least;
    private final float[] greatest;
    private final long[] outside;

    /** Of no rows yet. */
    public RowCounts(ValueBins bins, int classes, Optional<Reference> reference) {
        int counted = classes > MOST_CLASSES ? 1 : classes;
        int features = bins.blocks().shape().features();
        this.rowsOfClass = new long[classes];
        this.histograms = new BlockHistograms(bins, counted);
        this.reference = reference.orElse(null);
        this.like =
                reference.map(other -> new BlockHistograms(other.bins, counted)).orElse(null);
        this.nonZero = new long[features];
        this.least = new float[features];
        this.greatest = new float[features];
        this.outside = new long[features];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(greatest, Float.NEGATIVE_INFINITY);
    }

    public void count(Rows rows, int row) {
        int label = rowsOfClass.length == 1 ? 0 : rows.label(row); // a number to predict is no class
        rowsOfClass[label]++;
        int counted = histograms.classes() == 1 ? 0 : label;
        rows.forEachNonZero(row, (feature, value) -> {
            nonZero[feature]++;
            least[feature] = Math.min(least[feature], value);
            greatest[feature] = Math.max(greatest[feature], value);
            histograms.count(feature, counted, value);
            if (like != null) {
                like.count(feature, counted, value);
                if (value < reference.least[feature] || value > reference.greatest[feature]) {
                    outside[feature]++;
                }
            }
        });
    }

    /** Counts what was left out, the values that are 0: once, after all rows. */
    public void finish() {
        long rows = Arrays.stream(rowsOfClass).sum();
        long[] counted = histograms.classes() == 1 ? new long[] {rows} : rowsOfClass;
        histograms.countZeros(counted);
        if (like != null) {
            like.countZeros(counted);
        }
        for (int feature = 0; feature < nonZero.length; feature++) {
            long zeros = rows - nonZero[feature];
            if (zeros > 0) {
                least[feature] = Math.min(least[feature], 0);
                greatest[feature] = Math.max(greatest[feature], 0);
                if (like != null && (0 < reference.least[feature] || 0 > reference.greatest[feature])) {
                    outside[feature] += zeros;
                }
            }
        }
    }

    /** A copy.   [classes] */
    public long[] rowsOfClass() {
        return rowsOfClass.clone();
    }

    public BlockHistograms histograms() {
        return histograms;
    }

    /** The same values in the bins of the reference; null without one. */
    public BlockHistograms likeReference() {
        return like;
    }

    /** In how many rows each feature is not 0.   [features] */
    public long[] nonZero() {
        return nonZero.clone();
    }

    /** A copy of the least values.   [features] */
    public float[] least() {
        return least.clone();
    }

    public float[] greatest() {
        return greatest.clone();
    }

    /** How many rows have a value of each feature outside the range of the reference.   [features] */
    public long[] outside() {
        return outside.clone();
    }
}
