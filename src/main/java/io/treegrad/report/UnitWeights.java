package io.treegrad.report;

import io.treegrad.data.Shape;
import io.treegrad.network.Layer;
import io.treegrad.network.Network;

/** What each unit of the first layer looks for: its weights as a picture. Immutable. */
public final class UnitWeights {
    private static final int MOST_UNITS = 100;

    private final Shape shape;
    private final int layerUnits;
    private final float[] largest;
    private final byte[] levels;

    private UnitWeights(Shape shape, int layerUnits, float[] largest, byte[] levels) {
        this.shape = shape;
        this.layerUnits = layerUnits;
        this.largest = largest;
        this.levels = levels;
    }

    /**
     * The first hundred units, or all where there are fewer.
     *
     * @param theta only read
     * @param shape of the pictures that the network reads
     */
    public static UnitWeights of(Network network, float[] theta, Shape shape) {
        Layer layer = network.layers().get(0);
        if (!shape.isPicture() || shape.features() != layer.inputs()) {
            throw new IllegalArgumentException(
                    "pictures of " + shape + " for a layer of " + layer.inputs() + " inputs");
        }
        int units = Math.min(MOST_UNITS, layer.outputs());
        int features = layer.inputs();
        float[] largest = new float[units];
        byte[] levels = new byte[units * features];
        for (int unit = 0; unit < units; unit++) {
            for (int feature = 0; feature < features; feature++) {
                largest[unit] = Math.max(largest[unit], Math.abs(theta[layer.weight(feature, unit)]));
            }
            float scale = largest[unit] > 0 ? 127 / largest[unit] : 0;
            for (int feature = 0; feature < features; feature++) {
                levels[unit * features + feature] = (byte) Math.round(theta[layer.weight(feature, unit)] * scale);
            }
        }
        return new UnitWeights(shape, layer.outputs(), largest, levels);
    }

    Shape shape() {
        return shape;
    }

    /** How many units are shown. */
    int units() {
        return largest.length;
    }

    /** How many units the layer has. */
    int layerUnits() {
        return layerUnits;
    }

    /** The magnitude of the largest weight of a unit. */
    float largest(int unit) {
        return largest[unit];
    }

    /** Each weight as a share of the largest of its unit, from -127 to 127; read-only.   [units × features] */
    byte[] levels() {
        return levels;
    }
}
