package io.treegrad.network;

/** A block whose inputs are all kept: rows of floats. */
public final class DenseBatch extends Batch {
    private final float[] inputs;
    /** Of {@link #products}. */
    private final WarmingKernels kernels = new WarmingKernels();

    /** @param capacity the most rows that the block can hold */
    public DenseBatch(int capacity, int features) {
        super(capacity, features);
        this.inputs = new float[size(capacity, features, "features")];
    }

    /** {@code x [capacity × features]}, row-major; only the first {@link #rows()} rows count. */
    public float[] inputs() {
        return inputs;
    }

    public void setRows(int rows) {
        countRows(rows);
    }

    /** Writes {@code xᵀx [features × features]}, each element summed over the rows in ascending order. */
    public void products(float[] target) {
        kernels.get().weightGradient(rows(), features(), features(), inputs, inputs, target, 0);
    }

    @Override
    float input(int row, int feature) {
        return inputs[row * features() + feature];
    }

    @Override
    void forward(Kernels kernels, Layer layer, float[] theta, float[] z) {
        int biases = layer.hasBias() ? layer.biasesOffset() : Kernels.NONE;
        kernels.forward(rows(), features(), layer.outputs(), inputs, theta, layer.weightsOffset(), biases, z);
    }

    @Override
    boolean hasConstants() {
        return false;
    }

    @Override
    void weightGradient(Kernels kernels, Layer layer, float[] delta, float[] sums, float[] gradient) {
        kernels.weightGradient(rows(), features(), layer.outputs(), inputs, delta, gradient, layer.weightsOffset());
    }
}
