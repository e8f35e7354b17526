package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The label stands in the first column, as in the digits of Kaggle, and the last pixel could be taken for a label of two
 * classes: whoever reads it so gets a good accuracy, and a model of something else.
 */
class LabelColumnIT {
    private static final int ROWS = 300;
    private static final int PIXELS = 8;
    private static final int CLASSES = 3;

    @TempDir
    private static Path directory;

    private static List<String> rows;
    private static String named;
    private static String unnamed;
    private static JsonNode byHeader;
    private static JsonNode byOption;

    @BeforeAll
    static void trainByHeaderAndByOption() throws IOException {
        rows = rows();
        List<String> lines = new ArrayList<>(rows);
        lines.add(0, "label,pixel1,pixel2,pixel3,pixel4,pixel5,pixel6,pixel7,pixel8");
        named = Files.write(directory.resolve("named.csv"), lines).toString();
        unnamed = Files.write(directory.resolve("unnamed.csv"), rows).toString();
        byHeader = train(named, "by-header").succeeded().json();
        byOption = train(unnamed, "by-option", "--label", "first").succeeded().json();
    }

    @Test
    void columnThatTheHeaderNamesIsTrainedEvaluatedAndPredicted() throws IOException {
        assertLearned(byHeader);
        assertEquals(CLASSES, description(byHeader).get("labels").size());
        assertEquals(
                Invocation.parsed("{\"format\":\"csv\",\"label\":\"first\",\"labelName\":\"label\",\"features\":"
                        + "[\"pixel1\",\"pixel2\",\"pixel3\",\"pixel4\",\"pixel5\",\"pixel6\",\"pixel7\",\"pixel8\"]}"),
                description(byHeader).get("reading"));
        assertLearned(evaluate("by-header", named).succeeded().json());
        assertPredicted(predict("by-header", named).succeeded());
    }

    @Test
    void rowsWithoutNamesAreReadAsTheModelWasTrained() throws IOException {
        assertLearned(byOption);
        assertLearned(evaluate("by-option", unnamed).succeeded().json());
        assertLearned(evaluate("by-header", unnamed).succeeded().json());
        assertPredicted(predict("by-option", unnamed).succeeded());
        // without its label, the same row gives the same answer
        String bare = Files.write(
                        directory.resolve("bare.csv"),
                        rows.stream()
                                .map(row -> row.substring(row.indexOf(',') + 1))
                                .toList())
                .toString();
        assertEquals(
                predict("by-option", unnamed).succeeded().out(),
                predict("by-option", bare, "--label", "none").succeeded().out());
    }

    @Test
    void whoContradictsTheHeaderOrTheModelIsToldBoth() {
        train(named, "never", "--label", "last").failed(78, "last", "column 9 \"pixel8\"", "column 1 \"label\"");
        evaluate("by-option", unnamed, "--label", "last").failed(2, "--label", "\"last\"", "the first column");
        predict("by-option", unnamed, "--label", "last").failed(2, "--label", "\"last\"", "the first column");
        evaluate("by-option", unnamed, "--label", "first").succeeded();
    }

    private static Invocation train(String data, String output, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--json", "--data", data, "--output", path(output)));
        words.addAll(List.of("--split", "0.6,0.2,0.2", "--scale", "none", "--hidden", "16", "--epochs", "20"));
        words.addAll(List.of("--batch-size", "15", "--learning-rate", "0.02", "--min-accuracy", "0.8"));
        words.addAll(List.of(more));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }

    private static Invocation evaluate(String model, String data, String... more) {
        List<String> words = new ArrayList<>(List.of("evaluate", "--json", "--model", path(model), "--data", data));
        words.addAll(List.of(more));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }

    private static Invocation predict(String model, String data, String... more) {
        List<String> words = new ArrayList<>(List.of("predict", "--model", path(model), "--data", data));
        words.addAll(List.of(more));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }

    private static String path(String name) {
        return directory.resolve(name).toString();
    }

    private static JsonNode description(JsonNode training) throws IOException {
        return Invocation.parsed(
                Files.readString(Path.of(training.get("model").asText()).resolve("model.json")));
    }

    /** Of the summary of a training or an evaluation. */
    private static void assertLearned(JsonNode summary) {
        JsonNode metrics = summary.get("metrics");
        JsonNode test = metrics.has("test") ? metrics.get("test") : metrics;
        assertTrue(test.get("accuracy").asDouble() > 0.8, summary.toString());
        if (summary.has("confusion")) {
            assertEquals(CLASSES, summary.get("confusion").size(), summary.toString());
        }
    }

    private static void assertPredicted(Invocation prediction) {
        List<String> lines = prediction.out().lines().skip(1).toList();
        assertEquals(ROWS, lines.size());
        int right = 0;
        for (int row = 0; row < ROWS; row++) {
            right += lines.get(row).startsWith(row + "," + row % CLASSES + ",") ? 1 : 0;
        }
        assertTrue(right > 0.8 * ROWS, right + " of " + ROWS);
    }

    /** The label, pixels that tell it, and a last pixel of 0 or 1 that is 1 where the first is bright. */
    private static List<String> rows() {
        Random random = new Random(11);
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            int label = row % CLASSES;
            StringBuilder line = new StringBuilder().append(label);
            double first = 0;
            for (int pixel = 0; pixel < PIXELS - 1; pixel++) {
                double value = random.nextGaussian() + (pixel % CLASSES == label ? 2.5 : 0);
                first = pixel == 0 ? value : first;
                line.append(',').append(Math.round(value * 100) / 100.0);
            }
            rows.add(line.append(first > 1.25 ? ",1" : ",0").toString());
        }
        return rows;
    }
}
