package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.api.Model;
import io.treegrad.cli.Invocation;
import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.spark.LabeledRow;
import io.treegrad.spark.RddRows;
import io.treegrad.testing.FormatFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training within the Spark application of somebody else, who goes on with it. */
class TrainerIT {
    private static final int ROWS = 400;
    private static final Map<String, String> SETTINGS =
            Map.of("hidden", "12", "epochs", "3", "batch-size", "50", "shards", "6", "split", "0.7,0.1,0.2");

    @TempDir
    private static Path directory;

    private static String weightsFromFile;
    private static JavaSparkContext context;

    @BeforeAll
    static void trainFromAFile() throws IOException {
        Path csv = FormatFiles.write(DataFormat.CSV, directory, digits());
        List<String> words = new ArrayList<>(List.of("train", "--data", csv.toString(), "--json"));
        words.addAll(List.of("--output", directory.resolve("file").toString(), "--report", "false"));
        SETTINGS.forEach((name, text) -> words.addAll(List.of("--" + name, text)));
        weightsFromFile = Invocation.of(directory, Map.of(), words.toArray(String[]::new))
                .succeeded()
                .json()
                .get("weightsSha256")
                .asText();
        context = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("of somebody else")
                .set("spark.ui.enabled", "false"));
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Test
    void theSameRowsFromARddEndInTheSameWeights() throws IOException {
        for (int partitions : new int[] {1, 7}) {
            for (String engine : List.of("resident", "tree")) {
                Model model = trainer(Map.of("engine", engine)).train(RddRows.ofClasses(rows(partitions)));
                assertEquals(weightsFromFile, model.weightsSha256(), engine + " from " + partitions);
            }
        }
        assertEquals(ROWS, rows(3).count(), "the application goes on");
    }

    @Test
    void theModelIsPublishedWhereOutputIsSetIfItPassesItsGates() throws IOException {
        Path output = directory.resolve("published");
        Map<String, String> gate = Map.of("output", output.toString(), "gate", "accuracy>=0.999");
        UserError refused = assertThrows(UserError.class, () -> trainer(gate).train(RddRows.ofClasses(rows(2))));
        assertEquals(UserError.Kind.GATE_NOT_MET, refused.kind());
        assertFalse(Files.exists(output.resolve("CURRENT")));
        List<String> names =
                IntStream.range(0, 10).mapToObj(digit -> "digit " + digit).toList();
        trainer(Map.of("output", output.toString())).train(RddRows.ofClasses(rows(2), names));
        Model loaded = Model.load(output);
        assertEquals(weightsFromFile, loaded.weightsSha256());
        assertEquals(names, loaded.labels());
    }

    @Test
    void anOutputThatCannotBeWrittenIsToldBeforeTheRowsAreRead() throws IOException {
        LongAccumulator computed = context.sc().longAccumulator();
        RddRows rows = RddRows.ofClasses(rows(2).map(row -> {
            computed.add(1);
            return row;
        }));
        long before = computed.value();
        Trainer trainer = trainer(Map.of("output", "/proc/nosuch/models"));
        UserError refused = assertThrows(UserError.class, () -> trainer.train(rows));
        assertEquals(UserError.Kind.CANNOT_WRITE, refused.kind());
        assertEquals(before, computed.value());
    }

    @Test
    void numbersArePredictedToo() throws IOException {
        JavaRDD<LabeledRow> rows = context.parallelize(
                        IntStream.range(0, 200).boxed().toList(), 3)
                .map(i -> LabeledRow.of(100 + 3 * (i % 17) - 2 * (i % 5), Vectors.dense(i % 17, i % 5)));
        Model model =
                new Trainer(Map.of("epochs", "60", "batch-size", "20", "hidden", "16")).train(RddRows.ofNumbers(rows));
        assertEquals(100 + 3 * 8 - 2 * 3, model.predict(new float[] {8, 3}).number(), 1.5f);
    }

