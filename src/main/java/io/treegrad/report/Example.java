package io.treegrad.report;

/**
 * A picture and the network's prediction for it. Immutable.
 *
 * <p>A probability is the output of the network for that class; for class 0 of a single output it is 1 minus the
 * output. With softmax the outputs add up to 1, with sigmoid they need not.
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

    /** Its number among the rows it was taken from. */
    int row() {
        return row;
    }

    /** The array itself; read-only. */
    byte[] pixels() {
        return pixels;
    }

    Predictions.Answer answer() {
        return answer;
    }
}
