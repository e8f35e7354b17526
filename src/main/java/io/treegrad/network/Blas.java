package io.treegrad.network;

/** The one operation that this project asks of a linear algebra library. */
public interface Blas {
    /**
     * {@code C = alpha op(A) op(B) + beta C}, all matrices row-major floats; {@code op(A) [m × k]}, {@code op(B) [k × n]},
     * {@code C [m × n]}, where op transposes or not. With {@code beta} 0 the old content of C is not read.
     */
    void gemm(
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
            int ldc);

    /** Implementation and version, as recorded with every model. */
    String name();
}
