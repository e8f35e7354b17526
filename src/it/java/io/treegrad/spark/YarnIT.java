package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.treegrad.cli.DigitFiles;
import io.treegrad.cli.Invocation;
import io.treegrad.testing.ForkedJvm;
import io.treegrad.testing.OtherPlatforms;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.deploy.yarn.ApplicationMaster;
import org.apache.spark.executor.YarnCoarseGrainedExecutorBackend;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar on YARN: {@code
 * TREEGRAD_SOAK=1 mvn verify -Dit.test=YarnIT -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@EnabledIfEnvironmentVariable(
        named = "TREEGRAD_SOAK",
        matches = "1",
        disabledReason = "it takes a minute or two: set TREEGRAD_SOAK=1")
@Timeout(600)
class YarnIT {
    private static final int STEP_OF_KILL = 20;

    @TempDir
    private static Path directory;

    private static Path digits;
    private static Path spark;
    private static Process yarn;

    /** submit.sh, and where what it says goes. */
    private record Submission(Process process, Path errors) {
        int code() throws InterruptedException {
            return process.waitFor();
        }

        String said() throws IOException {
            return Files.readString(errors);
        }
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException, URISyntaxException {
        digits = DigitFiles.write(directory.resolve("digits"), 600, 200);
        ProcessBuilder version = new ProcessBuilder("./submit.sh", "--version");
        version.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
        assertEquals(0, version.start().waitFor()); // builds the jar and target/spark where they are missing
        spark = directory.resolve("spark");
        try (Stream<Path> jars = Files.list(Path.of("target/spark/jars"))) {
            Path ofYarn = Path.of(ApplicationMaster.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            OtherPlatforms.installSpark(Stream.concat(jars, Stream.of(ofYarn)).toList(), spark);
        }
        ProcessBuilder builder = ForkedJvm.of(List.of("-Xmx512m"), YarnDaemon.class, List.of(directory.toString()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        yarn = builder.directory(directory.toFile())
                .redirectError(directory.resolve("yarn.err").toFile())
                .start();
        assertNotNull(yarn.inputReader().readLine(), () -> read(directory.resolve("yarn.err")));
    }

    @AfterAll
    static void stop() {
        if (yarn != null) {
            List<ProcessHandle> containers = yarn.toHandle().descendants().toList();
            yarn.destroyForcibly();
            containers.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void inClientModeALostContainerOfAnExecutorChangesNoBit() throws Exception {
        Submission run = submit("client", List.of(), training(digits, "client"));
        await("a checkpoint", () -> Files.exists(checkpoint("client")));
        containerOf(YarnCoarseGrainedExecutorBackend.class).destroyForcibly();
        assertFalse(Files.exists(recordOf("client")), "it ended before the executor was killed");
        assertEquals(0, run.code(), run.said());
        assertEquals(undisturbed(), record("client").get("weightsSha256"));
    }

    @Test
    void inClusterModeAKilledApplicationMasterIsStartedAgainAndTheRunGoesOn() throws Exception {
        // so that a checkpoint is there and nothing goes on until the test has killed the driver
        String hang = "-Dtreegrad.failpoint=checkpoint-after-success:" + STEP_OF_KILL + ":hang";
        Submission run = submit("cluster", List.of("--driver-java-options", hang), training(digits, "cluster"));
        await("a checkpoint", () -> Files.exists(checkpoint("cluster")));
        containerOf(ApplicationMaster.class).destroyForcibly();
        assertEquals(0, run.code(), run.said());
        assertTrue(run.said().contains("final status: SUCCEEDED"), run.said());
        assertEquals(STEP_OF_KILL, record("cluster").get("resumedAtStep").asInt());
        assertEquals(undisturbed(), record("cluster").get("weightsSha256"));
    }

    @Test
    void badDataFailsTheApplicationWithItsCodeInTheDiagnostics() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.csv"), "1,2,0\n3,4\n");
        Submission client = submit("client", List.of(), training(broken, "broken-client"));
        assertEquals(65, client.code(), client.said());
        assertFailed(65, "broken", training(broken, "broken"));
    }

    @Test
    void aGateThatIsNotMetFailsTheApplicationWithItsCodeInTheDiagnostics() throws Exception {
        List<String> words = training(digits, "gate");
        words.addAll(List.of("--min-accuracy", "1"));
        assertFailed(80, "gate", words);
    }

    /** spark-submit itself ends with 1 then. */
    private static void assertFailed(int code, String run, List<String> words) throws Exception {
        Submission submission = submit("cluster", List.of("--conf", "spark.yarn.maxAppAttempts=1"), words);
        assertEquals(1, submission.code(), submission.said());
        assertTrue(submission.said().contains("final status: FAILED"), submission.said());
        assertTrue(submission.said().contains("User application exited with status " + code), submission.said());
        assertEquals(code, record(run).get("exitCode").asInt());
    }

    private static JsonNode undisturbed() {
        List<String> words = training(digits, "here");
        words.addAll(List.of("--json", "--resume", "never"));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new))
                .succeeded()
                .json()
                .get("weightsSha256");
    }

    private static Submission submit(String mode, List<String> options, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of("./submit.sh", "--master", "yarn", "--deploy-mode", mode));
        for (String conf : List.of(
                "spark.yarn.jars=local:" + spark.resolve("jars") + "/*",
                "spark.executor.instances=2",
                "spark.executor.memory=512m",
                "spark.driver.memory=512m",
                "spark.yarn.report.interval=200ms")) {
            command.addAll(List.of("--conf", conf));
        }
        command.addAll(options);
        command.add("--");
        command.addAll(words);
        Path errors = Files.createTempFile(directory, mode, ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME", spark.toString(),
                        "SPARK_LOCAL_IP", "127.0.0.1",
                        "HADOOP_CONF_DIR", directory.toString(),
                        "JAVA_HOME", System.getProperty("java.home")));
        return new Submission(builder.start(), errors);
    }

    private static List<String> training(Path data, String run) {
        List<String> words = new ArrayList<>(List.of("train", "--run-id", run, "--data", data.toString()));
        words.addAll(List.of("--output", output(run).toString(), "--engine", "resident", "--partitions", "2"));
        words.addAll(List.of("--shards", "5", "--hidden", "20", "--epochs", "200", "--batch-size", "50"));
        words.addAll(List.of("--checkpoint-every", STEP_OF_KILL + "s", "--keep", "1000", "--report", "false"));
        return words;
    }

    private static Path output(String run) {
        return directory.resolve(run + "-out");
    }

    private static Path checkpoint(String run) {
        return output(run)
                .resolve("runs")
                .resolve(run)
                .resolve("checkpoints/ckpt-%012d/_SUCCESS".formatted(STEP_OF_KILL));
    }

    private static Path recordOf(String run) {
        return output(run).resolve("runs").resolve(run).resolve("run.json");
    }

    private static JsonNode record(String run) throws IOException {
        return new ObjectMapper().readTree(recordOf(run).toFile());
    }

    /** One of those that run this class; not the shell that a container begins with. */
    private static ProcessHandle containerOf(Class<?> main) {
        return yarn.toHandle()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .filter(process -> read(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                        .contains(main.getName()))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void await(String what, Callable<Boolean> happened) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMinutes(2))
                .until(happened);
    }
}
