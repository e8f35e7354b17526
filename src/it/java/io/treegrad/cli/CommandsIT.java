package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.run.ExpectedDigests;
import io.treegrad.testing.OnnxRuntime;
import io.treegrad.training.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands from their words to their results, on few rows. */
class CommandsIT {
    private static final int TRAIN_ROWS = 2000;
    private static final int TEST_ROWS = 500;

    @TempDir
    private static Path directory;

    private static String digits;
    private static String published;
    private static Invocation training;

    @BeforeAll
    static void trainOnce() throws IOException {
        digits = DigitFiles.write(directory.resolve("digits of $(mine)"), TRAIN_ROWS, TEST_ROWS)
                .toString();
        published = directory.resolve("a published 100 % model").toString();
        training = train(published, "--epochs", "3", "--validation-rows", "300", "--json")
                .succeeded();
    }

    @Test
    void trainingEndsWithASummaryOfWhatItDid() throws Exception {
        JsonNode summary = training.json();
        assertEquals(1, summary.get("schema").asInt());
        assertEquals("succeeded", summary.get("status").asText());
        assertEquals(0, summary.get("exitCode").asInt());
        assertTrue(summary.get("weightsSha256").asText().matches("[0-9a-f]{64}"));
        assertEquals(3, summary.get("epochs").asInt());
        assertEquals(3 * 17, summary.get("steps").asInt());
        assertEquals("resident", summary.get("engine").asText());
        assertFalse(summary.get("arithmetic").asText().isEmpty());
        assertTrue(summary.get("rowsPerSecond").asLong() > 0);
        double trainSeconds = summary.at("/seconds/train").asDouble();
        assertTrue(
                trainSeconds > 0 && trainSeconds <= summary.at("/seconds/total").asDouble());
        for (String part : List.of("train", "validation", "test")) {
            JsonNode quality = summary.at("/metrics/" + part);
            assertTrue(quality.get("loss").asDouble() > 0, part);
            assertTrue(
                    quality.get("accuracy").asDouble() > 0.5
                            && quality.get("accuracy").asDouble() <= 1,
                    part);
        }
        assertEquals(Invocation.parsed("{\"test\":500,\"train\":1700,\"validation\":300}"), summary.at("/data/rows"));
        Map<String, String> digests = new TreeMap<>();
        summary.at("/data/sha256")
                .properties()
                .forEach(e -> digests.put(e.getKey(), e.getValue().asText()));
        assertEquals(sha256OfFiles(Path.of(digits)), digests);
        String runId = summary.get("runId").asText();
        assertTrue(runId.matches("\\d{8}T\\d{6}Z-[0-9a-z]{4}"), runId);
        assertEquals(published + "/versions/" + runId, summary.get("model").asText());
        assertEquals(summary, Invocation.parsed(Files.readString(Path.of(published, "runs", runId, "run.json"))));
    }

    @Test
    void evaluationFindsWhatTrainingFound() {
        JsonNode summary = training.json();
        Invocation evaluation = run("evaluate", "--model", published, "--data", digits, "--json")
                .succeeded();
        JsonNode found = evaluation.json();
        assertEquals(summary.at("/metrics/test"), found.get("metrics"));
        assertEquals(summary.get("weightsSha256"), found.get("weightsSha256"));
        assertEquals(summary.get("model"), found.get("model"));
        long rows = 0;
        long right = 0;
        for (int label = 0; label < 10; label++) {
            for (int predicted = 0; predicted < 10; predicted++) {
                long count = found.at("/confusion/" + label + "/" + predicted).asLong();
                rows += count;
                right += label == predicted ? count : 0;
            }
        }
        assertEquals(TEST_ROWS, rows);
        assertEquals(right / (double) TEST_ROWS, found.at("/metrics/accuracy").asDouble());
        Invocation text = run("evaluate", "--model", published, "--data", digits, "--partitions", "3")
                .succeeded();
        assertTrue(text.out().contains("Rows 500"), text.out());
        List<String> keys = new ArrayList<>();
        found.get("metrics").fieldNames().forEachRemaining(keys::add);
        assertEquals(
                List.of(
                        "loss",
                        "accuracy",
                        "balancedAccuracy",
                        "macroF1",
                        "worstClassRecall",
                        "logLoss",
                        "top2Accuracy"),
                keys);
        for (String key : keys) {
            assertTrue(text.out().contains(Metric.named(key).orElseThrow().label() + " "), text.out());
        }
        assertTrue(text.out().lines().filter(line -> line.endsWith("  worst")).count() == 1, text.out());
        assertTrue(text.out().lines().skip(2).allMatch(line -> line.length() <= 80), text.out());
    }

