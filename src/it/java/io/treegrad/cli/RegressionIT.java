package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.testing.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers are trained, measured, predicted and exported; and classes of which one is rare are weighed. */
class RegressionIT {
    private static final int ROWS = 800;
    /** Of what no network can predict. */
    private static final double NOISE = 10;

    @TempDir
    private static Path directory;

    private static Path table;
    private static JsonNode trained;

    @BeforeAll
    static void train() throws IOException {
        table = Files.write(directory.resolve("prices.csv"), prices());
        trained = train("champion", "--gate", "rmse<=40,r2>=0.95").succeeded().json();
    }

    /** price = 5000 + 100 (2 size - age) + noise; every second row counts twice. */
    private static List<String> prices() {
        Random random = new Random(5);
        List<String> lines = new ArrayList<>(List.of("size,age,price,times"));
        for (int row = 0; row < ROWS; row++) {
            double size = random.nextGaussian();
            double age = random.nextGaussian();
            double price = 5000 + 100 * (2 * size - age) + NOISE * random.nextGaussian();
            lines.add(String.format(Locale.ROOT, "%.4f,%.4f,%.4f,%d", size, age, price, 1 + row % 2));
        }
        return lines;
    }

    private static Invocation train(String run, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--json", "--task", "regression", "--run-id", run));
        words.addAll(List.of("--data", table.toString(), "--output", output(), "--label", "price"));
        words.addAll(List.of("--weight", "times", "--scale", "standard", "--split", "0.6,0.2,0.2"));
        words.addAll(List.of("--hidden", "8", "--learning-rate", "0.05", "--epochs", "40"));
        words.addAll(Arrays.asList(more));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }

    private static String output() {
        return directory.resolve("models").toString();
    }

    @Test
    void metricsAreThoseOfNumbers() throws IOException {
        JsonNode test = trained.get("metrics").get("test");
        assertTrue(test.get("rmse").asDouble() > NOISE / 2 && test.get("mae").asDouble() < 3 * NOISE, test.toString());
        assertFalse(test.has("accuracy") || test.has("logLoss"), test.toString());
        String page = Files.readString(Path.of(output(), "runs", "champion", "report", "index.html"));
        assertTrue(page.contains("root mean squared error of"), "the sentence");
        assertTrue(page.contains("\"fit\":{\"actual\":["), "the picture of the fit");
        JsonNode description =
                Invocation.parsed(Files.readString(Path.of(trained.get("model").asText(), "model.json")));
        assertEquals("times", description.get("reading").get("weight").asText());
        assertEquals(0, description.get("labels").size());
        double mean = description.get("network").get("number").get("mean").asDouble();
        assertTrue(Math.abs(mean - 5000) < 50, "the mean is " + mean);
    }

    @Test
    void evaluationPredictionAndOnnxAgree() throws IOException, OrtException {
        JsonNode evaluated = Invocation.of(
                        directory, Map.of(), "evaluate", "--model", output(), "--data", table.toString(), "--json")
                .succeeded()
                .json();
        assertEquals(ROWS, evaluated.get("rows").asInt());
        assertFalse(evaluated.has("confusion"));
        List<String> lines = Invocation.of(
                        directory, Map.of(), "predict", "--model", output(), "--data", table.toString())
                .succeeded()
                .out()
                .lines()
                .toList();
        assertEquals("row,value", lines.get(0));
        float[][] inputs = new float[ROWS][];
        double weight = 0;
        double squares = 0;
        List<String> rows = prices();
        for (int row = 0; row < ROWS; row++) {
            String[] fields = rows.get(row + 1).split(",");
            inputs[row] = new float[] {Float.parseFloat(fields[0]), Float.parseFloat(fields[1])};
            double error = predicted(lines, row) - Double.parseDouble(fields[2]);
            weight += Double.parseDouble(fields[3]);
            squares += Double.parseDouble(fields[3]) * error * error;
        }
        assertEquals(
                Math.sqrt(squares / weight),
                evaluated.get("metrics").get("rmse").asDouble(),
                1e-3);
        byte[] file = Files.readAllBytes(Path.of(trained.get("model").asText(), "model.onnx"));
        List<float[]> outputs = OnnxRuntime.run(file, inputs).outputs();
        for (int row = 0; row < ROWS; row++) {
            assertEquals(predicted(lines, row), outputs.get(row)[0], 1e-2);
        }
    }

