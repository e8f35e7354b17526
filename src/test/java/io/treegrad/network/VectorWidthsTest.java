package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each width of vectors, and the plain loops, in a JVM of its own: one digest. */
class VectorWidthsTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String WITH_MODULE = "--add-modules=jdk.incubator.vector";

    @ParameterizedTest
    @ValueSource(
            strings = {
                WITH_MODULE,
                WITH_MODULE + " -XX:MaxVectorSize=16",
                WITH_MODULE + " -XX:MaxVectorSize=32",
                WITH_MODULE + " -XX:MaxVectorSize=64",
                WITH_MODULE + " -XX:UseAVX=2",
                ""
            })
    void productsHaveOneDigest(String options) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:+UseSerialGC", "-XX:+IgnoreUnrecognizedVMOptions"));
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ")));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelDigest.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertTrue(process.waitFor(2, TimeUnit.MINUTES), options);
            assertEquals(KernelDigest.of(new ScalarKernels()), out.substring(out.lastIndexOf(' ') + 1), options);
            assertEquals(options.isEmpty(), out.startsWith("scalar "), out);
        } finally {
            process.destroyForcibly();
        }
    }
}
