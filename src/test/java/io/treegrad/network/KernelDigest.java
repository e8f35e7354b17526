package io.treegrad.network;

import io.treegrad.common.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** A program that prints what computes in its JVM, and the SHA-256 of what all products came to at awkward sizes. */
final class KernelDigest {
    private static final int[] SIZES = {1, 7, 13, 16, 17, 33, 100, 207};
    private static final int CASES = 24;

    private KernelDigest() {}

    public static void main(String[] args) {
        Kernels kernels = KernelChoice.fastest();
        System.out.println(kernels.name() + " " + of(kernels));
    }

    static String of(Kernels kernels) {
        MessageDigest digest = Sha256.start();
        for (long seed = 0; seed < CASES; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            int m = SIZES[random.nextInt(SIZES.length)];
            int k = SIZES[random.nextInt(SIZES.length)];
            int n = SIZES[random.nextInt(SIZES.length)];
            float[] theta = values(k * n + n, random);
            float[] x = values(m * k, random);
            float[] delta = values(m * n, random);
            float[] z = new float[m * n];
            kernels.forward(m, k, n, x, theta, 0, k * n, z);
            add(z, digest);
            kernels.backward(m, k, n, delta, theta, 0, x);
            add(x, digest);
            float[] gradient = new float[k * n];
            kernels.weightGradient(m, k, n, x, delta, gradient, 0);
            add(gradient, digest);
            SparseMatrix sparse = SparseMatrixTest.random(m, k, random.nextDouble(), random);
            SparseMatrix columns = new SparseMatrix(1);
            columns.transpose(sparse);
            float[] base = values(n, random);
            kernels.forward(sparse, n, theta, 0, base, z);
            add(z, digest);
            kernels.weightGradient(columns, n, delta, values(k, random), base, gradient, 0);
            add(gradient, digest);
        }
        return Sha256.hex(digest);
    }

    private static float[] values(int count, SplitMix64 random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void add(float[] values, MessageDigest digest) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
    }
}
