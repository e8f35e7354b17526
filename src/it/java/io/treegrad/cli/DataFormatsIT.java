package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.testing.FormatFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rows, however they are packed, give the same bits; and what was found in them is kept by the model. */
class DataFormatsIT {
    private static final int ROWS = 300;

    @TempDir
    private static Path directory;

    private static Rows rows;

    @BeforeAll
    static void draw() {
        rows = new SyntheticDigits(5, 0, ROWS).read(RowSet.range(0, ROWS), null);
    }

    @Test
    void theSameRowsInEveryPackingGiveTheSameWeights() throws IOException {
        for (DataFormat format : List.of(DataFormat.IDX, DataFormat.NPZ, DataFormat.CSV, DataFormat.LIBSVM)) {
            FormatFiles.write(format, directory, rows);
        }
        List<String> csv = FormatFiles.csv(rows);
        Files.createDirectories(file("parquet"));
        for (int part = 0; part < 3; part++) {
            FormatFiles.parquet(file("parquet/part-0000" + part + ".snappy.parquet"), rows, 100 * part, 100);
        }
        Files.createFile(file("parquet/_SUCCESS"));
        Files.createDirectories(file("parts"));
        for (int part = 0; part < 10; part++) {
            Files.write(file("parts/part-0000" + part + ".csv"), csv.subList(30 * part, 30 * part + 30));
        }
        Files.createFile(file("parts/_SUCCESS"));
        List<String> shuffledNames = new ArrayList<>();
        for (int part = 0; part < 10; part++) {
            shuffledNames.add(file("parts/part-0000" + part + ".csv").toString());
        }
        String expected = weights("train-images-idx3-ubyte");
        for (String data : List.of(
                "digits.npz",
                "digits.csv",
                "digits.libsvm",
                "parquet",
                "parts",
                "parts/part-*.csv",
                "parts/part-{00000..00004}.csv," + file("parts/part-0000[5-9].csv"))) {
            assertEquals(expected, weights(data), data);
        }
        assertEquals(
                expected,
                weights(String.join(",", shuffledNames)
                        .substring(directory.toString().length() + 1)));
    }

    @Test
    void namesOfClassesAndTheWayOfReadingAreKept() throws IOException {
        List<String> names = List.of("lily", "rose", "tulip");
        List<String> table = new ArrayList<>(List.of("Id;kind;x;y2;z"));
        for (int row = 0; row < 150; row++) {
            String values = row % 3 + row % 7 / 10.0 + ";" + (row % 3 == 1 ? 2 : 0) + ";" + row % 5;
            table.add(row + 1 + ";" + names.get(row % 3) + ";" + values);
        }
        Files.write(file("flowers.csv"), table);
        Invocation run = run(
                        "train",
                        "--data",
                        file("flowers.csv").toString(),
                        "--scale",
                        "none",
                        "--hidden",
                        "8",
                        "--epochs",
                        "40",
                        "--batch-size",
                        "10",
                        "--learning-rate",
                        "0.05",
                        "--split",
                        "0.6,0.2,0.2",
                        "--output",
                        file("flowers").toString(),
                        "--gate",
                        "recall:tulip>=0.1",
                        "--json")
                .succeeded();
        assertTrue(
                run.err().contains("Its label is column 2 \"kind\". Left out: \"Id\". Classes: lily, rose, tulip."),
                run.err());
        JsonNode model = Invocation.parsed(
                Files.readString(Path.of(run.json().get("model").asText()).resolve("model.json")));
        assertEquals("[\"lily\",\"rose\",\"tulip\"]", model.get("labels").toString());
        assertEquals(
                Invocation.parsed("{\"format\":\"csv\",\"label\":\"2\",\"labelName\":\"kind\",\"dropped\":[\"Id\"],"
                        + "\"features\":[\"x\",\"y2\",\"z\"]}"),
                model.get("reading"));
        String page =
                Files.readString(file("flowers/runs/" + run.json().get("runId").asText() + "/report/index.html"));
        assertTrue(page.contains("tulip"));
        // columns in another order, one that the model does not know, and no label: as the model was trained
        Files.write(file("new.csv"), List.of("z;note;y2;x", "3;a;2;1.1", "3;b;0;0.1"));
        Invocation predicted = run(
                        "predict",
                        "--model",
                        file("flowers").toString(),
                        "--data",
                        file("new.csv").toString())
                .succeeded();
        assertTrue(predicted.out().contains("0,rose,"), predicted.out());
        assertTrue(predicted.out().contains("1,lily,"), predicted.out());
        Invocation evaluated = run(
                        "evaluate",
                        "--model",
                        file("flowers").toString(),
                        "--data",
                        file("flowers.csv").toString())
                .succeeded();
        assertTrue(evaluated.out().contains("tulip"), evaluated.out());
    }

    @Test
    void valuesAreScaledAsTheySuggest() throws IOException {
        Files.write(file("pixels.csv"), List.of("0,255,0", "17,128,0", "255,3,1", "130,0,1"));
        Files.write(file("shares.libsvm"), List.of("0 1:0.25 2:1", "0 1:-1 2:0.5", "1 2:0.125", "1 1:1"));
        Files.write(file("measures.csv"), List.of("5.1,3.5,0", "4.9,3.0,0", "7.0,3.2,1", "6.4,3.2,1"));
        assertScaled("pixels.csv", "unit", "Values are divided by 255, as those of pixels.");
        assertScaled("shares.libsvm", "none", "Values are not scaled, since all lie within -1 and 1.");
        assertScaled("measures.csv", "standard", "Values are scaled to mean 0 and deviation 1, column by column.");
    }

    private static void assertScaled(String data, String expected, String sentence) throws IOException {
        Path output = file("scaled " + data);
        String[] words = {"train", "--data", file(data).toString(), "--epochs", "1", "--report", "false", "--json"};
        Invocation run = run(Stream.concat(Stream.of(words), Stream.of("--output", output.toString()))
                        .toArray(String[]::new))
                .succeeded();
        assertTrue(run.err().contains(sentence), run.err());
        Path model = Path.of(run.json().get("model").asText(), "model.json");
        assertEquals(
                expected,
                Invocation.parsed(Files.readString(model)).at("/scaling/name").asText());
    }

    private static String weights(String data) {
        return run(
                        "train",
                        "--data",
                        directory + "/" + data,
                        "--hidden",
                        "16",
                        "--epochs",
                        "2",
                        "--report",
                        "false",
                        "--validation-rows",
                        "60",
                        "--output",
                        file("output").toString(),
                        "--json")
                .succeeded()
                .json()
                .get("weightsSha256")
                .asText();
    }

    private static Invocation run(String... words) {
        return Invocation.of(directory, Map.of(), words);
    }

    private static Path file(String name) {
        return directory.resolve(name);
    }
}
