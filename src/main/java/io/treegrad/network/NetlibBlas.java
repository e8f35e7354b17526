package io.treegrad.network;

import dev.ludovic.netlib.blas.BLAS;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * A back-end of netlib, which speaks column-major: a row-major matrix is its own transpose there, so {@code C = A B} is
 * computed as {@code C' = B' A'}, the operands and their shapes swapped.
 */
record NetlibBlas(BLAS blas, BlasKind kind, String name, Optional<String> fallbackReason) implements Blas {

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
        PortableBlas.checkMatrix("A", transposeA ? k : m, transposeA ? m : k, a, offsetA, lda);
        PortableBlas.checkMatrix("B", transposeB ? n : k, transposeB ? k : n, b, offsetB, ldb);
        PortableBlas.checkMatrix("C", m, n, c, offsetC, ldc);
        if (k == 0) {
            // netlib asks for an element of each operand, and here they have none.
            PortableBlas.scale(m, n, beta, c, offsetC, ldc);
        } else if (m > 0 && n > 0) {
            String opA = transposeA ? "T" : "N";
            String opB = transposeB ? "T" : "N";
            blas.sgemm(opB, opA, n, m, k, alpha, b, offsetB, ldb, a, offsetA, lda, beta, c, offsetC, ldc);
        }
    }

    static NetlibBlas vector(Optional<String> fallbackReason) throws BlasUnavailable {
        try {
            return new NetlibBlas(instanceOf("VectorBLAS"), BlasKind.VECTOR, "netlib vector", fallbackReason);
        } catch (ReflectiveOperationException | LinkageError failure) {
            throw new BlasUnavailable(
                    "--blas vector cannot run here: the JVM has no module jdk.incubator.vector (" + failure
                            + "). Start it with --add-modules=jdk.incubator.vector, as spark-submit does, or use"
                            + " --blas portable.",
                    failure);
        }
    }

    /**
     * netlib's public entry tries native and Java code together, at the first call of any, and hides why one failed.
     * Asking for one class by name keeps the back-ends independent of each other and of the order of the calls.
     */
    static BLAS instanceOf(String simpleName) throws ReflectiveOperationException {
        Method getInstance =
                Class.forName(BLAS.class.getPackageName() + "." + simpleName).getDeclaredMethod("getInstance");
        getInstance.setAccessible(true);
        try {
            return (BLAS) getInstance.invoke(null);
        } catch (InvocationTargetException failure) {
            throw new ReflectiveOperationException(failure.getCause().toString(), failure.getCause());
        }
    }
}
