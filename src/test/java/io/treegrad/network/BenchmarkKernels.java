package io.treegrad.network;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Each product of a pass on one thread, by the fastest kernels of this JVM and by the plain loops. A dense product takes
 * {@code 2 m k n} operations; of the sparse one's values, a fifth is not zero.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *     -Dexec.args="-cp %classpath --add-modules=jdk.incubator.vector org.openjdk.jmh.Main BenchmarkKernels \
 *         -p shape=128x784x800,512x512x512,50x784x100 -p kernels=fastest"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BenchmarkKernels {
    private static final double NON_ZERO = 0.2;

    /** m, k and n: rows, inputs and units. */
    @Param({"128x784x800", "512x512x512", "50x784x100", "50x100x10"})
    public String shape;

    @Param({"fastest", "loops"})
    public String kernels;

    private Kernels tried;
    private int m;
    private int k;
    private int n;
    private float[] x;
    private float[] theta;
    private float[] delta;
    private float[] z;
    private float[] below;
    private float[] gradient;
    private SparseMatrix sparse;

    @Setup
    public void prepare() {
        String[] sizes = shape.split("x");
        m = Integer.parseInt(sizes[0]);
        k = Integer.parseInt(sizes[1]);
        n = Integer.parseInt(sizes[2]);
        tried = kernels.equals("loops") ? new ScalarKernels() : KernelChoice.fastest();
        SplitMix64 random = new SplitMix64(1);
        x = uniform(m * k, random);
        theta = uniform(k * n + n, random);
        delta = uniform(m * n, random);
        z = new float[m * n];
        below = new float[m * k];
        gradient = new float[k * n];
        sparse = SparseMatrixTest.random(m, k, NON_ZERO, random);
        sparse.transpose();
    }

    private static float[] uniform(int count, SplitMix64 random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble() - 0.5f;
        }
        return values;
    }

    @Benchmark
    public float[] forward() {
        tried.forward(m, k, n, x, theta, 0, k * n, z);
        return z;
    }

    @Benchmark
    public float[] backward() {
        tried.backward(m, k, n, delta, theta, 0, below);
        return below;
    }

    @Benchmark
    public float[] weightGradient() {
        tried.weightGradient(m, k, n, x, delta, gradient, 0);
        return gradient;
    }

    @Benchmark
    public float[] sparseForward() {
        tried.forward(sparse, n, theta, 0, theta, z);
        return z;
    }

    @Benchmark
    public float[] sparseWeightGradient() {
        tried.weightGradient(sparse, n, delta, null, delta, gradient, 0);
        return gradient;
    }
}
