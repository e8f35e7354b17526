package io.treegrad.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.formats.Formats;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.network.Meaning;
import io.treegrad.network.Task;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.ParquetTables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionTableTest {
    @TempDir
    private static Path directory;

    private static final PredictedRows ROWS = new PredictedRows(
            new long[] {7, 3_000_000_000L}, new String[] {"a,\"b\"", "ü"}, new float[] {0.25f, 0.75f, 1, 0});

    @Test
    void csvHasTheChosenColumnsUnderTheChosenNames() throws IOException {
        assertEquals(
                "id,label,output_no,output_größer\n\"a,\"\"b\"\"\",größer,0.25,0.75\nü,no,1.0,0.0\n",
                text(PredictionFormat.CSV, PredictionColumns.standard(Task.CLASSIFICATION, true)));
        assertEquals(
                "row,label,output_no,output_größer\n7,größer,0.25,0.75\n3000000000,no,1.0,0.0\n",
                text(PredictionFormat.CSV, PredictionColumns.standard(Task.CLASSIFICATION, false)));
        assertEquals(
                "ImageId,Label\n8,größer\n3000000001,no\n",
                text(
                        PredictionFormat.CSV,
                        PredictionColumns.parse("number=ImageId, label=Label").orElseThrow()));
    }

    /** Predictions are joined with other tables by it. */
    @Test
    void anIdIsWrittenAsTheDataHasIt() throws IOException {
        String id = "s3a://user:number@shop/token=7";
        PredictedRows rows = new PredictedRows(new long[] {0}, new String[] {id}, new float[] {0.25f, 0.75f});
        PredictionColumns columns = PredictionColumns.parse("id").orElseThrow();
        assertTrue(new PredictionTable(PredictionFormat.CSV, columns, SmallModel.create()).hasIds());
        assertEquals("id\n" + id + "\n", new String(bytes(PredictionFormat.CSV, columns, rows), UTF_8));
        assertEquals("{\"id\":\"" + id + "\"}\n", new String(bytes(PredictionFormat.JSONL, columns, rows), UTF_8));
        MemoryStorage storage = new MemoryStorage();
        storage.with(
                "p",
                bytes(
                        PredictionFormat.PARQUET,
                        PredictionColumns.parse("id,outputs").orElseThrow(),
                        rows));
        assertEquals(List.of(id), List.of(parquet(storage).ids(RowSet.range(0, 1), storage)));
        PredictedRows ringing = new PredictedRows(new long[] {0}, new String[] {"a\u0007"}, new float[] {0, 1});
        assertEquals(
                "id\na\\u0007\n",
                new String(bytes(PredictionFormat.CSV, columns, ringing), UTF_8),
                "what a terminal would obey");
    }

    @Test
    void outputsHaveTheNameThatWasGiven() throws IOException {
        for (String name : List.of("output", "outputs", "p")) {
            PredictionColumns columns =
                    PredictionColumns.parse("outputs=" + name).orElseThrow();
            assertEquals(
                    "%s_no,%s_größer".formatted(name, name),
                    text(PredictionFormat.CSV, columns).lines().findFirst().orElseThrow());
            assertTrue(text(PredictionFormat.JSONL, columns).startsWith("{\"" + name + "\":["), name);
        }
    }

    @Test
    void linesOfJsonAreAscii() throws IOException {
        assertEquals("""
                {"row":7,"label":"gr\\u00F6\\u00DFer","outputs":[0.25,0.75]}
                {"row":3000000000,"label":"no","outputs":[1.0,0.0]}
                """, text(PredictionFormat.JSONL, PredictionColumns.standard(Task.CLASSIFICATION, false)));
    }

    @Test
    void parquetIsReadAsItWasWritten() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        storage.with(
                "p",
                bytes(
                        PredictionFormat.PARQUET,
                        PredictionColumns.parse("id,outputs").orElseThrow()));
        RowSource source = parquet(storage);
        assertEquals(2, source.rows());
        assertEquals(0.75f, source.read(RowSet.range(0, 2), storage).value(0, 1));
        assertEquals(List.of("a,\"b\"", "ü"), List.of(source.ids(RowSet.range(0, 2), storage)));
    }

    @Test
    void columnsThatAreUnknownOrHaveOneNameAreRefused() {
        for (String wrong : List.of(
                "",
                "rows",
                "row,",
                "row,label=row",
                "row=",
                "ROW",
                "outputs,outputs",
                "row=outputs,outputs",
                "label=output_0,outputs",
                "label=output_rose,outputs",
                "outputs=p,label=p_12")) {
            assertTrue(PredictionColumns.parse(wrong).isEmpty(), wrong);
        }
        assertTrue(
                PredictionColumns.parse("label=output_x,row=output_1,outputs=p").isPresent());
        assertTrue(PredictionColumns.parse("label=p,row=p_1").isPresent(), "without outputs");
    }

    @Test
    void aClassHasANameAndOutputsAndANumberAValue() {
        for (String ofClasses : List.of("row,id,label", "number,outputs")) {
            PredictionColumns columns = PredictionColumns.parse(ofClasses).orElseThrow();
            assertTrue(columns.areFor(Task.CLASSIFICATION), ofClasses);
            assertFalse(columns.areFor(Task.REGRESSION), ofClasses);
        }
        PredictionColumns value = PredictionColumns.parse("row,value").orElseThrow();
        assertTrue(value.areFor(Task.REGRESSION));
        assertFalse(value.areFor(Task.CLASSIFICATION));
    }

    /** 10 + 2 · (0.5 · x + 0.25 · y + 1) */
    @Test
    void theValueOfARowIsANumberOfTheUnitOfTheData() throws IOException {
        TrainedModel model = Models.ofNumbers(new float[] {0.5f, 0.25f, 1}, new Meaning.OfNumbers(10, 2));
        PredictedRows rows = new PredictedRows(new long[] {6}, null, new float[] {1.5f});
        PredictionColumns columns = PredictionColumns.parse("number,value=y").orElseThrow();
        assertFalse(new PredictionTable(PredictionFormat.CSV, columns, model).hasIds());
        assertEquals("number,y\n7,13.0\n", new String(bytes(PredictionFormat.CSV, columns, model, rows), UTF_8));
        assertEquals(
                "{\"number\":7,\"y\":13.0}\n", new String(bytes(PredictionFormat.JSONL, columns, model, rows), UTF_8));
        assertEquals(List.of("number: 7", "y: 13.0"), parquet(bytes(PredictionFormat.PARQUET, columns, model, rows)));
    }

    @Test
    void eachRowOfParquetHasItsOwnNumberLabelAndOutputs() throws IOException {
        assertEquals(
                List.of("row: 7", "label: größer", "o: 0.25 0.75", "row: 3000000000", "label: no", "o: 1.0 0.0"),
                parquet(bytes(
                        PredictionFormat.PARQUET,
                        PredictionColumns.parse("row,label,outputs=o").orElseThrow())));
    }

    private static RowSource parquet(MemoryStorage storage) throws IOException {
        ReadingOptions options =
                ReadingOptions.AUTO.forPrediction(new ReadingOptions.ForPrediction(2, Optional.of("id"), false));
        return Formats.open(DataFormat.PARQUET, storage, List.of("p"), options).train();
    }

    /** The fields of one row after the other. */
    private static List<String> parquet(byte[] table) throws IOException {
        List<String> fields = new ArrayList<>();
        for (Group row : ParquetTables.read(Files.write(directory.resolve("table"), table))) {
            for (Type column : row.getType().getFields()) {
                String name = column.getName();
                fields.add(name + ": "
                        + (column.isPrimitive()
                                ? row.getValueToString(row.getType().getFieldIndex(name), 0)
                                : list(row.getGroup(name, 0))));
            }
        }
        return fields;
    }

    private static String list(Group list) {
        return IntStream.range(0, list.getFieldRepetitionCount("list"))
                .mapToObj(i -> list.getGroup("list", i).getValueToString(0, 0))
                .collect(Collectors.joining(" "));
    }

    private static String text(PredictionFormat format, PredictionColumns columns) throws IOException {
        return new String(bytes(format, columns), UTF_8);
    }

    private static byte[] bytes(PredictionFormat format, PredictionColumns columns) throws IOException {
        return bytes(format, columns, ROWS);
    }

    private static byte[] bytes(PredictionFormat format, PredictionColumns columns, PredictedRows rows)
            throws IOException {
        return bytes(format, columns, SmallModel.create(), rows);
    }

    private static byte[] bytes(
            PredictionFormat format, PredictionColumns columns, TrainedModel model, PredictedRows rows)
            throws IOException {
        PredictionTable table = new PredictionTable(format, columns, model);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(table.header());
        table.write(rows, out);
        return out.toByteArray();
    }
}
