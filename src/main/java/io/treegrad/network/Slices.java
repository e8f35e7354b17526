package io.treegrad.network;

/**
 * Threads that go over the elements of vectors together. Sums and updates of parameters are element-wise, so it does not
 * matter for a single bit where the slices are cut and who works on which.
 */
public interface Slices {
    /** What is done with the elements {@code from} to {@code to}; by several threads at once, each with others. */
    @FunctionalInterface
    interface Action {
        void accept(int from, int to);
    }

    /** Has the action done once with each of {@code elements} elements, and returns when all is done. */
    void forEach(int elements, Action action);
}