    @Test
    void predictionsAreRightAsOftenAsTheAccuracySays() throws IOException {
        int[] labels = new SyntheticDigits(1, 1, TEST_ROWS).labels(new LocalStorage());
        Invocation csv = run("predict", "--model", published, "--data", digits).succeeded();
        List<String> lines = csv.out().lines().toList();
        assertEquals("row,label," + numbered("output_"), lines.get(0));
        assertEquals(TEST_ROWS + 1, lines.size());
        int right = 0;
        for (int row = 0; row < TEST_ROWS; row++) {
            String[] cells = lines.get(row + 1).split(",");
            assertEquals(row, Integer.parseInt(cells[0]));
            double[] outputs = Arrays.stream(cells)
                    .skip(2)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertEquals(10, outputs.length);
            assertEquals(1, Arrays.stream(outputs).sum(), 1e-5);
            int predicted = Integer.parseInt(cells[1]);
            assertEquals(Arrays.stream(outputs).max().orElseThrow(), outputs[predicted]);
            right += predicted == labels[row] ? 1 : 0;
        }
        assertEquals(training.json().at("/metrics/test/accuracy").asDouble(), right / (double) TEST_ROWS);

        Path file = directory.resolve("predictions of é $(x).jsonl");
        run("predict", "--model", published, "--data", digits, "--format-out", "jsonl", "--output", file.toString())
                .succeeded();
        List<String> objects = Files.readAllLines(file);
        assertEquals(TEST_ROWS, objects.size());
        for (int row = 0; row < TEST_ROWS; row++) {
            JsonNode object = Invocation.parsed(objects.get(row));
            List<String> cells = new ArrayList<>(
                    List.of(object.get("row").asText(), object.get("label").asText()));
            object.get("outputs").forEach(output -> cells.add(Float.toString(output.floatValue())));
            assertEquals(lines.get(row + 1), String.join(",", cells));
        }
        // the last bits of an output depend on how many rows are multiplied at once: only labels are compared
        Invocation few = run("predict", "--model", published, "--data", digits, "--limit", "7");
        assertEquals(
                labelled(lines.subList(0, 8)),
                labelled(few.succeeded().out().lines().toList()));
    }

    @Test
    void onnxRuntimePredictsTheSameFromRawPixels() throws Exception {
        Path exported = directory.resolve("exported.onnx");
        Invocation export = run("export", "--model", published, "--output", exported.toString())
                .succeeded();
        assertEquals(exported + "\n", export.out());
        byte[] file = Files.readAllBytes(exported);
        assertArrayEquals(
                Files.readAllBytes(Path.of(training.json().get("model").asText(), "model.onnx")), file);
        Rows digits = new SyntheticDigits(1, 1, TEST_ROWS).read(RowSet.range(0, TEST_ROWS), null);
        float[][] pixels = new float[TEST_ROWS][digits.features()];
        for (int i = 0; i < TEST_ROWS * digits.features(); i++) {
            pixels[i / digits.features()][i % digits.features()] =
                    digits.value(i / digits.features(), i % digits.features());
        }
        OnnxRuntime runtime = OnnxRuntime.run(file, pixels);
        List<String> lines = run("predict", "--model", published, "--data", CommandsIT.digits)
                .succeeded()
                .out()
                .lines()
                .skip(1)
                .toList();
        for (int row = 0; row < TEST_ROWS; row++) {
            String[] cells = lines.get(row).split(",");
            assertEquals(Long.parseLong(cells[1]), runtime.classes().get(row));
            for (int j = 0; j < 10; j++) {
                assertEquals(Float.parseFloat(cells[2 + j]), runtime.outputs().get(row)[j], 1e-5f);
            }
        }
        run("export", "--model", published, "--output", published + "/CURRENT/x.onnx")
                .failed(73, published + "/CURRENT/x.onnx");
        // the model may have gone to standard output, where its name has no place
        assertEquals(
                "",
                run("export", "--model", published, "--output", "/dev/null")
                        .succeeded()
                        .out());
        run("export", "--model", directory + "/nowhere").failed(66, "there is no model", "--model");
    }

