package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.network.Task;
import io.treegrad.testing.ParquetTables;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored as a number or bytes means what its type says. */
class ParquetTypeTest {
    private static final LocalStorage STORAGE = new LocalStorage();
    private static final Optional<String> NO_COLUMN = Optional.empty();

    @TempDir
    private Path directory;

    /** Spark stores decimals in four, eight or more bytes, as many as they need. */
    @Test
    void decimalsHaveTheirPoint() throws IOException {
        String path = write(
                "a",
                "required int32 a (DECIMAL(6,2)); required int64 b (DECIMAL(12,4)); required fixed_len_byte_array(9) c"
                        + " (DECIMAL(20,1)); required binary d (DECIMAL(30,3)); required int64 price (DECIMAL(10,2));"
                        + " required int32 times (DECIMAL(4,1));",
                (row, group) -> {
                    group.add("a", 1999);
                    group.add("b", -25_000L * row);
                    group.add("c", bytes("-123", 9));
                    group.add("d", bytes("98765", 3));
                    group.add("price", 1950L + row);
                    group.add("times", 15);
                });
        Rows rows = open(path, Task.REGRESSION, "price", Optional.of("times"), NO_COLUMN)
                .read(RowSet.range(1, 3), STORAGE);
        assertEquals(19.99f, rows.value(0, 0));
        assertEquals(-2.5f, rows.value(0, 1));
        assertEquals(-12.3f, rows.value(0, 2));
        assertEquals(98.765f, rows.value(0, 3));
        assertEquals(19.52f, rows.target(1));
        assertEquals(1.5f, rows.weight(0));
    }

    @Test
    void decimalsAreLabelsAndIdentifyRows() throws IOException {
        String path = write(
                "a",
                "required int32 key (DECIMAL(6,2)); required int32 large (INTEGER(32,false)); required int64 huge"
                        + " (INTEGER(64,false)); required int32 label (DECIMAL(4,1));",
                (row, group) -> {
                    group.add("key", 150 + row);
                    group.add("large", -1);
                    group.add("huge", -1L);
                    group.add("label", 10 * (row % 2));
                });
        RowSource source = open(path, Task.CLASSIFICATION, "label", NO_COLUMN, NO_COLUMN);
        assertEquals(2, source.classes());
        Rows rows = source.read(RowSet.range(0, 1), STORAGE);
        assertEquals(0x1p32f, rows.value(0, 1), "without a sign");
        assertEquals(0x1p64f, rows.value(0, 2), "without a sign");
        assertEquals("[1.51, 1.52]", ids(path, "key"));
        assertEquals("[4294967295, 4294967295]", ids(path, "large"));
        assertEquals("[18446744073709551615, 18446744073709551615]", ids(path, "huge"));
    }

