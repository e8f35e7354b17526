package io.treegrad.network;

/**
 * The products of a pass on the calling thread, over row-major {@code float} matrices; each line tells its shapes. Owns
 * the scratch that packing takes, so an instance is for one thread at a time.
 *
 * <p><b>The bits.</b> An element of a product is accumulated by {@link Math#fma} over the inner index in ascending
 * order, from its bias, its constant part or zero. Nothing else about it is decided here: width of vectors, tiles and
 * blocks choose only which elements are computed at once, so all implementations give the same bits, and a row gives
 * the same bits alone and among others.
 */
interface Kernels {
    /** {@code offset} of a vector that is not there: its elements are zero. */
    int NONE = -1;

    /** What computes, for the log and a model's provenance: {@code vector, 16 lanes}. */
    String name();

    /** (1)  {@code z [m × n] = x [m × k] W [k × n] + 1 bᵀ}, with W and b in theta at these offsets. */
    void forward(int m, int k, int n, float[] x, float[] theta, int weights, int biases, float[] z);

    /**
     * (1) over the non-zero values of the rows: {@code z [m × n]} begins as {@code base}, then takes
     * {@code x_ip W[p, :]} for each non-zero {@code x_ip} of its row, p ascending.
     *
     * @param base {@code [n]}
     */
    void forward(SparseMatrix x, int n, float[] theta, int weights, float[] base, float[] z);

    /** (5)  {@code below [m × k] = delta [m × n] Wᵀ}, with {@code W [k × n]} in theta at this offset. */
    void backward(int m, int k, int n, float[] delta, float[] theta, int weights, float[] below);

    /** (6)  {@code G [k × n] = x [m × k]ᵀ delta [m × n]}, at this offset of the gradient. */
    void weightGradient(int m, int k, int n, float[] x, float[] delta, float[] gradient, int weights);

    /**
     * (6) over non-zero values: {@code G[p, :]} begins as {@code constant_p · sums}, then takes {@code x_ip delta[i, :]}
     * for each row i that is not zero at p, i ascending.
     *
     * @param x {@code [m × k]}, after {@link SparseMatrix#transpose}
     * @param constants {@code [k]}, or null where all are zero
     * @param sums {@code [n]}, column sums of delta
     */
    void weightGradient(
            SparseMatrix x, int n, float[] delta, float[] constants, float[] sums, float[] gradient, int weights);
}