    @Test
    void predictionsDoNotDependOnThePartitions() {
        String file = digits + "/" + DigitFiles.TRAIN_PICTURES;
        String once = run("predict", "--model", published, "--data", file, "--partitions", "1")
                .succeeded()
                .out();
        assertEquals(TRAIN_ROWS + 1, once.lines().count());
        for (String partitions : List.of("2", "5", "40")) {
            assertEquals(
                    once,
                    run("predict", "--model", published, "--data", file, "--partitions", partitions)
                            .succeeded()
                            .out(),
                    partitions);
        }
    }

    @Test
    void inspectionVerifiesAModelAndRefusesAFlippedByte() throws IOException {
        String version = training.json().get("model").asText();
        for (String path : List.of(published, version, version + "/model.safetensors")) {
            Invocation whole = run("inspect", path).succeeded();
            assertTrue(whole.out().contains("model, verified"), whole.out());
            assertTrue(whole.out().contains(training.json().get("weightsSha256").asText()), whole.out());
        }
        for (String name : List.of("model.safetensors", "model.json", "_SUCCESS")) {
            Path copy = copied(Path.of(version), directory.resolve("flipped " + name));
            byte[] bytes = Files.readAllBytes(copy.resolve(name));
            bytes[bytes.length / 2] ^= 1;
            Files.write(copy.resolve(name), bytes);
            run("inspect", copy.toString()).failed(65, copy + "/", "expected");
            run("evaluate", "--model", copy.toString(), "--data", digits).failed(65, copy + "/", "expected");
        }
    }

    @Test
    void inspectionTellsWhatDataIs() {
        Invocation directory = run("inspect", digits).succeeded();
        assertTrue(directory.out().contains("2000 rows of 28x28"), directory.out());
        Invocation file = run("inspect", digits + "/" + DigitFiles.TEST_PICTURES, "--json")
                .succeeded();
        JsonNode facts = file.json().at("/inspected/0");
        assertEquals(TEST_ROWS, facts.get("rows").asInt());
        int sum = 0;
        for (JsonNode count : facts.get("rows by class")) {
            sum += count.asInt();
        }
        assertEquals(TEST_ROWS, sum);
    }

    @Test
    void belowTheGateNothingIsPublishedAndTheModelBeforeStays() throws IOException {
        String output = directory.resolve("gate").toString();
        Invocation first =
                train(output, "--epochs", "1", "--min-accuracy", "0.2").succeeded();
        assertTrue(first.out().contains("Model"), first.out());
        Map<String, String> before = published(Path.of(output));
        Invocation second = train(output, "--epochs", "1", "--min-accuracy", "1", "--json");
        second.failed(80, "expected at least 1 (--min-accuracy)", "nothing was published");
        assertEquals(before, published(Path.of(output)));
        JsonNode summary = second.json();
        assertEquals(80, summary.get("exitCode").asInt());
        assertFalse(summary.has("model"));
        assertTrue(summary.at("/metrics/test/accuracy").asDouble() < 1);
        Path runs = Path.of(output, "runs", summary.get("runId").asText(), "run.json");
        assertEquals(summary, Invocation.parsed(Files.readString(runs)));
    }

    @Test
    void gateMayBeOnAnyMetricAndOnAClassAndIsRefusedBeforeTrainingWhereThereIsNone() throws IOException {
        String output = directory.resolve("gates").toString();
        train(output, "--epochs", "1", "--gate", "log-loss<=5,worst-class-recall>=0,recall:7>=0.1")
                .succeeded();
        Map<String, String> before = published(Path.of(output));
        train(output, "--epochs", "1", "--gate", "recall:7>=1")
                .failed(80, "recall of class \"7\"", "expected at least 1 (--gate)", "nothing was published");
        train(output, "--epochs", "1", "--gate", "log-loss<=0")
                .failed(80, "log-loss", "expected at most 0 (--gate)", "nothing was published");
        assertEquals(before, published(Path.of(output)));
        for (String gate : List.of("recall:ten>=0.5", "auc>=0.5")) {
            Invocation refused = train(output, "--gate", gate);
            refused.failed(2, gate, "784-128-10", "Name another");
            assertFalse(refused.err().contains("Engine:"), refused.err());
        }
        train(output, "--gate", "accuracy>0.5").failed(2, "--gate", "accuracy>=0.97");
    }

