package io.treegrad.network;

import io.treegrad.common.UserError;
import java.util.Optional;

/**
 * Matrix products on the calling thread, on row-major {@code float} arrays. Implementations hold no state: one instance
 * serves every thread, and equal operands give equal bits whichever thread asks and wherever the arrays lie.
 */
public interface Blas {
    /**
     * {@code C = alpha op(A) op(B) + beta C} with {@code op(A) [m × k]}, {@code op(B) [k × n]}, {@code C [m × n]}, where
     * {@code op} is the transpose if the flag is set. A matrix starts at its offset, and row {@code i + 1} of it, as it
     * is stored, starts {@code ld} elements after row {@code i}. Only {@code C} is written; with {@code beta == 0} it is
     * not read. A dimension may be zero; an empty sum is zero.
     *
     * @throws IndexOutOfBoundsException if a matrix does not lie inside its array
     * @throws IllegalArgumentException if a leading dimension is shorter than a stored row
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

    /** The back-end and its version, as it is recorded with a model: {@code openblas 0.3.31}. */
    String name();

    /** The kind that gives this one on every machine where it gives anything; never {@link BlasKind#AUTO}. */
    BlasKind kind();

    /** One line for the log that says why a faster back-end was not taken; empty if this is what was asked for. */
    default Optional<String> fallbackReason() {
        return Optional.empty();
    }

    /**
     * The back-end of this kind; native code is loaded at the first call in a JVM and kept.
     *
     * @throws UserError {@code BAD_CONFIGURATION} if the kind was asked for by name and this machine does not have it
     */
    static Blas load(BlasKind kind) {
        try {
            return switch (kind) {
                case AUTO -> fastest();
                case NATIVE -> OpenBlas.load();
                case VECTOR -> NetlibBlas.vector(Optional.empty());
                case PORTABLE -> new PortableBlas(Optional.empty());
            };
        } catch (BlasUnavailable unavailable) {
            throw new UserError(UserError.Kind.BAD_CONFIGURATION, unavailable.getMessage(), unavailable);
        }
    }

    private static Blas fastest() {
        String reason;
        try {
            return OpenBlas.load();
        } catch (BlasUnavailable unavailable) {
            reason = unavailable.getMessage();
        }
        try {
            return NetlibBlas.vector(Optional.of(reason));
        } catch (BlasUnavailable unavailable) {
            return new PortableBlas(Optional.of(reason + " " + unavailable.getMessage()));
        }
    }
}
