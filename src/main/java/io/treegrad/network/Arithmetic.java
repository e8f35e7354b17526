package io.treegrad.network;

import io.treegrad.common.UserError;
import java.lang.reflect.Constructor;
import java.util.Locale;
import java.util.Optional;

/**
 * Which code computes the products on this JVM: vector instructions where the module {@code jdk.incubator.vector} is
 * there, else plain loops. It changes the speed and no bit.
 */
public final class Arithmetic {
    private static final String MODULE = "jdk.incubator.vector";
    private static final int FUSED_PER_TRY = 1000;
    private static final int TRIES = 5;
    /** An instruction takes a nanosecond, in the interpreter thirty; the library's exact arithmetic over a thousand. */
    private static final double SLOW_NANOS = 250;

    // Static, because a JVM has one answer.
    private static final Constructor<? extends Kernels> VECTOR = vectorConstructor();

    private Arithmetic() {}

    /** What computes, as a run records it: {@code vector, 16 lanes} or {@code scalar}. */
    public static String name() {
        return kernels().name();
    }

    /** One line for the log where the plain loops compute. */
    public static Optional<String> slowReason() {
        return VECTOR != null
                ? Optional.empty()
                : Optional.of(
                        "Products run in plain loops, to the same bits but several times slower: the JVM has no module "
                                + MODULE + ". Start it with --add-modules=" + MODULE + ", as spark-submit does.");
    }

    /** The fastest of this JVM, with scratch of its own. */
    static Kernels kernels() {
        if (VECTOR == null) {
            return new ScalarKernels();
        }
        try {
            return VECTOR.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector kernels cannot be made", e);
        }
    }

    static boolean hasVectors() {
        return VECTOR != null;
    }

    /** Starts to compile the kernels in the background; a pass that comes before takes the plain loops. */
    public static void warm() {
        WarmingKernels.warm();
    }

    /** x, or a zero of its sign where its magnitude is below 2^-63: what counts as zero by the package documentation. */
    public static float flushed(float x) {
        return FloatMath.flushed(x, FloatMath.SCALE);
    }

    /** The same of a square, whose root is compared: zero below 2^-126, the smallest normal number. */
    public static float flushedSquare(float square) {
        return FloatMath.flushed(square, 0x1p126f);
    }

    /**
     * Refuses a JVM on which {@link Math#fma} is no instruction: a training would take a thousand times as long.
     *
     * @throws UserError BAD_CONFIGURATION, with what to change
     */
    public static void requireFusedMultiplyAdd() {
        double nanos = Double.POSITIVE_INFINITY;
        for (int i = 0; i < TRIES && nanos > SLOW_NANOS; i++) {
            nanos = Math.min(nanos, nanosOfFusedMultiplyAdd());
        }
        requireFast(nanos);
    }

    static void requireFast(double nanos) {
        if (nanos > SLOW_NANOS) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    String.format(
                            Locale.ROOT,
                            "A fused multiply-add takes %,.0f ns on this JVM, expected an instruction of about 1 ns. Take"
                                    + " -XX:UseAVX=0, -XX:UseAVX=1 and -XX:-UseFMA out of the JVM's options, or use a CPU"
                                    + " that has it (x86-64 from 2013 on, any arm64).",
                            nanos));
        }
    }

    private static double nanosOfFusedMultiplyAdd() {
        float sum = 0;
        long start = System.nanoTime();
        for (int i = 0; i < FUSED_PER_TRY; i++) {
            sum = Math.fma(0.5f, i, 0.5f * sum);
        }
        long nanos = System.nanoTime() - start;
        // never true: keeps the loop from being removed
        return Float.isNaN(sum) ? 0 : (double) nanos / FUSED_PER_TRY;
    }

    private static Constructor<? extends Kernels> vectorConstructor() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return null;
        }
        try {
            // by name: the class cannot be linked without the module
            return Class.forName(Arithmetic.class.getPackageName() + ".VectorKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor();
        } catch (ReflectiveOperationException | LinkageError e) {
            return null;
        }
    }
}
