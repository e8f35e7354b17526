package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.data.BlockHistograms;
import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.RowCounts;
import io.treegrad.data.Shape;
import io.treegrad.data.ValueBins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What training rows are like, so that rows of another day can be compared with them. It depends on the rows and their
 * shards alone, never on the cluster.
 *
 * @param height and {@code width} of a row, as {@link Shape}
 * @param rowsOfClass number of rows of each class
 * @param countedOfClass how many of these the rest was counted of
 * @param nonZero in how many of these each feature is not 0
 * @param least and {@code greatest} value of each feature, as stored
 * @param blocks of features, as {@link FeatureBlocks} orders them
 */
@JsonPropertyOrder({"height", "width", "rowsOfClass", "countedOfClass", "nonZero", "least", "greatest", "blocks"})
public record DataProfile(
        int height,
        int width,
        List<Long> rowsOfClass,
        List<Long> countedOfClass,
        List<Long> nonZero,
        List<Float> least,
        List<Float> greatest,
        List<Block> blocks) {

    /**
     * The values of a block of features.
     *
     * @param edges ascending: value v is in bin i if i of them are at most v
     * @param counts how many values of each class are in each bin; of many classes there is one line for all
     */
    @JsonPropertyOrder({"edges", "counts"})
    public record Block(List<Float> edges, List<List<Long>> counts) {
        public Block {
            edges = List.copyOf(Require.present(edges, "edges"));
            counts =
                    Require.present(counts, "counts").stream().map(List::copyOf).toList();
            for (List<Long> line : counts) {
                if (line.size() != edges.size() + 1) {
                    throw new IllegalArgumentException(
                            "%d counts for %d edges, expected one more".formatted(line.size(), edges.size()));
                }
            }
        }
    }

    public DataProfile {
        int features = new Shape(height, width).features();
        rowsOfClass = List.copyOf(Require.present(rowsOfClass, "rowsOfClass"));
        countedOfClass = List.copyOf(Require.present(countedOfClass, "countedOfClass"));
        nonZero = List.copyOf(Require.present(nonZero, "nonZero"));
        least = List.copyOf(Require.present(least, "least"));
        greatest = List.copyOf(Require.present(greatest, "greatest"));
        blocks = List.copyOf(Require.present(blocks, "blocks"));
        rowsOfClass.forEach(rows -> Require.atLeast(0, rows, "rowsOfClass"));
        countedOfClass.forEach(rows -> Require.atLeast(0, rows, "countedOfClass"));
        if (rowsOfClass.isEmpty() || countedOfClass.size() != rowsOfClass.size()) {
            throw new IllegalArgumentException("rows of %d and of %d classes, expected of as many"
                    .formatted(rowsOfClass.size(), countedOfClass.size()));
        }
        if (nonZero.size() != features || least.size() != features || greatest.size() != features) {
            throw new IllegalArgumentException("ranges of %d, %d and %d features, expected of %d"
                    .formatted(nonZero.size(), least.size(), greatest.size(), features));
        }
        int expected = new FeatureBlocks(new Shape(height, width)).count();
        int lines = blocks.isEmpty() ? 0 : blocks.get(0).counts().size();
        for (Block block : blocks) {
            if (block.counts().size() != lines || (lines != 1 && lines != rowsOfClass.size())) {
                throw new IllegalArgumentException("counts of %d classes, expected %d"
                        .formatted(block.counts().size(), rowsOfClass.size()));
            }
        }
        if (blocks.size() != expected) {
            throw new IllegalArgumentException(blocks.size() + " blocks, expected " + expected);
        }
        bins(blocks, height, width);
    }

    /** @param rowsOfClass of all rows, of which the counts are of some */
    public static DataProfile of(RowCounts counts, long[] rowsOfClass) {
        return of(counts, rowsOfClass, counts.histograms());
    }

    /** The same rows in the bins of the profile to which they were compared; null if there was none. */
    public static DataProfile likeReference(RowCounts counts, long[] rowsOfClass) {
        return counts.likeReference() == null ? null : of(counts, rowsOfClass, counts.likeReference());
    }

    private static DataProfile of(RowCounts counts, long[] rowsOfClass, BlockHistograms histograms) {
        ValueBins bins = histograms.bins();
        List<Block> blocks = new ArrayList<>();
        for (int block = 0; block < bins.blocks().count(); block++) {
            List<List<Long>> lines = new ArrayList<>();
            for (int label = 0; label < histograms.classes(); label++) {
                lines.add(list(histograms.counts(block, label)));
            }
            blocks.add(new Block(FloatList.of(bins.edges(block)), lines));
        }
        Shape shape = bins.blocks().shape();
        return new DataProfile(
                shape.height(),
                shape.width(),
                list(rowsOfClass),
                list(counts.rowsOfClass()),
                list(counts.nonZero()),
                FloatList.of(counts.least()),
                FloatList.of(counts.greatest()),
                blocks);
    }

    private static List<Long> list(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static ValueBins bins(List<Block> blocks, int height, int width) {
        return new ValueBins(
                new FeatureBlocks(new Shape(height, width)),
                blocks.stream().map(block -> FloatList.array(block.edges())).toArray(float[][]::new));
    }

    /** What rows are counted by to be compared with these. */
    @JsonIgnore
    public RowCounts.Reference reference() {
        return new RowCounts.Reference(bins(blocks, height, width), FloatList.array(least), FloatList.array(greatest));
    }

    /** Of all classes. */
    @JsonIgnore
    public long rows() {
        return rowsOfClass.stream().mapToLong(Long::longValue).sum();
    }

    /** How many rows the values were counted of. */
    @JsonIgnore
    public long counted() {
        return countedOfClass.stream().mapToLong(Long::longValue).sum();
    }

    @JsonIgnore
    public Shape shape() {
        return new Shape(height, width);
    }

    /** Whether all rows have the same value there. */
    public boolean isConstant(int feature) {
        return least.get(feature).equals(greatest.get(feature));
    }
}
