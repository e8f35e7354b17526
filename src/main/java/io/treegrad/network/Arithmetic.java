package io.treegrad.network;

import io.treegrad.common.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which code computes the products on this JVM: vector instructions where the module {@code jdk.incubator.vector} is
 * there and the JVM compiles it, else plain loops. It changes the speed and no bit.
 */
public final class Arithmetic {
    private static final int FUSED_PER_TRY = 1000;
    private static final int TRIES = 5;
    /** An instruction takes a nanosecond, in the interpreter thirty; the library's exact arithmetic over a thousand. */
    private static final double SLOW_NANOS = 250;

    private Arithmetic() {}

    /** What computes, as a run records it: {@code vector, 16 lanes} or {@code scalar}. */
    public static String name() {
        return KernelChoice.fastest().name();
    }

    /** Starts to compile the kernels in the background, once in a JVM. */
    public static void warm() {
        WarmingKernels.warm();
    }

    /** Waits until the kernels are compiled: before this, what is measured is the plain loops. */
    public static void awaitCompiled() throws InterruptedException {
        WarmingKernels.awaitCompiled();
    }

    /** Of hidden layers, where it is not known which will be computed. */
    public static List<Integer> usualUnits() {
        return WarmingKernels.USUAL;
    }

    /**
     * To be called before a command computes in this JVM: as {@link #requireFusedMultiplyAdd}, and starts to compile the
     * kernels in the background.
     *
     * @param hidden units of the hidden layers that will be computed
     * @return one line for the log where the plain loops compute
     */
    public static Optional<String> prepare(List<Integer> hidden) {
        requireFusedMultiplyAdd();
        WarmingKernels.warm(hidden);
        return KernelChoice.hasVectors()
                ? Optional.empty()
                : Optional.of("Products are computed by plain loops, several times slower, with the same bits: "
                        + (KernelChoice.compilesVectors()
                                ? "the JVM has no module " + KernelChoice.MODULE + ". Start it with --add-modules="
                                        + KernelChoice.MODULE + ", as spark-submit does."
                                : "the JVM is told to compile little. Take -Xint and -XX:TieredStopAtLevel out of its"
                                        + " options."));
    }

    /**
     * Refuses a JVM that is a thousand times too slow.
     *
     * @throws UserError BAD_CONFIGURATION if {@link Math#fma} is no instruction here, with what to change
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
}
