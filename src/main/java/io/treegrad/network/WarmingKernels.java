package io.treegrad.network;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The kernels of one thread: the plain loops until the JIT has compiled the vector code, then that. Both give the same
 * bits, but code on vectors takes a hundred times as long as the loops until it is compiled, which used to cost a short
 * training more than all of its steps.
 */
final class WarmingKernels implements Supplier<Kernels> {
    private static final int ROWS = 27;
    private static final int FEATURES = 300;
    /** Units of hidden layers where it is not known which will be computed. */
    static final List<Integer> USUAL = List.of(128, 100);
    /** One vector of them, as of most networks. */
    private static final int OUTPUTS = 10;
    /** Wider layers take the kernels of layers of up to this many units, and of what is left when these are taken out. */
    private static final int WIDEST = 128;
    /** Rounds in a row that must be quicker than those of the plain loops. */
    private static final int QUICK_ROUNDS = 20;

    /** Of the processor: on a machine that others share, little of it may pass in a minute. */
    private static final long MOST_NANOS = 20_000_000_000L;

    // Static, because what the JIT has compiled is compiled for the whole JVM.
    private static volatile boolean compiled;
    /** Compiles them; null before. */
    private static volatile Thread compiler;

    private Kernels kernels = new ScalarKernels();
    private boolean changed;

    WarmingKernels() {
        warm(USUAL);
    }

    @Override
    public Kernels get() {
        if (compiled && !changed) {
            kernels = KernelChoice.fastest();
            changed = true;
        }
        return kernels;
    }

    /** As {@link #warm(List)}, for layers of usual widths. */
    static void warm() {
        warm(USUAL);
    }

    /**
     * Starts to compile in the background, once; where there are no vectors there is nothing to do.
     *
     * @param hidden units of the hidden layers that will be computed
     */
    static synchronized void warm(List<Integer> hidden) {
        if (compiler == null && KernelChoice.hasVectors()) {
            int[] widths = IntStream.concat(hidden.stream().mapToInt(Integer::intValue), IntStream.of(OUTPUTS))
                    .map(n -> n <= WIDEST ? n : WIDEST + n % WIDEST)
                    .distinct()
                    .toArray();
            compiler = new Thread(() -> compile(widths), "treegrad-kernels");
            compiler.setDaemon(true);
            compiler.start();
        }
    }

    /** Waits until they are compiled, or until it is clear that this JVM compiles too little. */
    static void awaitCompiled() throws InterruptedException {
        warm();
        Thread started = compiler;
        if (started != null) {
            started.join();
        }
    }

    private static void compile(int[] widths) {
        Round vector = new Round(KernelChoice.fastest(), widths);
        Round loops = new Round(new ScalarKernels(), widths);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long slowest = 0;
        int quick = 0;
        while (quick < QUICK_ROUNDS && threads.getCurrentThreadCpuTime() < MOST_NANOS) {
            // now and then, since the loops are compiled meanwhile too
            if (quick == 0) {
                slowest = loops.nanos();
            }
            quick = vector.nanos() < slowest ? quick + 1 : 0;
        }
        // a JVM that is told to compile little never gets there, and keeps the loops
        compiled = quick == QUICK_ROUNDS;
    }

    /** A forward and a backward pass of layers of some widths, the first of which may have sparse inputs. */
    private static final class Round {
        private final Kernels kernels;
        private final int[] widths;
        private final SparseMatrix sparse = new SparseMatrix(FEATURES);
        private final float[] x = new float[ROWS * FEATURES];
        private final float[] theta = new float[FEATURES * (2 * WIDEST + 1)];
        private final float[] delta = new float[ROWS * 2 * WIDEST];
        private final float[] gradient = new float[FEATURES * 2 * WIDEST];

        Round(Kernels kernels, int[] widths) {
            this.kernels = kernels;
            this.widths = widths;
            float[] row = new float[FEATURES];
            for (int p = 0; p < FEATURES; p += 4) {
                row[p] = 1;
            }
            for (int i = 0; i < ROWS; i++) {
                sparse.addRow(row);
            }
            sparse.transpose();
        }

        long nanos() {
            long start = System.nanoTime();
            for (int i = 0; i < widths.length; i++) {
                int n = widths[i];
                // the last are outputs, which may have no layer before them
                if (i == 0 || i < widths.length - 1) {
                    kernels.forward(sparse, n, theta, 0, theta, delta);
                    kernels.weightGradient(sparse, n, delta, null, theta, gradient, 0);
                    kernels.weightGradient(sparse, n, delta, x, theta, gradient, 0);
                }
                int biases = FEATURES * n;
                kernels.forward(ROWS, FEATURES, n, x, theta, 0, biases, delta);
                kernels.backward(ROWS, FEATURES, n, delta, theta, 0, x);
                kernels.weightGradient(ROWS, FEATURES, n, x, delta, gradient, 0);
            }
            return System.nanoTime() - start;
        }
    }
}
