package io.treegrad.network;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Loads OpenBLAS from the jar and holds it to one thread. netlib multiplies with it, because netlib hands Java arrays to
 * native code without a copy; the binding that brings the library along sets its number of threads, which netlib cannot.
 */
final class OpenBlas {
    private static final String LIBRARY_OF_NETLIB = "dev.ludovic.netlib.blas.nativeLibPath";
    private static final String CACHE_OF_BINDING = "org.bytedeco.javacpp.cachedir";

    // Static, because the JVM loads a native library once for all.
    private static Blas loaded;
    private static String reason;

    private OpenBlas() {}

    static synchronized Blas load() throws BlasUnavailable {
        if (loaded != null) {
            return loaded;
        }
        if (reason != null) {
            throw new BlasUnavailable(reason, null);
        }
        try {
            loaded = System.getProperty(CACHE_OF_BINDING) != null || homeIsWritable() ? loadCached() : loadOnce();
            return loaded;
        } catch (IOException | ReflectiveOperationException | LinkageError failure) {
            reason = "--blas native cannot run here: " + firstLine(failure)
                    + ". It needs Linux with glibc on x86-64 or arm64, the -all.jar, and a home or temporary directory"
                    + " that may hold programs; or use --blas auto.";
            throw new BlasUnavailable(reason, failure);
        }
    }

    private static Blas loadCached() throws ReflectiveOperationException {
        Path binding = Path.of(Loader.load(openblas_nolapack.class));
        openblas_nolapack.blas_set_num_threads(1);
        // The same path names the same copy in memory, the one that was just told to use one thread.
        System.setProperty(
                LIBRARY_OF_NETLIB,
                binding.resolveSibling("libopenblas_nolapack.so.0").toString());
        return new NetlibBlas(
                NetlibBlas.instanceOf("JNIBLAS"),
                BlasKind.NATIVE,
                openblas_nolapack.OPENBLAS_VERSION.strip().toLowerCase(Locale.ROOT),
                Optional.empty());
    }

    /** Without a home for the cache: a directory of this process alone, since others could plant a library in a shared one. */
    private static Blas loadOnce() throws IOException, ReflectiveOperationException {
        Path directory = Files.createTempDirectory("treegrad-openblas-");
        System.setProperty(CACHE_OF_BINDING, directory.toString());
        try {
            return loadCached();
        } finally {
            // What is loaded stays loaded.
            try (Stream<Path> files = Files.walk(directory)) {
                List<File> deepestFirst = files.sorted(Comparator.reverseOrder())
                        .map(Path::toFile)
                        .toList();
                deepestFirst.forEach(File::delete);
            }
        }
    }

    private static boolean homeIsWritable() {
        Path home = Path.of(System.getProperty("user.home", ""));
        Path cache = home.resolve(".javacpp").resolve("cache");
        Path nearest = Files.exists(cache) ? cache : Files.exists(cache.getParent()) ? cache.getParent() : home;
        return home.isAbsolute() && Files.isDirectory(nearest) && Files.isWritable(nearest);
    }

    private static String firstLine(Throwable failure) {
        return failure.toString().lines().findFirst().orElse("");
    }
}
