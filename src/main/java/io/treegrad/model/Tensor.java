package io.treegrad.model;

import java.util.List;

/** A row-major block of floats with a shape: a view of an array that others own. Never copies or changes it. */
public final class Tensor {
    private final List<Integer> shape;
    private final float[] values;
    private final int offset;
    private final int size;

    private Tensor(float[] values, int offset, List<Integer> shape) {
        this.shape = List.copyOf(shape);
        this.values = values;
        this.offset = offset;
        long elements = 1;
        for (int extent : this.shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("shape " + shape + ", expected no negative extent");
            }
            elements = Math.multiplyExact(elements, extent);
        }
        if (offset < 0 || elements > values.length - offset) {
            throw new IllegalArgumentException("shape " + shape + " from " + offset + " in an array of " + values.length
                    + " floats, expected it to lie inside");
        }
        this.size = (int) elements;
    }

    /** The whole array as a vector. */
    public static Tensor vector(float[] values) {
        return new Tensor(values, 0, List.of(values.length));
    }

    /**
     * The floats of {@code values} from {@code offset} on, as many as the shape has elements; without extents that is
     * one.
     */
    public static Tensor of(float[] values, int offset, Integer... shape) {
        return new Tensor(values, offset, List.of(shape));
    }

    static Tensor of(float[] values, List<Integer> shape) {
        return new Tensor(values, 0, shape);
    }

    public List<Integer> shape() {
        return shape;
    }

    /** Number of floats: the product of the extents. */
    public int size() {
        return size;
    }

    /** The float at this row-major position, 0 to {@code size() - 1}. */
    public float at(int position) {
        if (position < 0 || position >= size) {
            throw new IndexOutOfBoundsException(position + " in a tensor of " + size + " floats");
        }
        return values[offset + position];
    }

    /** Writes all floats into {@code target} from {@code at} on. */
    public void copyTo(float[] target, int at) {
        System.arraycopy(values, offset, target, at, size);
    }

    /** A copy of all floats.   [size] */
    public float[] toArray() {
        float[] copy = new float[size];
        copyTo(copy, 0);
        return copy;
    }

    float[] backing() {
        return values;
    }

    int offset() {
        return offset;
    }
}
