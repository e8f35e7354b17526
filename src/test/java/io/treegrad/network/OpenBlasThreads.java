package io.treegrad.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints {@code helpers=N ticks=T}: how many threads OpenBLAS started when it was loaded in this fresh JVM, and how much
 * processor time, in ticks of 10 ms, they used during a second's worth of products.
 */
final class OpenBlasThreads {
    private OpenBlasThreads() {}

    public static void main(String[] arguments) throws IOException {
        Set<String> before = threads();
        Blas blas = Blas.load(BlasKind.NATIVE);
        Set<String> helpers = threads();
        helpers.removeAll(before);
        // Threads of Java have names of their own; those of native code keep the name of the process.
        helpers.removeIf(thread -> !statistics(thread).contains("(java)"));
        // A new helper spins for some 50 ms before it sleeps for good.
        multiply(blas, 20);
        long atStart = ticks(helpers);
        multiply(blas, 50);
        System.out.println("helpers=" + helpers.size() + " ticks=" + (ticks(helpers) - atStart));
    }

    private static void multiply(Blas blas, int times) {
        int size = 1000;
        float[] a = new float[size * size];
        float[] b = new float[size * size];
        float[] c = new float[size * size];
        for (int i = 0; i < times; i++) {
            blas.gemm(false, false, size, size, size, 1, a, 0, size, b, 0, size, 0, c, 0, size);
        }
    }

    private static long ticks(Set<String> threads) {
        long ticks = 0;
        for (String thread : threads) {
            String statistics = statistics(thread);
            // proc(5): after the name in parentheses, utime and stime are the 12th and 13th field.
            String[] fields =
                    statistics.substring(statistics.lastIndexOf(')') + 2).split(" ", -1);
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
        return ticks;
    }

    private static String statistics(String thread) {
        try {
            return Files.readString(Path.of("/proc/self/task", thread, "stat"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(task -> task.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
