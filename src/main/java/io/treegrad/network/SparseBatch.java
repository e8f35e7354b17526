package io.treegrad.network;

/**
 * A block of rows of bytes, of which only those that are not zero are kept. With {@code x_ip = a_p u_ip + c_p}, the
 * products of the first layer run over the non-zero {@code x'_ip = a_p u_ip} only:
 *
 * <pre>
 *   (1)  z_i        = b' + Σ_p x'_ip W[p, :]         b' = b + Σ_p c_p W[p, :], once a block
 *   (6)  ∂C/∂W[p,:] = c_p s + Σ_i x'_ip delta[i, :]  s = Σ_i delta[i, :], which is (7)
 * </pre>
 *
 * Each sum begins with its first term and takes the others in ascending order by {@code fma}; features whose
 * {@code c_p} is zero are left out of b'.
 */
public final class SparseBatch extends Batch {
    private final SparseMatrix inputs;
    private ByteScale scale;
    /** The constants of {@link #scale}, as one row; null where all are zero. */
    private SparseMatrix constants;
    /** {@code b' [n_1]}, and what it begins with. */
    private float[] base = new float[0];

    private float[] biases = new float[0];

    /** @param capacity the most rows that the block can hold */
    public SparseBatch(int capacity, int features) {
        super(capacity, features);
        inputs = new SparseMatrix(features);
    }

    @Override
    public void clear() {
        super.clear();
        inputs.clear();
    }

    /**
     * Adds a row.
     *
     * @param occupied bit p of the words from {@code firstWord} on tells whether byte p is not zero
     * @param values the bytes that are not zero, unsigned, from {@code firstValue} on
     * @param scale the same for all rows of a block; kept
     */
    public void addRow(long[] occupied, int firstWord, byte[] values, int firstValue, ByteScale scale, float target) {
        targets()[rows()] = target;
        if (scale != this.scale) {
            this.scale = scale;
            this.constants = scale.constants() == null ? null : row(scale.constants());
        }
        inputs.addRow(occupied, firstWord, values, firstValue, scale);
        countRows(inputs.rows());
    }

    private static SparseMatrix row(float[] values) {
        SparseMatrix row = new SparseMatrix(values.length);
        row.addRow(values);
        return row;
    }

    @Override
    public void prepareGradient() {
        inputs.transpose();
    }

    @Override
    float input(int row, int feature) {
        return inputs.value(row, feature) + scale.constant(feature);
    }

    @Override
    void forward(Kernels kernels, Layer layer, float[] theta, float[] z) {
        int n = layer.outputs();
        if (base.length != n) {
            base = new float[n];
            biases = new float[n];
        }
        if (layer.hasBias()) {
            System.arraycopy(theta, layer.biasesOffset(), biases, 0, n);
        }
        if (hasConstants()) {
            kernels.forward(constants, n, theta, layer.weightsOffset(), biases, base);
        }
        kernels.forward(inputs, n, theta, layer.weightsOffset(), hasConstants() ? base : biases, z);
    }

    @Override
    boolean hasConstants() {
        return constants != null;
    }

    @Override
    void weightGradient(Kernels kernels, Layer layer, float[] delta, float[] sums, float[] gradient) {
        prepareGradient();
        float[] c = hasConstants() ? scale.constants() : null;
        kernels.weightGradient(inputs, layer.outputs(), delta, c, sums, gradient, layer.weightsOffset());
    }
}
