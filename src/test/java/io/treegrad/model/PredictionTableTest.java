package io.treegrad.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.formats.Formats;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.network.Task;
import io.treegrad.testing.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PredictionTableTest {
    private static final PredictedRows ROWS = new PredictedRows(
            new long[] {7, 3_000_000_000L}, new String[] {"a,\"b\"", "ü"}, new float[] {0.25f, 0.75f, 1, 0});

    @Test
    void csvHasTheChosenColumnsUnderTheChosenNames() throws IOException {
        assertEquals(
                "id,label,output_0,output_1\n\"a,\"\"b\"\"\",größer,0.25,0.75\nü,no,1.0,0.0\n",
                text(PredictionFormat.CSV, PredictionColumns.standard(Task.CLASSIFICATION, true)));
        assertEquals(
                "row,label,output_0,output_1\n7,größer,0.25,0.75\n3000000000,no,1.0,0.0\n",
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
                    "%s_0,%s_1".formatted(name, name),
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
                "outputs=p,label=p_12")) {
            assertTrue(PredictionColumns.parse(wrong).isEmpty(), wrong);
        }
        assertTrue(
                PredictionColumns.parse("label=output_x,row=output_1,outputs=p").isPresent());
    }

    private static RowSource parquet(MemoryStorage storage) throws IOException {
        ReadingOptions options =
                ReadingOptions.AUTO.forPrediction(new ReadingOptions.ForPrediction(2, Optional.of("id"), false));
        return Formats.open(DataFormat.PARQUET, storage, List.of("p"), options).train();
    }

    private static String text(PredictionFormat format, PredictionColumns columns) throws IOException {
        return new String(bytes(format, columns), UTF_8);
    }

    private static byte[] bytes(PredictionFormat format, PredictionColumns columns) throws IOException {
        return bytes(format, columns, ROWS);
    }

    private static byte[] bytes(PredictionFormat format, PredictionColumns columns, PredictedRows rows)
            throws IOException {
        PredictionTable table = new PredictionTable(format, columns, SmallModel.create());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(table.header());
        table.write(rows, out);
        return out.toByteArray();
    }
}
