package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test loads OpenBLAS in a JVM of its own, because a JVM loads it once. */
class OpenBlasTest {
    @BeforeEach
    void openBlasIsPacked() {
        boolean packed = System.getProperty("os.name").equals("Linux")
                && List.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
        assumeTrue(packed, "OpenBLAS is packed for Linux on x86-64 and arm64 only");
    }

    @Test
    void itsOwnThreadsStayIdleWhateverTheEnvironmentSays() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "on one processor OpenBLAS starts no threads");
        String output = inFreshJvm(OpenBlasThreads.class, List.of());
        Matcher counts = Pattern.compile("helpers=(\\d+) ticks=(\\d+)").matcher(output);
        assertTrue(counts.find(), output);
        assertTrue(Integer.parseInt(counts.group(1)) > 0, "no thread to watch, so nothing was tested: " + output);
        assertTrue(Integer.parseInt(counts.group(2)) <= 2, "OpenBLAS worked on other threads: " + output);
    }

    @Test
    void aHomeThatCannotBeWrittenLeavesNoFileBehind(@TempDir Path directory) throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("with space"));
        inFreshJvm(OpenBlasThreads.class, List.of("-Duser.home=/proc/none", "-Djava.io.tmpdir=" + temporary));
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.getFileName().toString().startsWith("treegrad"))
                            .toList());
        }
    }

    @Test
    void withoutAPlaceForTheLibraryAutoTakesTheVectorModuleAndSaysWhy() throws Exception {
        String output = inFreshJvm(
                LoadAuto.class,
                List.of("-Duser.home=/proc/none", "-Djava.io.tmpdir=/proc/none", "--add-modules=jdk.incubator.vector"));
        assertTrue(output.contains("netlib vector: --blas native cannot run here: "), output);
    }

    @Test
    void withoutTheVectorModuleEitherAutoIsPortableAndSaysWhy() throws Exception {
        String output = inFreshJvm(LoadAuto.class, List.of("-Duser.home=/proc/none", "-Djava.io.tmpdir=/proc/none"));
        assertTrue(output.contains("portable: --blas native cannot run here: "), output);
        assertTrue(output.contains("--add-modules=jdk.incubator.vector"), output);
    }

    static final class LoadAuto {
        private LoadAuto() {}

        public static void main(String[] arguments) {
            Blas blas = Blas.load(BlasKind.AUTO);
            System.out.println(blas.name() + ": " + blas.fallbackReason().orElse(""));
        }
    }

    private static String inFreshJvm(Class<?> main, List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // A JVM that starts no threads of its own later on.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OPENBLAS_NUM_THREADS", "4");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
