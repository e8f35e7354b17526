package io.treegrad.data;

import java.io.Serializable;

/**
 * How the values of a row are arranged: {@code height} lines of {@code width} pixels, or one line if they are not a
 * picture.
 *
 * @param height at least 1
 * @param width at least 1; height times width fits an int
 */
public record Shape(int height, int width) implements Serializable {
    public Shape {
        if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("The shape is " + height + "x" + width
                    + ", expected at least 1x1 and at most " + Integer.MAX_VALUE + " values.");
        }
    }

    public int features() {
        return height * width;
    }

    public boolean isPicture() {
        return height > 1;
    }

    @Override
    public String toString() {
        return isPicture() ? height + "x" + width + " pixels" : width + " features";
    }
}
