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
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.ParquetTables;
import io.treegrad.testing.Pictures;
import io.treegrad.testing.Reading;
import java.awt.image.BufferedImage;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows as Spark, pandas, Spark ML and Hugging Face write them. */
class ParquetTableTest {
    private static final LocalStorage STORAGE = new LocalStorage();

    private static final String NUMBERS = "message m { required int32 label; required int32 x; }";

    @TempDir
    private Path directory;

    @Test
    void columnsOfNumbersAreValuesAndNamesAreClasses() throws IOException {
        String path = write(
                "message m { required int32 __index_level_0__; optional double a; optional binary kind (STRING);"
                        + " optional int64 b; optional float c; }",
                9,
                (row, group) -> {
                    group.add("__index_level_0__", row);
                    group.add("a", row / 2.0);
                    group.add("kind", row % 2 == 0 ? "rose" : "lily");
                    group.add("b", 10L + row);
                    group.add("c", -1f);
                });
        RowSource source = open(path);
        assertEquals(DataFormat.PARQUET, Formats.of(STORAGE, path));
        assertEquals(3, source.features());
        assertEquals(List.of("lily", "rose"), source.classNames());
        assertEquals(
                List.of("__index_level_0__"), source.reading().orElseThrow().dropped());
        assertEquals("column 3 \"kind\"", source.reading().orElseThrow().labelWords());
        assertEquals("[1, 0, 1, 0, 1, 0, 1, 0, 1]", Arrays.toString(source.labels(STORAGE)));
        Rows rows = source.read(RowSet.of(new int[] {2, 7}), STORAGE);
        assertEquals(1, rows.value(0, 0));
        assertEquals(17, rows.value(1, 1));
        assertEquals(-1, rows.value(1, 2));
        assertEquals(0, rows.label(1));
    }

    @Test
    void filesWithoutRowsSayNothingOfTheColumns() throws IOException {
        List<String> files = new ArrayList<>();
        for (int rows : new int[] {0, 3, 0, 2}) {
            String path = directory.resolve(files.size() + ".parquet").toString();
            ParquetTables.write(
                    Path.of(path),
                    CompressionCodecName.SNAPPY,
                    rows == 0 ? "message m { required int32 nothing; }" : NUMBERS,
                    rows,
                    (row, group) -> {
                        group.add("label", row % 2);
                        group.add("x", row);
                    });
            files.add(path);
        }
        RowSource source = Formats.open(DataFormat.PARQUET, STORAGE, files, ReadingOptions.AUTO)
                .train();
        assertEquals(5, source.rows());
        assertEquals(List.of("x"), source.reading().orElseThrow().features());
    }

    /** The first rows show whether it is an index; the footer of each other file must do. */
    @Test
    void anIndexIsReadInTheFirstFileOnly() throws IOException {
        MemoryStorage memory = new MemoryStorage();
        List<Long> bytes = new ArrayList<>();
        for (String name : List.of("id", "ix")) {
            String path = write(
                    "message m { required int32 %s; required int32 label; required int32 x; }".formatted(name),
                    3,
                    (row, group) -> {
                        group.add(name, row);
                        group.add("label", row % 2);
                        group.add("x", row);
                    });
            byte[] content = Files.readAllBytes(Path.of(path));
            memory.put("1", content);
            memory.put("2", content);
            long before = memory.bytesRead();
            Formats.open(DataFormat.PARQUET, memory, List.of("1"), ReadingOptions.AUTO);
            long one = memory.bytesRead();
            Formats.open(DataFormat.PARQUET, memory, List.of("1", "2"), ReadingOptions.AUTO);
            bytes.add(memory.bytesRead() - one - (one - before));
        }
        assertEquals(bytes.get(1), bytes.get(0), "bytes of the second file, with an index and without one");
    }

