package io.treegrad.formats;

/** Receives the fields of a row, one after the other. */
interface FieldConsumer {
    /**
     * @param column from 0
     * @param text the field is {@code text[from .. to - 1]}; valid during the call
     */
    void field(int column, byte[] text, int from, int to);

    /**
     * Receives the fields of the columns {@code first} to {@code end - 1} at once. Those that are not needed may be passed
     * over.
     *
     * @param bounds field i is {@code text[bounds[i] + 1 .. bounds[i + 1] - 1]}
     */
    default void fields(int first, int end, byte[] text, int[] bounds) {
        for (int column = first; column < end; column++) {
            field(column, text, bounds[column] + 1, bounds[column + 1]);
        }
    }
}
