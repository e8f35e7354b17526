package io.treegrad.data;

import java.util.Arrays;
import java.util.List;

/** Into which bin each value of a block of features is counted. Immutable. */
public final class ValueBins {
    private static final int BYTES = 1 << Byte.SIZE;
    private static final int TENTHS = 10;
    private static final int MOST_SORTED = 1 << 13;

    private final FeatureBlocks blocks;
    /** A value is in bin i of its block if as many edges are at most the value. Ascending.   [blocks × edges] */
    private final float[][] edges;
    /** The bin of each whole number that fits into an unsigned byte, as most values are.   [blocks · 256] */
    private final int[] ofBytes;

    public ValueBins(FeatureBlocks blocks, float[][] edges) {
        if (edges.length != blocks.count()) {
            throw new IllegalArgumentException(
                    "edges of " + edges.length + " blocks, expected those of " + blocks.count());
        }
        this.blocks = blocks;
        this.edges = new float[edges.length][];
        this.ofBytes = new int[edges.length * BYTES];
        for (int block = 0; block < edges.length; block++) {
            this.edges[block] = edges[block].clone();
            for (int i = 1; i < edges[block].length; i++) {
                if (!(edges[block][i - 1] < edges[block][i])) {
                    throw new IllegalArgumentException(
                            "edges " + Arrays.toString(edges[block]) + ", expected ascending ones");
                }
            }
            for (int value = 0, bin = 0; value < BYTES; value++) {
                bin = search(this.edges[block], bin, value);
                ofBytes[block * BYTES + value] = bin;
            }
        }
    }

    /**
     * Bins that each hold about a tenth of the values of these rows. A value that has more than a tenth has a bin of its
     * own, as the black of a picture.
     */
    public static ValueBins deciles(FeatureBlocks blocks, List<float[]> rows) {
        int[][] features = blocks.features();
        float[][] edges = new float[features.length][];
        for (int block = 0; block < edges.length; block++) {
            long all = (long) features[block].length * rows.size();
            int stride = (int) ((all + MOST_SORTED - 1) / MOST_SORTED); // of many rows every so many suffice
            float[] values = new float[Math.toIntExact(all + 1)]; // a zero is written behind the others
            int count = 0;
            int zeros = 0;
            for (int row = 0; row < rows.size(); row += stride) {
                float[] ofRow = rows.get(row);
                for (int feature : features[block]) {
                    float value = ofRow[feature];
                    values[count] = value;
                    count += value == 0 ? 0 : 1;
                    zeros += value == 0 ? 1 : 0;
                }
            }
            edges[block] = edges(sorted(values, count, zeros));
        }
        return new ValueBins(blocks, edges);
    }

    /** The first {@code count} of these numbers, none of them 0, and so many zeros: most values of pictures need no sorting. */
    private static float[] sorted(float[] nonZero, int count, int zeros) {
        Arrays.sort(nonZero, 0, count);
        int negative = -Arrays.binarySearch(nonZero, 0, count, 0) - 1;
        float[] values = new float[count + zeros];
        System.arraycopy(nonZero, 0, values, 0, negative);
        System.arraycopy(nonZero, negative, values, negative + zeros, count - negative);
        return values;
    }

    /** @param values ascending */
    private static float[] edges(float[] values) {
        float[] edges = new float[2 * TENTHS];
        int count = 0;
        float last = values.length == 0 ? 0 : values[0];
        float before = last;
        for (int tenth = 1; tenth < TENTHS && values.length > 0; tenth++) {
            float quantile = values[(int) ((long) tenth * values.length / TENTHS)];
            // a value that fills a tenth ends its bin, too
            float edge = quantile == before ? above(quantile, values) : quantile;
            if (edge > last) {
                edges[count++] = edge;
                last = edge;
            }
            before = quantile;
        }
        return Arrays.copyOf(edges, count);
    }

    /** The smallest of these values that is larger; the same if there is none. */
    private static float above(float value, float[] sorted) {
        int at = Arrays.binarySearch(sorted, Math.nextUp(value));
        int place = at >= 0 ? at : -at - 1;
        return place < sorted.length ? sorted[place] : value;
    }

    public FeatureBlocks blocks() {
        return blocks;
    }

    /** A copy of the edges of a block. */
    public float[] edges(int block) {
        return edges[block].clone();
    }

    /** How many bins a block has, at least one. */
    public int count(int block) {
        return edges[block].length + 1;
    }

    int bin(int block, float value) {
        int whole = (int) value;
        return whole == value && whole >= 0 && whole < BYTES
                ? ofBytes[block * BYTES + whole]
                : search(edges[block], 0, value);
    }

    /** The bin of a value that is in the bin {@code from} or in a later one. */
    private static int search(float[] ascending, int from, float value) {
        int bin = from;
        while (bin < ascending.length && ascending[bin] <= value) {
            bin++;
        }
        return bin;
    }
}
