package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.formats.DropChoice;
import io.treegrad.formats.Formats;
import io.treegrad.formats.InputPaths;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.model.Manifest;
import io.treegrad.testing.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions of a table, written as users want them. */
class PredictIT {
    private static final int ROWS = 300;

    @TempDir
    private static Path directory;

    private static String model;
    private static String data;

    @BeforeAll
    static void train() throws IOException {
        List<String> table = new ArrayList<>(List.of("x,z,kind"));
        List<String> customers = new ArrayList<>(List.of("customer,kind,z,x"));
        for (int row = 0; row < ROWS; row++) {
            int kind = row % 2;
            table.add((4 * kind + row % 10 / 100.0) + "," + row % 3 + "," + (kind == 0 ? "lily" : "rose"));
            customers.add("C" + row + ",unknown," + row % 3 + "," + 4 * kind);
        }
        Files.write(directory.resolve("table.csv"), table);
        data = Files.write(directory.resolve("customers.csv"), customers).toString();
        model = directory.resolve("model").toString();
        run(
                        "train",
                        "--data",
                        directory.resolve("table.csv").toString(),
                        "--scale",
                        "none",
                        "--hidden",
                        "4",
                        "--batch-size",
                        "10",
                        "--epochs",
                        "10",
                        "--hidden-activation",
                        "tanh",
                        "--learning-rate",
                        "0.02",
                        "--report",
                        "false",
                        "--output",
                        model)
                .succeeded();
    }

    @Test
    void tasksWritePartsThatAreATableOnceAllAreThere() throws IOException {
        Path table = directory.resolve("predictions");
        Files.createDirectory(table);
        Files.writeString(table.resolve("part-00000-0123abcd.csv"), "left by a prediction that was killed");
        Invocation run = predict(
                        "--id",
                        "customer",
                        "--partitions",
                        "3",
                        "--output",
                        table.toUri().toString(),
                        "--json")
                .succeeded();
        assertEquals(ROWS, run.json().get("rows").asInt());
        Manifest manifest = Manifest.verified(new LocalStorage(), table.toString());
        List<String> names = manifest.files().keySet().stream().sorted().toList();
        assertEquals(3, names.size());
        try (Stream<Path> files = Files.list(table)) {
            assertEquals(4, files.count(), "the parts and _SUCCESS");
        }
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            List<String> part = Files.readAllLines(table.resolve(name));
            assertEquals("id,label,output_lily,output_rose", part.get(0));
            lines.addAll(part.subList(1, part.size()));
        }
        for (int row = 0; row < ROWS; row++) {
            String kind = row % 2 == 0 ? "lily" : "rose";
            assertTrue(lines.get(row).startsWith("C" + row + "," + kind + ","), lines.get(row));
        }
        predict("--output", table.toString()).failed(73, "found a finished table in it", "--output");
        assertEquals(manifest, Manifest.verified(new LocalStorage(), table.toString()));
    }

    @Test
    void partsOfParquetAreReadAsTheyWereWritten() throws IOException {
        Path table = directory.resolve("parquet");
        predict("--format-out", "parquet", "--id", "customer", "--output", table.toString())
                .succeeded();
        LocalStorage disk = new LocalStorage();
        List<String> files = new InputPaths(disk).files(table.toString());
        ReadingOptions options = Reading.options(
                        Optional.empty(), DropChoice.parse("label").orElseThrow(), false, true, Optional.empty())
                .forPrediction(new ReadingOptions.ForPrediction(2, Optional.of("id"), false));
        RowSource source =
                Formats.open(Formats.of(disk, files), disk, files, options).train();
        assertEquals(ROWS, source.rows());
        Rows outputs = source.read(RowSet.range(0, ROWS), disk);
        String[] ids = source.ids(RowSet.range(0, ROWS), disk);
        for (int row = 0; row < ROWS; row++) {
            assertEquals("C" + row, ids[row]);
            assertTrue(outputs.value(row, row % 2) > 0.5f, "row " + row);
        }
        predict("--format-out", "parquet").failed(2, "--format-out", "Parquet needs a directory");
    }

    @Test
    void oneFileHasTheColumnsThatAContestWants() throws IOException {
        Path file = directory.resolve("submission.csv");
        predict("--columns", "number=ImageId,label=Label", "--limit", "3", "--output", file.toString())
                .succeeded();
        assertEquals("ImageId,Label\n1,lily\n2,rose\n3,lily\n", Files.readString(file));
        predict("--columns", "id,label").failed(2, "--columns", "expected a column that --id names");
        predict("--columns", "name").failed(2, "--columns", "name");
        predict("--id", "client").failed(78, "client", "--id");
    }

    @Test
    void rowsThatCannotBeReadAreToldAndLeftOut() throws IOException {
        Path bad =
                Files.write(directory.resolve("bad.csv"), List.of("customer,x,z", "a,0,1", "b,zero,1", "c,1", "d,4,2"));
        String[] words = {"predict", "--model", model, "--data", bad.toString(), "--columns", "row,label"};
        run(words).failed(65, "bad.csv:4: found 2 columns, expected 3");
        Invocation two = run(with(words, "--max-bad-rows", "2")).succeeded();
        assertEquals("row,label\n0,lily\n3,rose\n", two.out());
        assertTrue(two.err().contains("2 rows cannot be read and are left out:"), two.err());
        assertTrue(two.err().contains("bad.csv:3: found \"zero\" in column 2"), two.err());
        assertTrue(two.err().contains("bad.csv:4: found 2 columns"), two.err());
        for (String partitions : List.of("1", "4")) { // within one task, and only over all
            Path table = directory.resolve("too-bad-" + partitions);
            run(with(words, "--max-bad-rows", "1", "--partitions", partitions, "--output", table.toString()))
                    .failed(65, "bad.csv:", "found");
            assertFalse(Files.exists(table.resolve("_SUCCESS")));
            try (Stream<Path> files = Files.list(table)) {
                assertEquals(List.of(), files.toList(), "nothing is left of it");
            }
        }
    }

    private static Invocation predict(String... words) {
        return run(with(new String[] {"predict", "--model", model, "--data", data}, words));
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }

    private static Invocation run(String... words) {
        return Invocation.of(directory, Map.of(), words);
    }
}
