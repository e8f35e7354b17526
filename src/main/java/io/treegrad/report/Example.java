package io.treegrad.report;

/**
 * A picture and what the network takes it for. Immutable.
 *
 * <p>A probability is the output of the network for that class, or 1 less it for the class 0 of a single output: a share
 * of 1 with softmax, how sure that one output is with sigmoid.
 */
final class Example {
    private final int row;
    private final byte[] pixels;
    private final Predictions.Answer answer;

    /** @param pixels 0 to 255; kept, not copied   [height × width] */
    Example(int row, byte[] pixels, Predictions.Answer answer) {
        this.row = row;
        this.pixels = pixels;
        this.answer = answer;
    }

    /** Its place among the rows it was taken from. */
    int row() {
        return row;
    }

    /** The array itself; only to be read. */
    byte[] pixels() {
        return pixels;
    }

    Predictions.Answer answer() {
        return answer;
    }
}
