package io.treegrad.report;

import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of the data along their first three principal components. Immutable. */
public final class Projection {
    static final int DIMENSIONS = 3;

    private final double[] shares;
    /** {@code [rows × DIMENSIONS]}. */
    private final float[] places;

    private final int[] labels;
    private final Shape shape;
    private final List<byte[]> pictures;

    private Projection(double[] shares, float[] places, int[] labels, Shape shape, List<byte[]> pictures) {
        this.shares = shares;
        this.places = places;
        this.labels = labels;
        this.shape = shape;
        this.pictures = pictures;
    }

    /**
     * @param components at least three, of rows scaled by {@code scaling}
     * @param rows those to show, about two thousand
     * @param shape of the rows: pictures are shown with their points
     */
    public static Projection of(PrincipalComponents components, Rows rows, Scaling scaling, Shape shape) {
        if (components.count() < DIMENSIONS || components.features() != rows.features()) {
            throw new IllegalArgumentException(components.count() + " components of " + components.features()
                    + " features for rows of " + rows.features() + ": expected at least " + DIMENSIONS
                    + " of as many features");
        }
        double[] shares = new double[DIMENSIONS];
        for (int component = 0; component < DIMENSIONS; component++) {
            shares[component] = components.share(component);
        }
        float[] places = new float[rows.count() * DIMENSIONS];
        int[] labels = new int[rows.count()];
        List<byte[]> pictures = new ArrayList<>();
        PixelRange range = PixelRange.of(rows);
        float[] row = new float[rows.features()];
        for (int i = 0; i < rows.count(); i++) {
            rows.scaleInto(i, scaling, row, 0);
            double[] place = components.project(row);
            for (int component = 0; component < DIMENSIONS; component++) {
                places[i * DIMENSIONS + component] = (float) place[component];
            }
            labels[i] = rows.label(i);
            if (shape.isPicture()) {
                pictures.add(range.pixels(rows, i, shape.features()));
            }
        }
        return new Projection(shares, places, labels, shape, pictures);
    }

    int rows() {
        return labels.length;
    }

    int label(int row) {
        return labels[row];
    }

    float place(int row, int component) {
        return places[row * DIMENSIONS + component];
    }

    /** The variance along a component as a share of all variance, 0 to 1. */
    double share(int component) {
        return shares[component];
    }

    Shape shape() {
        return shape;
    }

    /** The pixels of each row; empty if rows are not pictures. */
    List<byte[]> pictures() {
        return pictures;
    }
}
