package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.treegrad.cli.DigitFiles;
import io.treegrad.cli.Invocation;
import io.treegrad.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/**
 * Drivers that a standalone cluster runs on its workers, where nothing of ours is but the packaged jar: one that submit.sh
 * hands over, and one that plain spark-submit does. Both are handed over before the tests, since spark-submit first looks
 * after five seconds how a driver is.
 */
@ExtendWith(StandaloneCluster.Shared.class)
@Timeout(300)
class ClusterModeIT {
    private static final Pattern SUBMITTED = Pattern.compile("Driver successfully submitted as (driver-[0-9-]+)");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path JAR = Path.of("target/treegrad-0.1.0-all.jar").toAbsolutePath();
    private static final int STEP_OF_KILL = 20;

    @TempDir
    private static Path directory;

    private static Path digits;
    private static Submission supervised;
    private static Submission failing;

    /** A process of spark-submit and what it says. */
    private record Submission(Process process, Path errors) {
        static Submission start(String name, ProcessBuilder builder) throws IOException {
            Path errors = directory.resolve(name + ".err");
            builder.environment().keySet().removeIf(variable -> variable.startsWith("SPARK_"));
            // what the client's environment says of Spark is handed over to the driver
            builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile());
            return new Submission(builder.start(), errors);
        }

        /** The name that the master has given to the driver. */
        String driver() throws IOException, InterruptedException {
            assertEquals(0, process.waitFor(), Files.readString(errors));
            Matcher matcher = SUBMITTED.matcher(Files.readString(errors));
            assertTrue(matcher.find(), Files.readString(errors));
            return matcher.group(1);
        }
    }

    @BeforeAll
    static void submit(StandaloneCluster cluster) throws IOException {
        digits = DigitFiles.write(directory.resolve("digits"), 600, 200);
        // so that a checkpoint is there and nothing goes on until the test has killed the driver
        String hang = "-Dtreegrad.failpoint=checkpoint-after-success:" + STEP_OF_KILL + ":hang";
        List<String> bySubmitSh = new ArrayList<>(List.of("./submit.sh", "--deploy-mode", "cluster", "--supervise"));
        bySubmitSh.addAll(options(cluster, hang));
        bySubmitSh.add("--");
        bySubmitSh.addAll(training(digits, "nightly"));
        supervised = Submission.start("nightly", new ProcessBuilder(bySubmitSh));

        Path broken = Files.writeString(directory.resolve("broken.csv"), "1,2,0\n3,4\n");
        List<String> plain = new ArrayList<>(List.of(JAVA, "@target/spark-jvm.args"));
        plain.addAll(List.of("-cp", Path.of("target/spark/jars").toAbsolutePath() + "/*"));
        plain.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--deploy-mode", "cluster"));
        plain.addAll(options(cluster, ""));
        plain.addAll(List.of("--class", "io.treegrad.cli.Main", JAR.toString()));
        plain.addAll(training(broken, "broken"));
        failing = Submission.start("broken", new ProcessBuilder(plain));
    }

    private static List<String> options(StandaloneCluster cluster, String ofDriver) {
        SparkConf conf = cluster.conf(1)
                .set("spark.cores.max", "1")
                .set("spark.executor.extraClassPath", ForkedJvm.jars())
                .set("spark.driver.extraClassPath", ForkedJvm.jars())
                .set("spark.executor.extraJavaOptions", "")
                .set("spark.driver.memory", "512m")
                .set("spark.driver.extraJavaOptions", String.join(" ", ForkedJvm.quickStart()) + " " + ofDriver);
        List<String> options = new ArrayList<>();
        for (Tuple2<String, String> entry : conf.getAll()) {
            options.addAll(List.of("--conf", entry._1() + "=" + entry._2()));
        }
        return options;
    }

    /** Names its run and, for where that is, its output after {@code run}. */
    private static List<String> training(Path data, String run) {
        List<String> words = new ArrayList<>(List.of("train", "--run-id", run, "--data", data.toString()));
        words.addAll(List.of("--output", directory.resolve(run + "-out").toString(), "--engine", "resident"));
        words.addAll(List.of("--shards", "5", "--hidden", "20", "--epochs", "6", "--batch-size", "50"));
        words.addAll(List.of("--checkpoint-every", STEP_OF_KILL + "s", "--report", "false"));
        return words;
    }

    @Test
    void aSupervisedDriverThatIsKilledIsStartedAgainAndEndsInTheBitsOfOneProcess(StandaloneCluster cluster)
            throws Exception {
        String id = supervised.driver();
        Path runs = directory.resolve("nightly-out/runs/nightly");
        Path checkpoint = runs.resolve("checkpoints/ckpt-%012d/_SUCCESS".formatted(STEP_OF_KILL));
        await("a checkpoint", () -> Files.exists(checkpoint));
        cluster.driver(id).orElseThrow().destroyForcibly();
        await("the end of the driver", () -> cluster.stateOfDriver(id).equals("FINISHED"));

        JsonNode record = record("nightly");
        assertEquals(STEP_OF_KILL, record.get("resumedAtStep").asInt(), record.toString());
        List<String> words = new ArrayList<>(training(digits, "here"));
        words.add("--json");
        Invocation here = Invocation.of(directory, Map.of(), words.toArray(String[]::new));
        // the driver's JVM has no vector instructions, and computes nothing
        assertTrue(record.get("arithmetic").asText().startsWith("vector, "), record.toString());
        assertEquals(here.succeeded().json().get("weightsSha256"), record.get("weightsSha256"));
    }

    @Test
    void aDriverThatFailsHasFailedForTheMasterTooAndItsRecordTellsWhy(StandaloneCluster cluster) throws Exception {
        String id = failing.driver();
        await("the end of the driver", () -> cluster.stateOfDriver(id).equals("FAILED"));
        assertEquals(65, record("broken").get("exitCode").asInt());
    }

    private static JsonNode record(String run) throws IOException {
        Path file = directory.resolve(run + "-out/runs/" + run + "/run.json");
        return new ObjectMapper().readTree(file.toFile());
    }

    private static void await(String what, Callable<Boolean> happened) {
        Awaitility.await(what).atMost(Duration.ofMinutes(2)).until(happened);
    }
}