    @Test
    void columnsWithoutOneOfTheNamesAreTakenInTheirOrderWithAWarning() throws IOException {
        List<String> lines = new ArrayList<>(List.of("width,years"));
        prices().stream()
                .skip(1)
                .limit(3)
                .map(line -> line.split(","))
                .forEach(row -> lines.add(row[0] + "," + row[1]));
        Path others = Files.write(directory.resolve("others.csv"), lines);
        Invocation predicted =
                Invocation.of(directory, Map.of(), "predict", "--model", output(), "--data", others.toString());
        assertTrue(
                predicted
                        .succeeded()
                        .err()
                        .contains("(width, years) has the name of one that the model was trained on (size, age)"),
                predicted.err());
        lines.set(0, "SIZE,Age");
        Files.write(others, lines);
        Invocation byName =
                Invocation.of(directory, Map.of(), "predict", "--model", output(), "--data", others.toString());
        assertFalse(byName.succeeded().err().contains("Warning"), byName.err());
        assertEquals(predicted.out(), byName.out());
    }

    private static float predicted(List<String> lines, int row) {
        return Float.parseFloat(lines.get(row + 1).split(",")[1]);
    }

    @Test
    void gatesJudgeNumbersAndRefuseWhatTheyDoNotHave() {
        train("again", "--gate", "champion:rmse+0.5").succeeded();
        train("bad", "--gate", "mae<=0.001").failed(80, "MAE", "expected at most 0.001");
        train("refused", "--min-accuracy", "0.9").failed(2, "accuracy", "which predicts numbers", "--min-accuracy");
        train("refused", "--class-weights", "balanced").failed(2, "--class-weights", "there are no classes");
        train("refused", "--target-accuracy", "0.9").failed(2, "--target-accuracy", "numbers have no accuracy");
        train("refused", "--output-activation", "sigmoid").failed(78, "regression with", "output activation sigmoid");
    }

    @Test
    void aRareClassIsFoundWhenClassesAreBalanced() throws IOException {
        Random random = new Random(6);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            boolean rare = row % 20 == 0;
            lines.add(String.format(
                    Locale.ROOT, "%.3f,%s", random.nextGaussian() + (rare ? 1.5 : 0), rare ? "yes" : "no"));
        }
        Path rare = Files.write(directory.resolve("rare.csv"), lines);
        double outvoted = recall(rare, "outvoted", "none");
        double balanced = recall(rare, "balanced", "balanced");
        assertTrue(outvoted < 0.3 && balanced > 0.6, outvoted + " and " + balanced);
        assertEquals(balanced, recall(rare, "named", "yes:19,no:1"), 0.15);
        classify(rare, "unknown", "maybe:2").failed(2, "there is no class \"maybe\"", "no, yes");
    }

    /** Of the class of few rows, on the training rows. */
    private static double recall(Path data, String run, String weights) {
        classify(data, run, weights).succeeded();
        JsonNode counts = Invocation.of(
                        directory,
                        Map.of(),
                        "evaluate",
                        "--model",
                        directory.resolve(run).toString(),
                        "--data",
                        data.toString(),
                        "--json")
                .succeeded()
                .json()
                .get("confusion")
                .get(1);
        return counts.get(1).asDouble()
                / (counts.get(0).asDouble() + counts.get(1).asDouble());
    }

    private static Invocation classify(Path data, String run, String weights) {
        String[] words = {
            "train",
            "--data",
            data.toString(),
            "--output",
            directory.resolve(run).toString(),
            "--run-id",
            run,
            "--scale",
            "none",
            "--hidden",
            "4",
            "--epochs",
            "6",
            "--report",
            "false",
            "--class-weights",
            weights
        };
        return Invocation.of(directory, Map.of(), words);
    }
}