    @Test
    void whatCannotBeTrainedOnIsToldWithItsPlace() {
        assertRefused("row 1 of partition 0 of the RDD: found label 0.5", row(0, 1), row(0.5f, 1));
        assertRefused("found the value NaN at index 1", row(0, 1, Float.NaN));
        assertRefused("found 1 values, expected 2", row(0, 1, 2), row(1, 1));
        assertRefused("The RDD has no rows");
        assertRefused("row 0 of partition 0 of the RDD: found null", (LabeledRow) null);
        for (List<String> names : List.of(List.<String>of(), List.of("a", "a"))) {
            UserError refused = assertThrows(UserError.class, () -> RddRows.ofClasses(rows(1), names));
            assertTrue(refused.getMessage().startsWith("The classes are named " + names), refused.getMessage());
        }
        assertTrue(assertThrows(UserError.class, () -> new Trainer(Map.of("hiden", "3")))
                .getMessage()
                .contains("hidden"));
        assertTrue(assertThrows(UserError.class, () -> new Trainer(Map.of("gate", "accuracy>=0.9")))
                .getMessage()
                .contains("the setting gate has no effect where nothing is published"));
        for (String name : List.of("data", "label", "run-id", "resume", "json", "warm-start", "port", "exchange")) {
            UserError refused = assertThrows(UserError.class, () -> new Trainer(Map.of(name, "x")));
            assertTrue(refused.getMessage().contains("the setting " + name + " has no effect"), refused.getMessage());
        }
    }

    @Test
    void settingsAreToldByTheirNames() {
        for (Map.Entry<String, String> wrong :
                Map.of("hidden", "0", "momentum", "0.5").entrySet()) {
            Trainer trainer = trainer(Map.of("optimizer", "adam", wrong.getKey(), wrong.getValue()));
            UserError refused = assertThrows(UserError.class, () -> trainer.train(RddRows.ofClasses(rows(1))));
            assertEquals(UserError.Kind.USAGE, refused.kind());
            assertTrue(refused.getMessage().startsWith(wrong.getKey() + " is \""), refused.getMessage());
            assertFalse(refused.getMessage().contains("--"), refused.getMessage());
        }
    }

    @Test
    void theExampleTrainsAndPublishes() throws IOException {
        context.close();
        Path points = Files.write(
                directory.resolve("points.txt"),
                IntStream.range(0, 300)
                        .mapToObj(i -> i % 7 / 7.0 + " " + i % 5 + " " + (i % 2 == 0 ? -3 : 3) + " " + i % 2)
                        .toList());
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.app.name", "example");
        System.setProperty("spark.ui.enabled", "false");
        try {
            TrainOnRdd.main(
                    new String[] {points.toString(), directory.resolve("points").toString()});
        } finally {
            List.of("spark.master", "spark.app.name", "spark.ui.enabled").forEach(System::clearProperty);
            context = new JavaSparkContext("local[2]", "of somebody else");
        }
        assertEquals(
                "0",
                Model.load(directory.resolve("points"))
                        .predict(new float[] {0.5f, 1, -3})
                        .label());
    }

    private static void assertRefused(String part, LabeledRow... rows) {
        UserError refused =
                assertThrows(UserError.class, () -> RddRows.ofClasses(context.parallelize(Arrays.asList(rows), 1)));
        assertEquals(UserError.Kind.BAD_DATA, refused.kind());
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    private static LabeledRow row(float label, float... values) {
        return new LabeledRow(label, values);
    }

    private static Trainer trainer(Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.putAll(more);
        return new Trainer(settings);
    }

    private static Rows digits() {
        return new SyntheticDigits(5, 0, ROWS).read(RowSet.range(0, ROWS), null);
    }

    private static JavaRDD<LabeledRow> rows(int partitions) {
        Rows digits = digits();
        List<LabeledRow> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            float[] values = new float[digits.features()];
            for (int i = 0; i < values.length; i++) {
                values[i] = digits.value(row, i);
            }
            rows.add(new LabeledRow(digits.label(row), values));
        }
        return context.parallelize(rows, partitions);
    }
}
