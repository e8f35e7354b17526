package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.common.ArmedFailpoint;
import io.treegrad.storage.Hdfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 19 through the command line: data, checkpoints, models and pages on a real HDFS. */
class TrainOnHdfsIT {
    @TempDir
    private static Path directory;

    private static Hdfs hdfs;
    private static Path digits;
    private static JsonNode uninterrupted;

    @BeforeAll
    static void start() throws IOException {
        digits = DigitFiles.write(directory.resolve("digits"), 600, 200);
        hdfs = new Hdfs(directory.resolve("hdfs"), 2);
        hdfs.files()
                .copyFromLocalFile(
                        new org.apache.hadoop.fs.Path(digits.toUri()), new org.apache.hadoop.fs.Path("/digits"));
        uninterrupted = train(directory.resolve("output").toString(), digits.toString())
                .succeeded()
                .json();
    }

    @AfterAll
    static void stop() {
        hdfs.close();
    }

    @Test
    void aRunThatDiesBetweenItsStepsContinuesFromHdfsToTheSameBits() throws IOException {
        String output = hdfs.uri() + "/between";
        try (ArmedFailpoint failpoint = new ArmedFailpoint("after-step:7:throw")) {
            Invocation died = train(output, hdfs.uri() + "/digits", "--run-id", "nightly");
            assertEquals(1, died.code(), died.err());
            assertEquals(1, failpoint.hits());
        }
        assertFalse(exists("/between/CURRENT"));
        JsonNode summary = train(output, hdfs.uri() + "/digits", "--run-id", "nightly")
                .succeeded()
                .json();
        long resumed = summary.get("resumedAtStep").asLong();
        assertTrue(resumed > 0 && resumed <= 8, summary.toString());
        assertSameAsUninterrupted(summary, output);
    }

    @Test
    void aRunThatDiesWhilePublishingTrainsNoStepAgain() throws IOException {
        String output = hdfs.uri() + "/publishing";
        try (ArmedFailpoint failpoint = new ArmedFailpoint("version-before-success:0:throw")) {
            assertEquals(
                    1, train(output, digits.toString(), "--run-id", "nightly").code());
            assertEquals(1, failpoint.hits());
        }
        assertFalse(exists("/publishing/CURRENT"));
        assertEquals(1, hdfs.files().listStatus(path("/publishing/versions")).length);
        JsonNode summary = train(output, digits.toString(), "--run-id", "nightly")
                .succeeded()
                .json();
        assertEquals(summary.get("steps").asLong(), summary.get("resumedAtStep").asLong());
        assertSameAsUninterrupted(summary, output);
        Invocation again =
                train(output, digits.toString(), "--run-id", "nightly").succeeded();
        assertTrue(again.err().contains("is finished"), again.err());
    }

    @Test
    void inSafeModeARunIsRefusedBeforeItBeginsAndPassesLater() throws IOException {
        String output = hdfs.uri() + "/safe";
        hdfs.safeMode(true);
        try {
            Invocation refused = train(output, digits.toString(), "--run-id", "nightly");
            refused.failed(75, output, "safe mode", "Run again later");
            assertFalse(refused.err().contains("Data:"), refused.err());
        } finally {
            hdfs.safeMode(false);
        }
        assertSameAsUninterrupted(
                train(output, digits.toString(), "--run-id", "nightly")
                        .succeeded()
                        .json(),
                output);
    }

    private static void assertSameAsUninterrupted(JsonNode summary, String output) throws IOException {
        assertEquals(uninterrupted.get("weightsSha256"), summary.get("weightsSha256"));
        assertEquals(uninterrupted.get("metrics"), summary.get("metrics"));
        assertTrue(summary.get("model").asText().startsWith(output + "/versions/"), summary.toString());
        JsonNode evaluation = run("evaluate", "--model", output, "--data", hdfs.uri() + "/digits", "--json")
                .succeeded()
                .json();
        assertEquals(uninterrupted.get("weightsSha256"), evaluation.get("weightsSha256"));
        assertEquals(uninterrupted.at("/metrics/test"), evaluation.get("metrics"));
        String runs = output.substring(hdfs.uri().length()) + "/runs/nightly/";
        for (String file : List.of("run.json", "metrics.jsonl", "losses.json", "report/index.html")) {
            assertTrue(exists(runs + file), file);
        }
        assertFalse(exists(runs + "LOCK"));
    }

    private static boolean exists(String path) throws IOException {
        return hdfs.files().exists(path(path));
    }

    private static org.apache.hadoop.fs.Path path(String path) {
        return new org.apache.hadoop.fs.Path(path);
    }

    private static Invocation train(String output, String data, String... options) {
        List<String> words = new ArrayList<>(List.of("train", "--data", data, "--output", output));
        words.addAll(List.of("--epochs", "3", "--validation-rows", "100", "--checkpoint-every", "5s", "--json"));
        words.addAll(List.of(options));
        return run(words.toArray(String[]::new));
    }

    private static Invocation run(String... words) {
        return Invocation.of(directory, Map.of(), words);
    }
}
