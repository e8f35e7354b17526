package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trouble around the program is told in a sentence with what to do, never as a bug. */
class OutsideTroubleIT {
    @TempDir
    private static Path directory;

    private static Path data;

    @BeforeAll
    static void writeData() throws IOException {
        data = SmallTraining.writeData(directory.resolve("rows.csv"));
    }

    /** Port 1 of this machine, where nobody listens, stands for a name node that is down. */
    @ParameterizedTest
    @CsvSource({
        "--data,   hdfs://127.0.0.1:1/rows.csv,    75, Run again later",
        "--output, hdfs://127.0.0.1:1/models,      75, Run again later",
        "--data,   hdfs://nowhere.invalid/x.csv,   75, Run again later",
        "--data,   /proc/self/mem,                 66, Input/output error",
        "--data,   nothing://here/rows.csv,        78, begin with nothing:",
        "--output, nothing://here/models,          78, begin with nothing:",
        "--data,   s3a://bucket/rows.csv,          78, org.apache.hadoop:hadoop-aws",
        "--output, s3a://bucket/models,            78, org.apache.hadoop:hadoop-aws",
        "--output, hdfs:/models,                   73, no host",
    })
    void aPathThatCannotBeReachedIsToldWithWhatToDo(String option, String path, int code, String part) {
        List<String> words = new ArrayList<>(List.of("train", "--epochs", "1"));
        List.of(
                        "--data",
                        data.toString(),
                        "--output",
                        directory.resolve("output").toString())
                .forEach(words::add);
        words.set(words.indexOf(option) + 1, path);
        with(Map.of("spark.hadoop.ipc.client.connect.max.retries", "0"), words).failed(code, part);
    }

    @ParameterizedTest
    @CsvSource({
        "spark.task.cpus,          x,                          spark.task.cpus",
        "spark.eventLog.enabled,   true,                       Make it",
        "spark.driver.bindAddress, nowhere.invalid,            no address",
        "spark.scheduler.mode,     RANDOM,                     spark.scheduler.mode",
        "spark.plugins,            org.example.Plugin,         org.example.Plugin is missing",
        "spark.driver.maxResultSize,     1k,   Set spark.driver.maxResultSize to more",
        "spark.excludeOnFailure.enabled, true, spark.excludeOnFailure.task.maxTaskAttemptsPerNode",
    })
    void aSettingThatSparkRefusesIsNamed(String key, String value, String part) {
        String output = directory.resolve("output").toString();
        String noEvents = "file:" + directory.resolve("no events");
        with(
                        Map.of(key, value, "spark.eventLog.dir", noEvents, "spark.task.maxFailures", "1"),
                        List.of("train", "--data", data.toString(), "--output", output))
                .failed(78, part);
    }

    @Test
    void aModelThatCannotBeReachedIsToldToo() {
        with(
                        Map.of("spark.hadoop.ipc.client.connect.max.retries", "0"),
                        List.of("evaluate", "--data", data.toString(), "--model", "hdfs://127.0.0.1:1/models"))
                .failed(75, "Run again later");
    }

    private static Invocation with(Map<String, String> properties, List<String> words) {
        properties.forEach(System::setProperty);
        try {
            Invocation run = Invocation.of(directory, Map.of(), words.toArray(String[]::new));
            assertFalse(run.err().contains("this is a bug"), run.err());
            return run;
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }
}
