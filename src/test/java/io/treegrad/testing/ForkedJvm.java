package io.treegrad.testing;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * JVMs that tests start, on the class path of the tests. They live for seconds, and would spend most of these loading
 * Spark: so they are quick to start rather than quick, and take its classes from an archive (JEP 350) that is made once,
 * by a short training, and kept in {@code target}.
 */
public final class ForkedJvm {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final List<String> QUICK_START = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final int MOST_MINUTES = 2;

    /** Made when it is first wanted, or not at all: without one, starts are slower, and that is all. */
    private static final class Archive {
        private static final Optional<Path> FILE = find();

        private static Optional<Path> find() {
            // another class path or JVM is another archive; a jar that was exchanged is noticed by the JVM
            int key = List.of(jars(), System.getProperty("java.vm.version")).hashCode();
            Path file = Path.of("target", "test-jvm-%08x.jsa".formatted(key)).toAbsolutePath();
            // JVMs of tests that run side by side wait for the first
            try (FileChannel lock = FileChannel.open(
                            Path.of("target", "test-jvm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                if (held.isValid() && !Files.exists(file)) {
                    make(file);
                }
                return Optional.of(file).filter(Files::exists);
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        /** Of jars alone, since a JVM archives no class where directories are in use: spark-submit loads these itself. */
        private static void make(Path file) throws IOException, InterruptedException {
            Path scratch = Files.createTempDirectory("treegrad-archive-");
            Path rows = Files.writeString(scratch.resolve("rows.csv"), "0,1,0\n1,0,1\n".repeat(20));
            Path made = scratch.resolve("made.jsa");
            List<String> command = java(QUICK_START);
            command.addAll(List.of("-XX:ArchiveClassesAtExit=" + made, "-Xlog:disable"));
            command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"));
            command.addAll(List.of("--class", "io.treegrad.cli.Main"));
            command.add(Path.of("target", "classes").toAbsolutePath().toString());
            command.addAll(List.of("train", "--data", rows.toString(), "--split", "0.6,0.2,0.2", "--epochs", "2"));
            command.addAll(List.of("--output", scratch.resolve("output").toString()));
            Process process = process(command, jars())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
            }
            if (process.exitValue() == 0 && Files.exists(made)) {
                // in place whole, so that no JVM sees half of it
                Path beside = Files.createTempFile(file.getParent(), "test-jvm-", ".new");
                Files.copy(made, beside, StandardCopyOption.REPLACE_EXISTING);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            }
            if (!Files.exists(file)) {
                System.err.println(
                        "no archive of classes, so JVMs take longer to start: exit code " + process.exitValue());
            }
            try (Stream<Path> files = Files.walk(scratch)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    private ForkedJvm() {}

    /**
     * A JVM that runs {@code main}, and whose Spark binds to the loopback interface. Its environment says nothing of Spark
     * beyond that.
     */
    public static ProcessBuilder of(List<String> options, Class<?> main, List<String> arguments) {
        List<String> command = java(quickStart());
        command.addAll(options);
        command.add(main.getName());
        command.addAll(arguments);
        return process(command, classPath());
    }

    /** Options that make a JVM start quickly; one whose class path begins otherwise than {@link #classPath} may have them. */
    public static List<String> quickStart() {
        List<String> options = new ArrayList<>(QUICK_START);
        // what is said of an archive that does not fit would be on standard output
        Archive.FILE.ifPresent(file -> options.addAll(List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off")));
        return options;
    }

    /** The class path of the tests, with the jars first, which the archive is of. */
    public static String classPath() {
        return Stream.concat(entries().filter(ForkedJvm::isJar), entries().filter(entry -> !isJar(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The jars of the class path of the tests, which is what it begins with: nothing of this project. */
    public static String jars() {
        return entries().filter(ForkedJvm::isJar).collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> entries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString());
    }

    private static boolean isJar(String entry) {
        return entry.endsWith(".jar");
    }

    private static List<String> java(List<String> quickStart) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(quickStart);
        return command;
    }

    private static ProcessBuilder process(List<String> command, String classPath) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("CLASSPATH", classPath);
        return builder;
    }
}
