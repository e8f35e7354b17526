package io.treegrad.model;

/** What a model says of some rows, in their order. The arrays are not copied, and must not be changed. */
public final class PredictedRows {
    private final long[] numbers;
    private final String[] ids;
    private final float[] outputs;

    /**
     * @param numbers of the rows in the data, from 0
     * @param ids that identify the rows; null if they are not wanted
     * @param outputs of the network   [rows × n_L]
     */
    public PredictedRows(long[] numbers, String[] ids, float[] outputs) {
        this.numbers = numbers;
        this.ids = ids;
        this.outputs = outputs;
    }

    public int count() {
        return numbers.length;
    }

    long number(int row) {
        return numbers[row];
    }

    String id(int row) {
        return ids[row];
    }

    float[] outputs() {
        return outputs;
    }
}
