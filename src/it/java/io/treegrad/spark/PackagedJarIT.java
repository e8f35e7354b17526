package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.cli.DigitFiles;
import io.treegrad.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/**
 * The jar as it is given to spark-submit, on executors that have nothing else of ours. They load it for their tasks, but
 * not for the threads of Spark's RPC, where the messages of resident tasks arrive.
 */
@ExtendWith(StandaloneCluster.Shared.class)
@Timeout(300)
class PackagedJarIT {
    private static final Pattern WEIGHTS = Pattern.compile("\"weightsSha256\":\"([0-9a-f]{64})\"");

    @TempDir
    private Path directory;

    @Test
    void residentTasksOnExecutorsThatHaveOnlyTheJarGiveTheBitsOfOneThread(StandaloneCluster processes)
            throws Exception {
        Path digits = DigitFiles.write(directory.resolve("digits"), 600, 200);
        List<String> onExecutors = new ArrayList<>();
        SparkConf conf = processes.conf(1).set("spark.executor.extraClassPath", ForkedJvm.jars());
        for (Tuple2<String, String> entry : conf.getAll()) {
            onExecutors.addAll(List.of("--conf", entry._1() + "=" + entry._2()));
        }
        String resident = summary(digits, "resident", onExecutors);
        String tree = summary(digits, "tree", List.of("--master", "local[1]"));
        assertEquals(weights(tree), weights(resident));
    }

    /** The last line of a training that succeeded with that engine. */
    private String summary(Path digits, String engine, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./submit.sh"));
        command.addAll(options);
        command.addAll(List.of(
                "--",
                "train",
                "--data",
                digits.toString(),
                "--output",
                directory.resolve(engine).toString()));
        command.addAll(List.of("--engine", engine, "--shards", "5", "--hidden", "20", "--epochs", "1"));
        command.addAll(List.of("--report", "false", "--json"));
        Path output = directory.resolve(engine + ".out");
        Path errors = directory.resolve(engine + ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
        assertEquals(0, builder.start().waitFor(), () -> read(errors));
        String last = read(output).lines().reduce("", (before, line) -> line);
        assertTrue(last.contains("\"engine\":\"" + engine + "\""), last);
        return last;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String weights(String summary) {
        Matcher matcher = WEIGHTS.matcher(summary);
        assertTrue(matcher.find(), summary);
        return matcher.group(1);
    }
}
