package io.treegrad.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Features that are looked at together: of a picture the cells of a grid of at most 4 by 4, otherwise single features, or
 * neighbours where there are more than 64.
 */
public record FeatureBlocks(Shape shape) {
    private static final int GRID = 4;
    private static final int MOST = 64;

    public int count() {
        return shape.isPicture() ? gridHeight() * gridWidth() : Math.min(MOST, shape.width());
    }

    /** The block of a feature. */
    int blockOf(int feature) {
        return shape.isPicture()
                ? part(feature / shape.width(), gridHeight(), shape.height()) * gridWidth()
                        + part(feature % shape.width(), gridWidth(), shape.width())
                : part(feature, count(), shape.width());
    }

    /** The features of each block. */
    int[][] features() {
        List<List<Integer>> features = new ArrayList<>();
        for (int block = 0; block < count(); block++) {
            features.add(new ArrayList<>());
        }
        for (int feature = 0; feature < shape.features(); feature++) {
            features.get(blockOf(feature)).add(feature);
        }
        return features.stream()
                .map(block -> block.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    /** What a block is, for messages; features, lines and columns count from 1. */
    public String name(int block) {
        return shape.isPicture()
                ? "pixels of lines " + range(block / gridWidth(), gridHeight(), shape.height()) + ", columns "
                        + range(block % gridWidth(), gridWidth(), shape.width())
                : (count() == shape.width() ? "feature " : "features ") + range(block, count(), shape.width());
    }

    private int gridHeight() {
        return Math.min(GRID, shape.height());
    }

    private int gridWidth() {
        return Math.min(GRID, shape.width());
    }

    private static int part(int index, int parts, int of) {
        return (int) ((long) index * parts / of);
    }

    private static String range(int part, int parts, int of) {
        int first = (int) (((long) part * of + parts - 1) / parts);
        int end = (int) (((part + 1L) * of + parts - 1) / parts);
        return end - first == 1 ? Integer.toString(first + 1) : (first + 1) + "-" + end;
    }
}
