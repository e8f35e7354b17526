package io.treegrad.data;

import java.util.Arrays;

/** How many values of each block of features are in each bin, for each class. */
public final class BlockHistograms {
    private final ValueBins bins;
    private final int classes;
    /** Where the counts of a block begin.   [blocks + 1] */
    private final int[] starts;
    /** Of each feature. */
    private final int[] blockOf;
    /** Where the counts of a class and a block begin.   [classes × blocks] */
    private final int[] firstOf;
    /** {@code [block][class][bin]}, one after the other. */
    private final long[] counts;

    BlockHistograms(ValueBins bins, int classes) {
        this.bins = bins;
        this.classes = classes;
        this.starts = new int[bins.blocks().count() + 1];
        for (int block = 0; block < starts.length - 1; block++) {
            starts[block + 1] = Math.addExact(starts[block], Math.multiplyExact(classes, bins.count(block)));
        }
        this.blockOf = new int[bins.blocks().shape().features()];
        for (int feature = 0; feature < blockOf.length; feature++) {
            blockOf[feature] = bins.blocks().blockOf(feature);
        }
        int blocks = bins.blocks().count();
        this.firstOf = new int[classes * blocks];
        for (int i = 0; i < firstOf.length; i++) {
            firstOf[i] = starts[i % blocks] + i / blocks * bins.count(i % blocks);
        }
        this.counts = new long[starts[starts.length - 1]];
    }

    /** Counts the first {@code count} of these values of a row. */
    void count(int label, int[] features, float[] values, int count) {
        int ofLabel = label * (starts.length - 1);
        for (int i = 0; i < count; i++) {
            int block = blockOf[features[i]];
            counts[firstOf[ofLabel + block] + bins.bin(block, values[i])]++;
        }
    }

    /** Counts a value of a block so many times. */
    void count(int label, int block, float value, int times) {
        counts[firstOf[label * (starts.length - 1) + block] + bins.bin(block, value)] += times;
    }

    /** The block of each feature: the array itself. */
    int[] blockOf() {
        return blockOf;
    }

    void add(BlockHistograms others) {
        add(counts, others.counts);
    }

    static void add(long[] sums, long[] counts) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += counts[i];
        }
    }

    /** Counts the values that are 0 and were not counted one by one. */
    void countZeros(long[] rowsOfClass) {
        int[][] features = bins.blocks().features();
        for (int block = 0; block < features.length; block++) {
            for (int label = 0; label < classes; label++) {
                long zeros = rowsOfClass[label] * features[block].length;
                for (long others : counts(block, label)) {
                    zeros -= others;
                }
                counts[starts[block] + label * bins.count(block) + bins.bin(block, 0)] += zeros;
            }
        }
    }

    public ValueBins bins() {
        return bins;
    }

    public int classes() {
        return classes;
    }

    /** A copy of the counts of a block and a class, bin by bin. */
    public long[] counts(int block, int label) {
        int from = starts[block] + label * bins.count(block);
        return Arrays.copyOfRange(counts, from, from + bins.count(block));
    }
}