    @Test
    void arraysAndVectorsOfSparkAreValues() throws IOException {
        String array = write(
                "message m { required int32 label; optional group features (LIST) { repeated group list {"
                        + " optional double element; } } }",
                4,
                (row, group) -> {
                    group.add("label", row % 2);
                    Group list = group.addGroup("features");
                    for (int i = 0; i < 3; i++) {
                        list.addGroup("list").add("element", 10.0 * row + i);
                    }
                });
        Rows rows = open(array).read(RowSet.range(3, 4), STORAGE);
        assertEquals(3, rows.features());
        assertEquals(32, rows.value(0, 2));
        String vector = write(
                "message m { required double label; required group features { required int32 type (INTEGER(8,true));"
                        + " optional int32 size; optional group indices (LIST) { repeated group list { required int32"
                        + " element; } } optional group values (LIST) { repeated group list { required double element; }"
                        + " } } }",
                4,
                (row, group) -> {
                    group.add("label", (double) (row % 2));
                    Group features = group.addGroup("features");
                    boolean sparse = row % 2 == 0;
                    features.add("type", sparse ? 0 : 1);
                    if (sparse) {
                        features.add("size", 3);
                        features.addGroup("indices").addGroup("list").add("element", 1);
                    }
                    Group values = features.addGroup("values");
                    for (int i = 0; i < (sparse ? 1 : 3); i++) {
                        values.addGroup("list").add("element", row + i + 0.5);
                    }
                });
        Rows vectors = open(vector).read(RowSet.range(0, 4), STORAGE);
        assertEquals(3, vectors.features());
        assertEquals(0, vectors.value(2, 0));
        assertEquals(2.5f, vectors.value(2, 1));
        assertEquals(3.5f, vectors.value(3, 0));
        assertEquals(5.5f, vectors.value(3, 2));
    }