    @Test
    void modelsAreListedPromotedRolledBackAndPruned() throws IOException {
        String output = directory.resolve("models").toString();
        train(output, "--epochs", "1", "--run-id", "first").succeeded();
        train(output, "--epochs", "2", "--run-id", "second", "--publish-as", "candidate")
                .succeeded();
        JsonNode list =
                run("models", "--output", output, "--json").succeeded().json().get("versions");
        assertEquals("[\"candidate\"]", list.at("/0/aliases").toString());
        assertEquals("[\"champion\"]", list.at("/1/aliases").toString());
        String first = list.at("/1/version").asText();
        String compared = run("models", "compare", "first", "second", "--output", output)
                .succeeded()
                .out();
        assertTrue(compared.lines().anyMatch(line -> line.matches("epochs +1 +2 *")), compared);
        assertFalse(compared.contains("learning-rate"), compared);
        JsonNode promoted = run("models", "promote", "candidate", "--output", output, "--json")
                .succeeded()
                .json();
        assertEquals(first, promoted.get("before").asText());
        assertTrue(Files.readString(Path.of(output, "CURRENT")).contains("second"));
        assertEquals(
                first + "\n",
                run("models", "rollback", "--output", output).succeeded().out());
        assertEquals(first + "\n", Files.readString(Path.of(output, "CURRENT")));
        run("models", "pin", "second", "--output", output).succeeded();
        run("models", "prune", "--keep-versions", "1", "--output", output).succeeded();
        String text = run("models", "--output", output).succeeded().out();
        assertTrue(text.lines().count() == 3 && text.contains("champion") && text.contains("pinned"), text);
        train(output, "--epochs", "1", "--run-id", "worse", "--gate", "accuracy>=1")
                .failed(80);
        run("models", "prune", "--keep-runs", "0", "--output", output).succeeded();
        assertTrue(Files.exists(Path.of(output, "runs", "first", "run.json")), "the run of the champion");
        assertTrue(Files.exists(Path.of(output, "runs", "second", "run.json")), "the run of a pinned version");
        assertFalse(Files.exists(Path.of(output, "runs", "worse")));
        run("models", "prune", "--output", output).failed(2, "--keep-versions", "--keep-runs", "--older-than");
        run("models", "promot", "x", "--output", output).failed(2, "Did you mean promote");
        run("models", "promote", "--output", output).failed(2, "takes 1 version, found 0");
        run("models", "show", "third", "--output", output).failed(66, "there is no version \"third\"");
    }

    @Test
    void newModelMayBeWorseThanThePublishedOneByChanceButMayNotLoseAClass() throws IOException {
        String output = directory.resolve("champion").toString();
        String first = train(output, "--epochs", "3", "--json")
                .succeeded()
                .json()
                .get("model")
                .asText();
        train(output, "--epochs", "3", "--seed", "2", "--gate", "champion:accuracy-0.002")
                .succeeded();
        Map<String, String> before = published(Path.of(output));
        train(output, "--epochs", "1", "--learning-rate", "0.001", "--gate", "champion:accuracy-0.002")
                .failed(80, "rows lost", "expected at most 0.002 less (--gate)", "nothing was published");
        Path withoutThree = copied(Path.of(digits), directory.resolve("without three"));
        byte[] labels = Files.readAllBytes(withoutThree.resolve(DigitFiles.TRAIN_LABELS));
        for (int i = 8; i < labels.length; i++) {
            labels[i] = labels[i] == 3 ? 5 : labels[i];
        }
        Files.write(withoutThree.resolve(DigitFiles.TRAIN_LABELS), labels);
        run(
                        "train",
                        "--data",
                        withoutThree.toString(),
                        "--output",
                        output,
                        "--epochs",
                        "3",
                        "--gate",
                        "champion:accuracy-0.5")
                .failed(80, "recall of class \"3\" is 0.0", "no class is lost", "nothing was published");
        assertEquals(before, published(Path.of(output)));
        assertTrue(Files.exists(Path.of(first)), "an old version");
    }

