package io.treegrad.spark.exchange;

/** How a vector is cut into slices of nearly the same length, each of which is joined by another executor. */
record Slicing(int elements, int slices) {
    Slicing {
        if (elements < 0 || slices < 1) {
            throw new IllegalArgumentException(elements + " elements in " + slices + " slices");
        }
    }

    /** The first element of a slice. */
    int from(int slice) {
        return (int) ((long) elements * slice / slices);
    }

    /** The element after the last of a slice. */
    int to(int slice) {
        return from(slice + 1);
    }

    int length(int slice) {
        return to(slice) - from(slice);
    }
}