    /** Spark's VectorAssembler writes each row in the shorter of both forms. */
    @Test
    void denseAndSparseVectorsOfOneTableDoNotShiftEachOther() throws IOException {
        int rows = 40;
        String path = write(
                "message m { required double label; required group features { required int32 type (INTEGER(8,true));"
                        + " optional int32 size; optional group indices (LIST) { repeated group list { required int32"
                        + " element; } } optional group values (LIST) { repeated group list { required double element; }"
                        + " } } }",
                rows,
                (row, group) -> {
                    group.add("label", (double) (row % 2));
                    Group features = group.addGroup("features");
                    boolean sparse = row % 3 == 1;
                    features.add("type", sparse ? 0 : 1);
                    if (sparse) {
                        features.add("size", 5);
                        features.addGroup("indices").addGroup("list").add("element", row % 5);
                    }
                    Group values = features.addGroup("values");
                    for (int i = 0; i < (sparse ? 1 : 5); i++) {
                        values.addGroup("list").add("element", row + (sparse ? row % 5 : i) / 8.0);
                    }
                });
        RowSource source = open(path);
        Rows all = source.read(RowSet.range(0, rows), STORAGE);
        Rows last = source.read(RowSet.range(rows / 2, rows), STORAGE);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < 5; i++) {
                double expected = row % 3 == 1 && i != row % 5 ? 0 : row + i / 8.0;
                assertEquals(expected, all.value(row, i), "row " + row + ", value " + i);
                if (row >= rows / 2) {
                    assertEquals(expected, last.value(row - rows / 2, i), "row " + row + ", value " + i);
                }
            }
        }
    }

    @Test
    void picturesOfHuggingFaceAreBytes() throws IOException {
        String path = write(
                "message m { optional group image { optional binary bytes; optional binary path (STRING); }"
                        + " optional int64 label; }",
                3,
                (row, group) -> {
                    Group image = group.addGroup("image");
                    image.add("bytes", Binary.fromConstantByteArray(png(row)));
                    image.add("path", row + ".png");
                    group.add("label", (long) row);
                });
        RowSource source = open(path);
        assertEquals(new Shape(2, 3), source.shape());
        assertTrue(source.ofBytes());
        Rows rows = source.read(RowSet.range(1, 3), STORAGE);
        assertEquals(100 + 2, rows.value(1, 0));
        assertEquals(200, rows.value(1, 5));
        assertEquals(2, rows.label(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void whatSparkAndPandasCompressIsRead(CompressionCodecName codec) throws IOException {
        String path = write(codec, NUMBERS, 100, ParquetTableTest::fillNumbers);
        Rows rows = open(path).read(RowSet.range(98, 100), STORAGE);
        assertEquals(99, rows.value(1, 0));
        assertEquals(0, rows.label(1));
    }

    @Test
    void aDirectoryAsSparkWritesItIsOneTable() throws IOException {
        Path parts = Files.createDirectory(directory.resolve("parts"));
        for (int part = 0; part < 3; part++) {
            int first = part;
            ParquetTables.write(
                    parts.resolve("part-0000" + part + ".snappy.parquet"),
                    CompressionCodecName.SNAPPY,
                    NUMBERS,
                    part == 0 ? 0 : 40,
                    (row, group) -> fillNumbers(first * 40 + row, group));
        }
        Files.createFile(parts.resolve("_SUCCESS"));
        List<String> files = new InputPaths(STORAGE).files(parts.toString());
        assertEquals(DataFormat.PARQUET, Formats.of(STORAGE, files));
        RowSource source = Formats.open(DataFormat.PARQUET, STORAGE, files, ReadingOptions.AUTO)
                .train();
        assertEquals(80, source.rows());
        Rows rows = source.read(RowSet.of(new int[] {0, 39, 40, 79}), STORAGE);
        assertEquals(40, rows.value(0, 0));
        assertEquals(79, rows.value(1, 0));
        assertEquals(80, rows.value(2, 0));
        assertEquals(119, rows.value(3, 0));
        UserError error = assertThrows(
                UserError.class,
                () -> Formats.open(DataFormat.PARQUET, STORAGE, files.subList(0, 1), ReadingOptions.AUTO));
        assertTrue(error.getMessage().contains("found no rows"), error.getMessage());
    }

    @Test
    void anIndexOfPandasIsLeftOutInAnyOrder() throws IOException {
        String path = write(
                "message m { required int32 label; required int32 x; required int64 __index_level_0__; }",
                30,
                (row, group) -> {
                    fillNumbers(row, group);
                    group.add("__index_level_0__", 7919L * row % 30);
                });
        assertEquals(1, open(path).features());
    }

    @Test
    void anyFailureOfStorageStaysOne() throws IOException {
        String path = write(NUMBERS, 300, ParquetTableTest::fillNumbers);
        byte[] whole = Files.readAllBytes(Path.of(path));
        for (int failing = 0; failing < 40; failing++) {
            FailingStorage storage = new FailingStorage(whole, failing);
            try {
                RowSource source = Formats.open(DataFormat.PARQUET, storage, List.of("t"), ReadingOptions.AUTO)
                        .train();
                source.read(RowSet.range(0, 300), storage);
                assertTrue(failing > 3, failing + " operations");
                return;
            } catch (IOException e) {
                assertEquals("the network is down", e.getMessage());
            }
        }
        throw new AssertionError("it never succeeds");
    }

    /** A file whose n-th opening or reading fails. */
    private static final class FailingStorage implements Storage {
        private static final long serialVersionUID = 1;

        private final MemoryStorage storage;
        private int left;

        FailingStorage(byte[] content, int operations) {
            this.storage = new MemoryStorage().with("t", content);
            this.left = operations;
        }

        @Override
        public long length(String path) throws IOException {
            return storage.length(path);
        }

        @Override
        public long modified(String path) {
            return storage.modified(path);
        }

        @Override
        public boolean exists(String path) {
            return storage.exists(path);
        }

        @Override
        public List<String> list(String path) {
            return storage.list(path);
        }

        private void operation() throws IOException {
            if (left-- == 0) {
                throw new IOException("the network is down");
            }
        }

        @Override
        public InputStream open(String path) throws IOException {
            operation();
            return new FilterInputStream(storage.open(path)) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    operation();
                    return super.read(target, offset, length);
                }
            };
        }
    }

    @Test
    void anySetOfRowsIsReadOverAllGroups() throws IOException {
        String path = write(NUMBERS, 5000, ParquetTableTest::fillNumbers);
        try (ParquetFile file = new ParquetFile(STORAGE, path)) {
            assertTrue(file.groups() > 2, file.groups() + " groups");
        }
        RowSource source = open(path);
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 20; round++) {
            int first = random.nextInt(4900);
            RowSet wanted = round % 2 == 0
                    ? RowSet.range(first, first + random.nextInt(100))
                    : RowSet.of(new int[] {first, first + 1 + random.nextInt(90)});
            Rows rows = source.read(wanted, STORAGE);
            for (int i = 0; i < rows.count(); i++) {
                assertEquals(wanted.at(i), (long) rows.value(i, 0), "seed " + seed);
                assertEquals(wanted.at(i) % 3, rows.label(i), "seed " + seed);
            }
        }
    }

    @Test
    void whatCannotBeValuesIsRefusedWithTheFix() throws IOException {
        String mixed = write(
                "message m { required int32 label; required double x; required binary town (STRING); }",
                3,
                (row, group) -> {
                    group.add("label", row);
                    group.add("x", 1.0);
                    group.add("town", "Rome");
                });
        UserError error = assertThrows(UserError.class, () -> open(mixed));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertEquals(List.of("drop"), error.settings());
        ReadingOptions drop = Reading.options(
                Optional.empty(), DropChoice.parse("town").orElseThrow(), false, false, Optional.empty());
        assertEquals(
                1,
                Formats.open(DataFormat.PARQUET, STORAGE, List.of(mixed), drop)
                        .train()
                        .features());
        String missing = write("message m { required int32 label; optional double x; }", 3, (row, group) -> {
            group.add("label", row);
            if (row != 1) {
                group.add("x", 1.0);
            }
        });
        RowSource source = open(missing);
        assertEquals(1, source.read(RowSet.range(0, 1), STORAGE).count());
        UserError hole = assertThrows(UserError.class, () -> source.read(RowSet.range(0, 3), STORAGE));
        assertTrue(
                hole.getMessage().contains("found only 0 values in row 1, expected 1: a value is missing"),
                hole.getMessage());
    }

    @Test
    void onlyUserErrorsEscapeFromDamagedFiles() throws IOException {
        String path = write(NUMBERS, 300, ParquetTableTest::fillNumbers);
        byte[] whole = Files.readAllBytes(Path.of(path));
        MemoryStorage storage = new MemoryStorage();
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length - (round % 4 == 0 ? random.nextInt(whole.length) : 0));
            for (int i = 0; i < 2 && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            storage.with("t", damaged);
            try {
                RowSource source = Formats.open(DataFormat.PARQUET, storage, List.of("t"), ReadingOptions.AUTO)
                        .train();
                source.read(RowSet.range(0, source.rows()), storage);
            } catch (UserError expected) {
                refused++;
            } catch (RuntimeException | IOException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertTrue(refused > 100, refused + " of 500 were refused");
        assertEquals(0, storage.openStreams());
    }

    private static void fillNumbers(int row, Group group) {
        group.add("label", row % 3);
        group.add("x", row);
    }

    private static RowSource open(String path) throws IOException {
        return Formats.open(DataFormat.PARQUET, STORAGE, List.of(path), ReadingOptions.AUTO)
                .train();
    }

    private static byte[] png(int corner) {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 100 + corner);
        image.getRaster().setSample(2, 1, 0, 200);
        return Pictures.file(image, "png");
    }

    private String write(String schema, int rows, ParquetTables.Filler filler) throws IOException {
        return write(CompressionCodecName.UNCOMPRESSED, schema, rows, filler);
    }

    private String write(CompressionCodecName codec, String schema, int rows, ParquetTables.Filler filler)
            throws IOException {
        Path path = directory.resolve(System.nanoTime() + ".parquet");
        ParquetTables.write(path, codec, schema, rows, filler);
        return path.toString();
    }
}
