package io.treegrad.network;

import java.util.Arrays;

/** The definition of every product: plain loops, of which the JIT makes vector code where it can. */
final class ScalarKernels implements Kernels {
    private float[] transposed = new float[0];
    /** Where the next value of each row is. */
    private int[] next = new int[0];

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void forward(int m, int k, int n, float[] x, float[] theta, int weights, int biases, float[] z) {
        for (int i = 0; i < m; i++) {
            begin(theta, biases, n, z, i * n);
            for (int p = 0; p < k; p++) {
                add(x[i * k + p], theta, weights + p * n, n, z, i * n);
            }
        }
    }

    @Override
    public void forward(SparseMatrix x, int n, float[] theta, int weights, float[] base, float[] z) {
        for (int i = 0; i < x.rows(); i++) {
            System.arraycopy(base, 0, z, i * n, n);
            int at = x.starts()[i * x.words()];
            for (int word = 0; word < x.words(); word++) {
                for (long bits = x.occupied()[i * x.words() + word]; bits != 0; bits &= bits - 1) {
                    int p = word * SparseMatrix.BITS + Long.numberOfTrailingZeros(bits);
                    add(x.values()[at++], theta, weights + p * n, n, z, i * n);
                }
            }
        }
    }

    @Override
    public void backward(int m, int k, int n, float[] delta, float[] theta, int weights, float[] below) {
        // the transpose of W, so that the inner loop runs along a row
        if (transposed.length < n * k) {
            transposed = new float[n * k];
        }
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < n; j++) {
                transposed[j * k + p] = theta[weights + p * n + j];
            }
        }
        Arrays.fill(below, 0, m * k, 0);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                add(delta[i * n + j], transposed, j * k, k, below, i * k);
            }
        }
    }

    @Override
    public void weightGradient(int m, int k, int n, float[] x, float[] delta, float[] gradient, int weights) {
        Arrays.fill(gradient, weights, weights + k * n, 0);
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                add(x[i * k + p], delta, i * n, n, gradient, weights + p * n);
            }
        }
    }

    @Override
    public void weightGradient(
            SparseMatrix x, int n, float[] delta, float[] constants, float[] sums, float[] gradient, int weights) {
        if (next.length < x.rows()) {
            next = new int[x.rows()];
        }
        for (int i = 0; i < x.rows(); i++) {
            next[i] = x.starts()[i * x.words()];
        }
        for (int p = 0; p < x.width(); p++) {
            int row = weights + p * n;
            for (int j = 0; j < n; j++) {
                gradient[row + j] = constants == null ? 0 : constants[p] * sums[j];
            }
            for (int block = 0; block < x.blocks(); block++) {
                for (long bits = x.byColumn()[x.column(block) + p]; bits != 0; bits &= bits - 1) {
                    int i = block * SparseMatrix.BITS + Long.numberOfTrailingZeros(bits);
                    add(x.values()[next[i]++], delta, i * n, n, gradient, row);
                }
            }
        }
    }

    private static void begin(float[] from, int offset, int n, float[] target, int at) {
        if (offset == NONE) {
            Arrays.fill(target, at, at + n, 0);
        } else {
            System.arraycopy(from, offset, target, at, n);
        }
    }

    /** {@code c [n] += a · b [n]}, each in one rounding. */
    static void add(float a, float[] b, int from, int n, float[] c, int to) {
        for (int j = 0; j < n; j++) {
            c[to + j] = Math.fma(a, b[from + j], c[to + j]);
        }
    }
}
