package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.formats.DropChoice;
import io.treegrad.formats.Formats;
import io.treegrad.formats.ReadingOptions;
import io.treegrad.network.Task;
import io.treegrad.testing.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
                        PredictionColumns.parse("row,id,outputs").orElseThrow()));
        ReadingOptions options = new ReadingOptions(
                        Optional.empty(), DropChoice.parse("row").orElseThrow(), false, true, Optional.empty())
                .forPrediction(new ReadingOptions.ForPrediction(2, Optional.of("id"), false));
        RowSource source =
                Formats.open(DataFormat.PARQUET, storage, List.of("p"), options).train();
        assertEquals(2, source.rows());
        assertEquals(0.75f, source.read(RowSet.range(0, 2), storage).value(0, 1));
        assertEquals(List.of("a,\"b\"", "ü"), List.of(source.ids(RowSet.range(0, 2), storage)));
    }

    @Test
    void columnsThatAreUnknownOrHaveOneNameAreRefused() {
        for (String wrong : List.of("", "rows", "row,", "row,label=row", "row=", "ROW", "outputs,outputs")) {
            assertTrue(PredictionColumns.parse(wrong).isEmpty(), wrong);
        }
    }

    private static String text(PredictionFormat format, PredictionColumns columns) throws IOException {
        return new String(bytes(format, columns), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(PredictionFormat format, PredictionColumns columns) throws IOException {
        PredictionTable table = new PredictionTable(format, columns, SmallModel.create());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(table.header());
        table.write(ROWS, out);
        return out.toByteArray();
    }
}