    private String ids(String path, String column) throws IOException {
        return Arrays.toString(open(path, Task.CLASSIFICATION, "label", NO_COLUMN, Optional.of(column))
                .ids(RowSet.range(1, 3), STORAGE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            required int32 label (DATE)                        | found the label in label, a required int32 label (DATE)
            required int64 label (TIMESTAMP(MICROS,true))      | found the label in label, a required int64 label
            required int96 label                               | found the label in label, a required int96 label
            required binary label                              | found the label in label, a required binary label
            required group label { required double element; }  | found the label in label, a required group label {
            """)
    void labelsAreNumbersOrNames(String column, String found) throws IOException {
        String path = write("a", "required double x; " + column + (column.endsWith("}") ? "" : ";"), (row, group) -> {
            group.add("x", 1.0);
            switch (column.split(" ")[1]) {
                case "int32" -> group.add("label", 20_000 + row % 2);
                case "int64" -> group.add("label", 20_000L + row % 2);
                case "group" -> group.addGroup("label").add("element", 1.0);
                default -> group.add("label", bytes("1", 12));
            }
        });
        for (Task task : Task.values()) {
            UserError error = assertThrows(UserError.class, () -> open(path, task, "label", NO_COLUMN, NO_COLUMN));
            assertTrue(error.getMessage().contains(found), error.getMessage());
            assertTrue(error.getMessage().contains("expected a column of numbers or names"), error.getMessage());
            assertEquals(1, error.getMessage().lines().count());
            assertEquals(List.of("label"), error.settings());
        }
    }

    @Test
    void weightsAreNumbers() throws IOException {
        String path = write(
                "a",
                "required double x; required binary text (STRING); required group list (LIST) { repeated group list {"
                        + " required double element; } } required int32 label;",
                (row, group) -> {
                    group.add("x", 1.0);
                    group.add("text", "1.5");
                    group.addGroup("list").addGroup("list").add("element", 1.0);
                    group.add("label", row % 2);
                });
        for (String weight : List.of("text", "list")) {
            String other = weight.equals("text") ? "list" : "text";
            ReadingOptions options = new ReadingOptions(
                    Optional.empty(),
                    DropChoice.parse(other).orElseThrow(),
                    Optional.of(weight),
                    Task.CLASSIFICATION,
                    false,
                    false,
                    Optional.empty(),
                    Optional.empty());
            UserError error = assertThrows(
                    UserError.class, () -> Formats.open(DataFormat.PARQUET, STORAGE, List.of(path), options));
            assertTrue(error.getMessage().contains("found the weights in " + weight + ", a "), error.getMessage());
            assertEquals(List.of("weight"), error.settings());
        }
    }

    @Test
    void aBlankNameIsNoClass() throws IOException {
        String path = write("a", "required double x; required binary label (STRING);", (row, group) -> {
            group.add("x", 1.0);
            group.add("label", row == 2 ? " " : "red");
        });
        UserError error =
                assertThrows(UserError.class, () -> open(path, Task.CLASSIFICATION, "label", NO_COLUMN, NO_COLUMN));
        assertTrue(error.getMessage().contains("found the label \" \" in row 2, expected"), error.getMessage());
    }

    @Test
    void repeatedNumbersAreAnArray() throws IOException {
        String path = write("a", "required int32 label; repeated double x;", (row, group) -> {
            group.add("label", row % 2);
            group.append("x", 1.0 * row).append("x", 2.0);
        });
        Rows rows =
                open(path, Task.CLASSIFICATION, "label", NO_COLUMN, NO_COLUMN).read(RowSet.range(1, 2), STORAGE);
        assertEquals(2, rows.features());
        assertEquals(2, rows.value(0, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            required int32 x; required int32 label          | required int32 x; required binary label (STRING)
            required int32 label; repeated double x         | required int32 label; required double x
            """)
    void filesOfOneTableHaveTheSameTypes(String first, String second) throws IOException {
        List<String> paths = List.of(write("1", first + ";", this::fill), write("2", second + ";", this::fill));
        UserError error = assertThrows(
                UserError.class, () -> Formats.open(DataFormat.PARQUET, STORAGE, paths, ReadingOptions.AUTO));
        assertTrue(error.getMessage().startsWith(paths.get(1) + ": found columns of other types"), error.getMessage());
    }

    private void fill(int row, Group group) {
        boolean isDouble = group.getType().toString().contains("double x");
        if (isDouble) {
            group.add("x", 1.0);
        } else {
            group.add("x", 1);
        }
        if (group.getType().toString().contains("STRING")) {
            group.add("label", "a");
        } else {
            group.add("label", row % 2);
        }
    }

    private static Binary bytes(String unscaled, int count) {
        byte[] small = new BigDecimal(unscaled).toBigIntegerExact().toByteArray();
        byte[] all = new byte[count];
        Arrays.fill(all, (byte) (small[0] < 0 ? -1 : 0));
        System.arraycopy(small, 0, all, count - small.length, small.length);
        return Binary.fromConstantByteArray(all);
    }

    private static RowSource open(String path, Task task, String label, Optional<String> weight, Optional<String> id)
            throws IOException {
        ReadingOptions options = new ReadingOptions(
                Optional.of(new LabelChoice(label)),
                DropChoice.AUTO,
                weight,
                task,
                false,
                false,
                Optional.empty(),
                Optional.empty());
        return Formats.open(
                        DataFormat.PARQUET,
                        STORAGE,
                        List.of(path),
                        id.isPresent()
                                ? options.forPrediction(new ReadingOptions.ForPrediction(-1, id, false))
                                : options)
                .train();
    }

    private String write(String name, String columns, ParquetTables.Filler filler) throws IOException {
        Path path = directory.resolve(name + ".parquet");
        ParquetTables.write(path, CompressionCodecName.UNCOMPRESSED, "message m { " + columns + " }", 4, filler);
        return path.toString();
    }
}
