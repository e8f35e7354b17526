package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.BadRows;
import io.treegrad.data.DataFormat;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.ParquetTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What prediction wants of rows beside their values: what identifies them, and what is wrong with some. */
class RowsForPredictionTest {
    private static final String TRAINED = "x,kind,z\n1,a,2\n3,b,4\n";

    @TempDir
    private Path directory;

    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void badRowsArePassedOverWithTheirPlaces() throws IOException {
        put("1.csv", "x,kind,z\n1,?,2\noops,a,2\n5,zebra,6\n7\n\"9\n9\",a,1\n9,b,8\n");
        put("2.csv", "x,kind,z\n10,a,\n11,a,12\n");
        RowSource source = open(Optional.empty(), true, "1.csv", "2.csv");
        assertEquals(8, source.rows());
        BadRows bad = new BadRows(4);
        Rows rows = source.read(RowSet.range(0, 8), storage, bad);
        assertEquals(
                List.of(
                        "1.csv:3: found \"oops\" in column 1 \"x\"",
                        "1.csv:5: found 1 columns, expected 3",
                        "1.csv:6: found \"9?9\" in column 1 \"x\"",
                        "2.csv:2: found \"\" in column 3 \"z\""),
                bad.faults().stream()
                        .map(fault -> fault.getMessage()
                                .replaceFirst(", expected a.*", "")
                                .replaceFirst(" as in the first.*", ""))
                        .toList());
        assertTrue(bad.contains(1) && bad.contains(3) && bad.contains(4) && bad.contains(6));
        assertEquals(5, rows.value(2, 0), "a label that no row of the training data had does no harm");
        assertEquals(8, rows.value(5, 1));
        assertEquals(12, rows.value(7, 1));
        assertEquals(0, rows.value(6, 0));
        UserError tooMany =
                assertThrows(UserError.class, () -> source.read(RowSet.range(0, 8), storage, new BadRows(3)));
        assertTrue(tooMany.getMessage().startsWith("2.csv:2: found"), tooMany.getMessage());
        UserError first = assertThrows(UserError.class, () -> source.read(RowSet.range(0, 8), storage));
        assertTrue(first.getMessage().startsWith("1.csv:3: found"), first.getMessage());
    }

    @Test
    void whatCannotBeRowsIsRefusedAllTheSame() {
        put("t", "x,kind,z\n1,a,2\n3,b,\"4\n" + "5,a,6\n".repeat(200_000));
        UserError error = assertThrows(UserError.class, () -> open(Optional.empty(), true, "t"));
        assertTrue(error.getMessage().contains("a quotation mark without its end"), error.getMessage());
    }

    @Test
    void aColumnIdentifiesTheRows() throws IOException {
        put("1.csv", "customer,z,x\nA-1,2,1\n\"B,2\",4,3\nC\n");
        put("2.csv", "x,z,customer\n5,6,\"D\"\n");
        RowSource source = open(Optional.of("Customer"), true, "1.csv", "2.csv");
        assertEquals(2, source.features());
        assertEquals(
                List.of("B,2", "C", "D"),
                Arrays.asList(source.ids(RowSet.range(1, 4), storage)),
                "a row that is too short has one as well");
        assertEquals(5, source.read(RowSet.of(new int[] {0, 3}), storage).value(1, 0));
        storage.remove("2.csv");
        assertEquals(
                List.of("B,2", "C"),
                Arrays.asList(source.ids(RowSet.range(1, 3), storage)),
                "a file of which no row is wanted is not opened");
        // without a header, by its number
        put("t", "A,1,2\nB,3,4\n");
        RowSource unnamed = open(Optional.of("1"), false, "t");
        assertEquals(List.of("A", "B"), Arrays.asList(unnamed.ids(RowSet.range(0, 2), storage)));
        assertEquals(4, unnamed.read(RowSet.range(0, 2), storage).value(1, 1));
        UserError unknown = assertThrows(UserError.class, () -> open(Optional.of("client"), true, "1.csv"));
        assertEquals(List.of("id"), unknown.settings());
        put("u", "1 1:2\n0 2:1\n");
        RowSource lines = Formats.open(DataFormat.LIBSVM, storage, List.of("u"), ReadingOptions.AUTO)
                .train();
        UserError none = assertThrows(UserError.class, () -> lines.ids(RowSet.range(0, 1), storage));
        assertEquals(List.of("id"), none.settings());
    }

    @Test
    void aColumnOfParquetIdentifiesTheRows() throws IOException {
        LocalStorage disk = new LocalStorage();
        for (String type : List.of("required int64", "optional binary", "required int32")) {
            String path = directory.resolve("t.parquet").toString();
            Path.of(path).toFile().delete();
            boolean isText = type.endsWith("binary");
            ParquetTables.write(
                    Path.of(path),
                    CompressionCodecName.SNAPPY,
                    "message m { required double z; " + type + " customer" + (isText ? " (STRING)" : "")
                            + "; required double x; }",
                    2000,
                    (row, group) -> {
                        group.add("z", row / 2.0);
                        group.add("x", -row / 2.0);
                        if (isText) {
                            group.add("customer", "c" + row);
                        } else if (type.endsWith("64")) {
                            group.add("customer", 10_000_000_000L + row);
                        } else {
                            group.add("customer", row);
                        }
                    });
            put("trained", TRAINED);
            RowSource source = Formats.open(
                            DataFormat.PARQUET, disk, List.of(path), options(Optional.of("customer"), true))
                    .train();
            String expected = isText ? "c1999" : type.endsWith("64") ? "10000001999" : "1999";
            assertEquals(expected, source.ids(RowSet.range(1990, 2000), disk)[9]);
            Rows rows = source.read(RowSet.range(1999, 2000), disk);
            assertEquals(-999.5f, rows.value(0, 0), "x is the first value, as in the training data");
            assertEquals(999.5f, rows.value(0, 1));
        }
    }

    private void put(String path, String content) {
        storage.with(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private ReadingOptions options(Optional<String> id, boolean hasHeader) throws IOException {
        put("trained", hasHeader ? TRAINED : TRAINED.substring(TRAINED.indexOf('\n') + 1));
        RowSource trained =
                CsvTable.open(storage, List.of("trained"), ReadingOptions.AUTO).train();
        ReadingOptions.Precedent like =
                new ReadingOptions.Precedent(trained.reading().orElseThrow(), trained.classNames(), trained.features());
        return ReadingOptions.AUTO.withLike(like).forPrediction(new ReadingOptions.ForPrediction(2, id, true));
    }

    private RowSource open(Optional<String> id, boolean hasHeader, String... paths) throws IOException {
        return CsvTable.open(storage, List.of(paths), options(id, hasHeader)).train();
    }
}
