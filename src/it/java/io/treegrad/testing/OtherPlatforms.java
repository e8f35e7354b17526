package io.treegrad.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Versions of Spark and Java beside those that the tests themselves run on, where this machine can have them. */
public final class OtherPlatforms {
    /** What Spark's own spark-submit does: its launcher prints the command, each word ended by NUL, after NUL and newline. */
    private static final String SPARK_SUBMIT = """
            #!/usr/bin/env bash
            set -euo pipefail
            SPARK_HOME=$(dirname "$(dirname "${BASH_SOURCE[0]}")")
            export SPARK_HOME SPARK_SCALA_VERSION=2.13
            mapfile -d '' -t command < <("$JAVA_HOME/bin/java" -cp "$SPARK_HOME/jars/*" \\
                org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
            command[1]=${command[1]#$'\\n'}
            exec "${command[@]:1}"
            """;

    private static final int MOST_MINUTES_OF_MAVEN = 5;

    private OtherPlatforms() {}

    /**
     * Makes {@code home} enough of a SPARK_HOME, of Maven's jars. Its spark-submit wants JAVA_HOME.
     *
     * @param libraries versions of the libraries that this Spark has, by their properties in the POM
     * @return whether Maven can get that Spark
     */
    public static boolean installSpark(String version, Map<String, String> libraries, Path home)
            throws IOException, InterruptedException {
        List<Path> jars = jars(version, libraries);
        installSpark(jars, home);
        return !jars.isEmpty();
    }

    /** As above, of these jars. */
    public static void installSpark(List<Path> jars, Path home) throws IOException {
        Path directory = Files.createDirectories(home.resolve("jars"));
        Files.createDirectory(home.resolve("conf"));
        for (Path jar : jars) {
            place(jar, directory.resolve(jar.getFileName()));
        }
        Path script = Files.createDirectory(home.resolve("bin")).resolve("spark-submit");
        Files.writeString(script, SPARK_SUBMIT);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** JUnit warns of each symbolic link that it deletes, so a hard one where that can be. */
    private static void place(Path jar, Path target) throws IOException {
        try {
            Files.createLink(target, jar);
        } catch (FileSystemException | UnsupportedOperationException anotherDisk) {
            Files.copy(jar, target);
        }
    }

    /** A JDK of that major version, by the {@code release} file of each JDK that Linux packages install; also $JAVA{N}_HOME. */
    public static Optional<Path> jdk(int majorVersion) throws IOException {
        String variable = System.getenv("JAVA" + majorVersion + "_HOME");
        Path installed = Path.of("/usr/lib/jvm");
        try (Stream<Path> found = Files.isDirectory(installed) ? Files.list(installed) : Stream.empty()) {
            return Stream.concat(Stream.ofNullable(variable).map(Path::of), found.sorted())
                    .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .filter(home -> isVersion(majorVersion, home.resolve("release")))
                    .findFirst();
        }
    }

    private static boolean isVersion(int majorVersion, Path release) {
        try (Stream<String> lines = Files.exists(release) ? Files.lines(release) : Stream.empty()) {
            return lines.anyMatch(line -> line.matches("JAVA_VERSION=\"" + majorVersion + "([.+-].*)?\""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the POM needs of that Spark; none where Maven cannot get it. */
    private static List<Path> jars(String version, Map<String, String> libraries)
            throws IOException, InterruptedException {
        Path list = Files.createTempFile("treegrad-classpath-", "");
        Path log = Files.createTempFile("treegrad-maven-", ".log");
        try {
            List<String> command = new ArrayList<>(List.of(
                    "mvn",
                    "-q",
                    "-B",
                    "-ntp",
                    "dependency:build-classpath",
                    "-DincludeScope=provided",
                    "-Dspark.version=" + version,
                    "-Dmdep.outputFile=" + list));
            libraries.forEach((property, chosen) -> command.add("-D" + property + "=" + chosen));
            Process maven = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!maven.waitFor(MOST_MINUTES_OF_MAVEN, TimeUnit.MINUTES)) {
                maven.destroyForcibly().waitFor();
            }
            if (maven.exitValue() != 0) {
                System.err.println("Maven cannot get Spark " + version + ": " + Files.readString(log));
                return List.of();
            }
            return Stream.of(Files.readString(list).strip().split(":"))
                    .map(Path::of)
                    .toList();
        } finally {
            Files.delete(list);
            Files.delete(log);
        }
    }
}
