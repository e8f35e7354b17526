package io.treegrad.data;

import java.util.Arrays;
import java.util.Optional;

/**
 * What is counted of rows to describe a data set, and to compare it with another: rows of each class, histograms of the
 * values, the range of each feature. Counts of different rows can be added, in any order.
 */
public final class RowCounts {
    /** Of more classes, the values are counted together. */
    private static final int MOST_CLASSES = 64;

    private static final int BYTES = 1 << Byte.SIZE;

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
    /** How often each byte occurs in rows of bytes, for both histograms at once; null before.   [classes · blocks · 256] */
    private int[] ofBytes;

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

    /** Counts these rows. */
    public void count(Rows rows) {
        int[] features = new int[rows.features()];
        float[] values = new float[rows.features()];
        for (int row = 0; row < rows.count(); row++) {
            int label = rowsOfClass.length == 1 ? 0 : rows.label(row); // a number to predict is no class
            rowsOfClass[label]++;
            int count = rows.nonZero(row, features, values);
            for (int i = 0; i < count; i++) {
                int feature = features[i];
                float value = values[i];
                nonZero[feature]++;
                if (value < least[feature]) {
                    least[feature] = value;
                }
                if (value > greatest[feature]) {
                    greatest[feature] = value;
                }
            }
            int counted = histograms.classes() == 1 ? 0 : label;
            if (rows.areBytes()) {
                countBytes(counted, features, values, count);
            } else {
                histograms.count(counted, features, values, count);
                if (like != null) {
                    like.count(counted, features, values, count);
                }
            }
            if (like != null) {
                for (int i = 0; i < count; i++) {
                    int feature = features[i];
                    if (values[i] < reference.least[feature] || values[i] > reference.greatest[feature]) {
                        outside[feature]++;
                    }
                }
            }
        }
    }

    private void countBytes(int label, int[] features, float[] values, int count) {
        int blocks = histograms.bins().blocks().count();
        if (ofBytes == null) {
            ofBytes = new int[histograms.classes() * blocks * BYTES];
        }
        int[] blockOf = histograms.blockOf();
        for (int i = 0; i < count; i++) {
            ofBytes[(label * blocks + blockOf[features[i]]) * BYTES + (int) values[i]]++;
        }
    }

    private void addBytesToHistograms() {
        int blocks = histograms.bins().blocks().count();
        for (int i = 0; i < ofBytes.length; i++) {
            if (ofBytes[i] > 0) {
                int label = i / BYTES / blocks;
                int block = i / BYTES % blocks;
                histograms.count(label, block, i % BYTES, ofBytes[i]);
                if (like != null) {
                    like.count(label, block, i % BYTES, ofBytes[i]);
                }
            }
        }
        ofBytes = null;
    }

    /** Adds the counts of other rows, made with the same bins and reference. */
    public void add(RowCounts others) {
        BlockHistograms.add(rowsOfClass, others.rowsOfClass);
        BlockHistograms.add(nonZero, others.nonZero);
        BlockHistograms.add(outside, others.outside);
        if (ofBytes == null) {
            ofBytes = others.ofBytes == null ? null : others.ofBytes.clone();
        } else if (others.ofBytes != null) {
            Arrays.setAll(ofBytes, i -> ofBytes[i] + others.ofBytes[i]);
        }
        histograms.add(others.histograms);
        if (like != null) {
            like.add(others.like);
        }
        for (int feature = 0; feature < least.length; feature++) {
            least[feature] = Math.min(least[feature], others.least[feature]);
            greatest[feature] = Math.max(greatest[feature], others.greatest[feature]);
        }
    }

    /** Counts what was left out, the values that are 0: once, after all rows. */
    public void finish() {
        if (ofBytes != null) {
            addBytesToHistograms();
        }
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
