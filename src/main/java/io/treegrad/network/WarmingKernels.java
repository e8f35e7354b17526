package io.treegrad.network;

import java.util.function.Supplier;

/**
 * The kernels of one thread: the plain loops until the JIT has compiled the vector code, then that. Both give the same
 * bits, but code on vectors takes a hundred times as long as the loops until it is compiled, which used to cost a short
 * training more than all of its steps.
 */
final class WarmingKernels implements Supplier<Kernels> {
    private static final int ROWS = 27;
    private static final int FEATURES = 300;
    /** Units of layers: ten classes, and hidden layers of usual widths, the default among them. */
    private static final int[] WIDTHS = {10, 100, 128};
    /** Rounds in a row that must be quicker than those of the plain loops. */
    private static final int QUICK_ROUNDS = 20;

    private static final long MOST_NANOS = 20_000_000_000L;

    // Static, because what the JIT has compiled is compiled for the whole JVM.
    private static volatile boolean compiled;
    /** Compiles them; null before. */
    private static volatile Thread compiler;

    private Kernels kernels = new ScalarKernels();
    private boolean changed;

    WarmingKernels() {
        warm();
    }

    @Override
    public Kernels get() {
        if (compiled && !changed) {
            kernels = KernelChoice.fastest();
            changed = true;
        }
        return kernels;
    }

    /** Starts to compile in the background, once; where there are no vectors there is nothing to do. */
    static synchronized void warm() {
        if (compiler == null && KernelChoice.hasVectors()) {
            compiler = new Thread(WarmingKernels::compile, "treegrad-kernels");
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

    private static void compile() {
        Round vector = new Round(KernelChoice.fastest());
        Round loops = new Round(new ScalarKernels());
        long start = System.nanoTime();
        long slowest = 0;
        int quick = 0;
        while (quick < QUICK_ROUNDS && System.nanoTime() - start < MOST_NANOS) {
            // now and then, since the loops are compiled meanwhile too
            if (quick == 0) {
                slowest = loops.nanos();
            }
            quick = vector.nanos() < slowest ? quick + 1 : 0;
        }
        // a JVM that is told to compile little never gets there, and keeps the loops
        compiled = quick == QUICK_ROUNDS;
    }

    /** A forward and a backward pass of layers of each kind. */
    private static final class Round {
        private final Kernels kernels;
        private final SparseMatrix sparse = new SparseMatrix(FEATURES);
        private final float[] x = new float[ROWS * FEATURES];
        private final float[] theta = new float[FEATURES * 129];
        private final float[] delta = new float[ROWS * 128];
        private final float[] gradient = new float[FEATURES * 128];

        Round(Kernels kernels) {
            this.kernels = kernels;
            float[] row = new float[FEATURES];
            for (int p = 0; p < FEATURES; p += 4) {
                row[p] = 1;
            }
            for (int i = 0; i < ROWS; i++) {
                sparse.addRow(row);
            }
            sparse.turn();
        }

        long nanos() {
            long start = System.nanoTime();
            for (int n : WIDTHS) {
                int biases = FEATURES * n;
                kernels.forward(sparse, n, theta, 0, theta, delta);
                kernels.weightGradient(sparse, n, delta, null, theta, gradient, 0);
                kernels.forward(ROWS, FEATURES, n, x, theta, 0, biases, delta);
                kernels.backward(ROWS, FEATURES, n, delta, theta, 0, x);
                kernels.weightGradient(ROWS, FEATURES, n, x, delta, gradient, 0);
            }
            return System.nanoTime() - start;
        }
    }
}
