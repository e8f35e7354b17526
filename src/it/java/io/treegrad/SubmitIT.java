package io.treegrad;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** submit.sh with Maven's Spark, the application that was just packaged, and the JVM that Spark's launcher describes. */
class SubmitIT {
    @TempDir
    private Path directory;

    private Path submit = Path.of("./submit.sh");
    private List<String> user = List.of();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void mavensSparkRunsTheApplicationAndPassesItsExitCode() throws Exception {
        assertEquals(0, run("--master", "local[1]", "--", "--version"));
        String version = Files.readString(directory.resolve("output"));
        assertTrue(version.matches("treegrad \\d+\\.\\d+\\.\\d+ \\(Java \\d+\\)\n"), version);
        assertEquals(
                List.of(),
                Files.readAllLines(directory.resolve("errors")).stream()
                        .filter(line -> line.startsWith("SLF4J") || line.contains("ERROR"))
                        .toList());
        assertEquals(2, run("train", "--hidden", "100,,10"));
        assertTrue(Files.readString(directory.resolve("errors")).contains("--hidden"));
    }

    @Test
    void aRefusedOptionOfSparkIsNoCommand() throws Exception {
        assertTrue(run("--no-such-option", "x", "--", "train") != 0);
    }

    @Test
    void aMasterThatCannotBeReachedIsToldInALineAndMayBeTriedAgain() throws Exception {
        String output = directory.resolve("models").toString();
        assertEquals(75, run("--master", "spark://127.0.0.1:1", "--", "train", "--data", "xor", "--output", output));
        assertTheOneLineBegins("treegrad: no master of spark://127.0.0.1:1 can be reached");
    }

    @Test
    void aSettingThatSparkRefusesIsToldInALineToo() throws Exception {
        String output = directory.resolve("models").toString();
        String setting = "spark.eventLog.dir=file:" + directory.resolve("no-events");
        assertEquals(
                78,
                run(
                        "--master",
                        "local[1]",
                        "--conf",
                        "spark.eventLog.enabled=true",
                        "--conf",
                        setting,
                        "--",
                        "train",
                        "--data",
                        "xor",
                        "--output",
                        output));
        assertTheOneLineBegins("treegrad: Spark cannot be started: File file:" + directory.resolve("no-events"));
    }

    private void assertTheOneLineBegins(String beginning) throws IOException {
        List<String> errors = Files.readAllLines(directory.resolve("errors")).stream()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .filter(line -> !line.startsWith("submit.sh: "))
                .toList();
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.get(0).startsWith(beginning), errors.get(0));
    }

    @Test
    void theConfigurationOfHadoopCountsFromTheStartThatNamesIt() throws Exception {
        // A file system that is not there: a path without a scheme is sought on it, and the message names it.
        Files.writeString(directory.resolve("core-site.xml"), """
                <configuration>
                  <property><name>fs.defaultFS</name><value>nowhere://there/</value></property>
                </configuration>
                """);
        String[] words = {"--master", "local[1]", "--", "inspect", "/no/such/file"};
        run(words);
        assertFalse(Files.readString(directory.resolve("errors")).contains("nowhere"));
        for (String variable : List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR")) {
            environment.clear();
            environment.put(variable, directory.toString());
            run(words);
            String errors = Files.readString(directory.resolve("errors"));
            assertTrue(errors.contains("nowhere"), variable + ": " + errors);
        }
    }

    @Test
    void theDefaultsOfSparkDecideTheMemoryOfTheDriver() throws Exception {
        environment.put("SPARK_CONF_DIR", directory.toString());
        environment.put("SPARK_PRINT_LAUNCH_COMMAND", "1");
        assertEquals(0, run("--version"));
        assertTrue(Files.readString(directory.resolve("errors")).contains("-Xmx2g"));
        Files.writeString(directory.resolve("spark-defaults.conf"), "spark.driver.memory 1234m\n");
        assertEquals(0, run("--version"));
        String errors = Files.readString(directory.resolve("errors"));
        assertTrue(errors.contains("-Xmx1234m") && !errors.contains("2g"), errors);
    }

    @Test
    void aKeyAmongTheOptionsOfSparkIsWrittenNowhere() throws Exception {
        String key = "AKIA" + "0123456789";
        String secret = "spark.hadoop.fs.s3a.secret.key=" + key;
        environment.put("SPARK_PRINT_LAUNCH_COMMAND", "1");
        assertEquals(0, run("--conf", secret, "--", "--version"));
        String launched = Files.readString(directory.resolve("errors"));
        assertTrue(launched.contains("spark.hadoop.fs.s3a.secret.key=***"), launched);
        assertFalse(launched.contains(key), launched);
        for (List<String> slip : List.of(
                List.of("--conf", secret, "--nonsense", "--", "--version"),
                List.of("train", "--conf", secret),
                List.of("train", secret),
                List.of("--conf", "spark.treegrad." + secret, "--", "train", "--print-config"))) {
            run(slip.toArray(String[]::new));
            for (String stream : List.of("output", "errors")) {
                String said = Files.readString(directory.resolve(stream));
                assertFalse(said.contains(key), said);
            }
        }
        try (Stream<Path> files = Files.walk(Path.of("target/spark"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith(".jar")) {
                    assertFalse(Files.readString(file, ISO_8859_1).contains(key), file.toString());
                }
            }
        }
    }

    @Test
    void executorsOnThisMachineStartWithTheArchiveOfClassesToo() throws Exception {
        environment.put("SPARK_PRINT_LAUNCH_COMMAND", "1");
        assertEquals(0, run("--master", "local-cluster[1,1,1024]", "--", "--version"));
        String launched = Files.readString(directory.resolve("errors"));
        Path archive = Path.of("target/spark/classes-" + System.getProperty("java.version") + ".jsa")
                .toRealPath();
        assertTrue(
                launched.contains("spark.executor.defaultJavaOptions=\"-XX:SharedArchiveFile=" + archive + "\""),
                launched);
    }

    @Test
    void aPathOfNativeLibrariesForTheDriverDoesNotHinderTheStart() throws Exception {
        assertEquals(0, run("--conf", "spark.driver.extraLibraryPath=" + directory, "--", "--version"));
    }

    @Test
    void aUserWithoutAHomeTrainsWithAnInstallationThatOnlyItsOwnerMayWrite() throws Exception {
        assertEquals(0, run("--version")); // builds what is missing
        Path installation = Files.createDirectory(directory.resolve("opt treegrad"));
        Path target = Files.createDirectory(installation.resolve("target"));
        copy(List.of("submit.sh", "pom.xml", "conf"), installation);
        copy(List.of("target/treegrad-0.1.0-all.jar", "target/spark"), target);
        Path output = Files.createDirectory(directory.resolve("models"));
        Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rwxrwxrwx"));

        user = SubmitTest.asOneWhoMayNotWrite(installation);
        submit = installation.resolve("submit.sh");
        environment.put("HOME", "/nonexistent");
        int code = run("--master", "local[2]", "--", "train", "--data", "xor", "--output", output.toString());
        String errors = Files.readString(directory.resolve("errors"));
        assertEquals(0, code, errors);
        assertFalse(errors.contains("submit.sh"), errors);
    }

    /** Times are kept, by which submit.sh tells what is built. */
    private static void copy(List<String> sources, Path target) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("cp", "-Rp"));
        command.addAll(sources);
        command.add(target.toString());
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    private int run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(user);
        command.add(submit.toString());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("output").toFile())
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_") || name.endsWith("_CONF_DIR"));
        builder.environment().putAll(environment);
        return builder.start().waitFor();
    }
}