    /** Not Adam: its steps are bounded, so at no rate do its parameters leave the range of a float in so few. */
    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov"})
    void divergedTrainingIsStoppedAndNotPublished(String optimizer) throws IOException {
        String output = directory.resolve("diverged " + optimizer).toString();
        Invocation run = train(
                output,
                "--epochs",
                "50",
                "--learning-rate",
                "1000000",
                "--optimizer",
                optimizer,
                "--loss",
                "mse",
                "--output-activation",
                "identity",
                "--hidden-activation",
                "identity",
                "--json");
        run.failed(81, "training diverged", "expected a finite number", "Lower the learning rate", "--learning-rate");
        assertEquals(Map.of(), published(Path.of(output)));
        assertEquals(81, run.json().get("exitCode").asInt());
        assertEquals("failed", run.json().get("status").asText());
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefusedBeforeTheDataIsRead() throws IOException {
        Path file = Files.createFile(directory.resolve("a file"));
        for (String output : List.of(file.toString(), file + "/below it")) {
            Invocation run = train(output, "--epochs", "1");
            run.failed(73, output, "expected a directory", "Choose another", "--output");
            assertFalse(run.err().contains("Data:"), run.err());
        }
        run("predict", "--model", published, "--data", digits, "--output", file + "/x")
                .failed(73, file + "/x");
    }

    @Test
    void missingInputIsNamed() {
        String nowhere = directory.resolve("nowhere").toString();
        String output = directory.resolve("missing").toString();
        run("train", "--data", nowhere, "--output", output)
                .failed(66, nowhere, "there is no such file or directory", "fetch-data");
        run("train", "--data", digits, "--test-data", nowhere, "--output", output)
                .failed(66, nowhere);
        run("evaluate", "--model", nowhere, "--data", digits).failed(66, nowhere, "there is no model", "--model");
        run("evaluate", "--model", published, "--data", nowhere).failed(66, nowhere);
        run("inspect", nowhere).failed(66, nowhere);
        run("train", "--data", digits, "--config", nowhere + ".properties").failed(66, nowhere);
    }

    @Test
    void moreNeededThanTheDataHasIsExplainedWithTheFix() {
        String output = directory.resolve("refused").toString();
        train(output, "--shards", "4", "--partitions", "5")
                .failed(2, "--partitions is \"5\"", "there are 4", "more shards");
        train(output, "--shards", "101").failed(78, "101", "--shards", "--batch-size");
        train(output, "--validation-rows", "2000").failed(78, "validation-rows is 2000", "1999", "--validation-rows");
    }

    @Test
    void partsShuffledFromAllRowsAndStandardScalingAreKeptInTheModel() {
        String output = directory.resolve("split").toString();
        Invocation run = run(
                "train",
                "--data",
                digits,
                "--output",
                output,
                "--split",
                "0.6,0.2,0.2",
                "--scale",
                "standard",
                "--epochs",
                "2",
                "--json");
        JsonNode summary = run.succeeded().json();
        assertEquals(Invocation.parsed("{\"test\":500,\"train\":1500,\"validation\":500}"), summary.at("/data/rows"));
        JsonNode all = run("evaluate", "--model", output, "--data", digits, "--json")
                .succeeded()
                .json();
        assertTrue(all.at("/metrics/accuracy").asDouble() > 0.7, "the scaling was not kept with the model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "adam"})
    void eachOptimizerLearnsTheSameBitsOnBothEngines(String optimizer) {
        String rate = optimizer.equals("adam") ? "0.003" : "0.1";
        String output = directory.resolve(optimizer).toString();
        List<JsonNode> summaries = new ArrayList<>();
        for (String[] cluster :
                new String[][] {{"--engine", "resident", "--partitions", "2"}, {"--engine", "tree", "--partitions", "6"}
                }) {
            List<String> words = new ArrayList<>(List.of(
                    "--optimizer",
                    optimizer,
                    "--learning-rate",
                    rate,
                    "--epochs",
                    "2",
                    "--validation-rows",
                    "0",
                    "--shards",
                    "7",
                    "--l2",
                    "0.0001",
                    "--always",
                    "--report",
                    "false",
                    "--json"));
            words.addAll(List.of(cluster));
            summaries.add(
                    train(output, words.toArray(String[]::new)).succeeded().json());
        }
        assertEquals("resident", summaries.get(0).get("engine").asText());
        assertEquals("tree", summaries.get(1).get("engine").asText());
        assertEquals(summaries.get(0).get("weightsSha256"), summaries.get(1).get("weightsSha256"));
        assertEquals(summaries.get(0).get("metrics"), summaries.get(1).get("metrics"));
        assertTrue(summaries.get(0).at("/metrics/test/accuracy").asDouble() > 0.6);
        assertFalse(summaries.get(0).at("/metrics").has("validation"));
    }

    @Test
    void onePicturesFileIsTrainingDataBesideTestRowsOfItsOwn() {
        String output = directory.resolve("files").toString();
        String train = digits + "/" + DigitFiles.TRAIN_PICTURES;
        String test = digits + "/" + DigitFiles.TEST_PICTURES;
        JsonNode summary = run(
                        "train",
                        "--data",
                        train,
                        "--test-data",
                        test,
                        "--output",
                        output,
                        "--epochs",
                        "3",
                        "--validation-rows",
                        "300",
                        "--json")
                .succeeded()
                .json();
        assertEquals(training.json().get("weightsSha256"), summary.get("weightsSha256"));
        assertEquals(training.json().get("metrics"), summary.get("metrics"));
        assertNotEquals(training.json().get("runId"), summary.get("runId"));
    }

    @Test
    void theDefaultsReachNinetyEightPercentOnMnistAndTheirDigest() {
        String mnist = System.getenv("MNIST_DIR");
        assumeTrue(mnist != null, "MNIST_DIR is not set: the defaults are not tried on MNIST.");
        Invocation run = Invocation.of(
                directory,
                Map.of("MNIST_DIR", mnist),
                "train",
                "--output",
                directory.resolve("mnist").toString(),
                "--json");
        JsonNode summary = run.succeeded().json();
        assertEquals("mnist", summary.at("/data/kind").asText());
        assertEquals(
                Invocation.parsed("{\"test\":10000,\"train\":55000,\"validation\":5000}"), summary.at("/data/rows"));
        assertTrue(summary.at("/metrics/test/accuracy").asDouble() >= 0.98, summary.toString());
        assertEquals(
                ExpectedDigests.of("default", 1),
                Optional.of(summary.at("/weightsSha256").asText()));
    }

    private static Invocation train(String output, String... options) {
        List<String> words = new ArrayList<>(List.of("train", "--data", digits, "--output", output));
        words.addAll(List.of(options));
        if (!words.contains("--validation-rows")) {
            words.addAll(List.of("--validation-rows", "200"));
        }
        return run(words.toArray(String[]::new));
    }

    private static Invocation run(String... words) {
        return Invocation.of(directory, Map.of(), words);
    }

    private static List<String> labelled(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst("^([^,]*,[^,]*).*", "$1"))
                .toList();
    }

    private static String numbered(String name) {
        return String.join(
                ",", Stream.iterate(0, i -> i + 1).limit(10).map(i -> name + i).toList());
    }

    /** CURRENT and the version directories, each file with its content. */
    private static Map<String, String> published(Path output) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(output)) {
            for (Path file : new TreeSet<>(all.filter(Files::isRegularFile).toList())) {
                String name = output.relativize(file).toString();
                if (!name.startsWith("runs/")) {
                    found.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return found;
    }

    private static Map<String, String> sha256OfFiles(Path data) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        for (String name : List.of(
                DigitFiles.TRAIN_PICTURES, DigitFiles.TRAIN_LABELS, DigitFiles.TEST_PICTURES, DigitFiles.TEST_LABELS)) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(data.resolve(name)));
            digests.put(name, HexFormat.of().formatHex(digest));
        }
        return digests;
    }

    private static Path copied(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    @Test
    void planTellsWhatPaysInEightyColumns() {
        Invocation plan = run("plan", "--hidden", "20", "--seconds", "0.1").succeeded();
        assertTrue(plan.out().contains("Best: --partitions "), plan.out());
        plan.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        Invocation json =
                run("plan", "--hidden", "20", "--seconds", "0.1", "--json").succeeded();
        assertTrue(json.out().contains("\"best\":{\"executors\":0,\"tasks\":"), json.out());
        assertTrue(json.out().contains("\"simulations\":[{\"parameters\":100000"), json.out());
    }
}
