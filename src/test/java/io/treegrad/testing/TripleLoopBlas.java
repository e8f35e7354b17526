package io.treegrad.testing;

import io.treegrad.network.Blas;
import io.treegrad.network.BlasKind;

/** The definition of gemm as three loops, one accumulator an element: slow and evidently right. */
public final class TripleLoopBlas implements Blas {
    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int offsetA,
            int lda,
            float[] b,
            int offsetB,
            int ldb,
            float beta,
            float[] c,
            int offsetC,
            int ldc) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    float left = a[offsetA + (transposeA ? p * lda + i : i * lda + p)];
                    float right = b[offsetB + (transposeB ? j * ldb + p : p * ldb + j)];
                    sum += left * right;
                }
                int at = offsetC + i * ldc + j;
                c[at] = beta == 0 ? alpha * sum : alpha * sum + beta * c[at];
            }
        }
    }

    @Override
    public String name() {
        return "triple loop";
    }

    @Override
    public BlasKind kind() {
        return BlasKind.PORTABLE;
    }
}
