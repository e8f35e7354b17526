package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.IdxBytes;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LIBSVM, npz, and IDX of all types and names; which format a file has; and which files a user means. */
class FormatsTest {
    private static final ReadingOptions UNLABELLED =
            Reading.options(Optional.empty(), DropChoice.AUTO, false, true, Optional.empty());

    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void libsvmIsReadWithTheZerosBetween() throws IOException {
        put("t", "2 1:0.5 4:-3 # first\n0 2:1e1\n\n1\n");
        RowSource source = open("t").train();
        assertEquals(DataFormat.LIBSVM, Formats.of(storage, "t"));
        assertEquals(4, source.features());
        assertEquals(3, source.classes());
        Rows rows = source.read(RowSet.range(0, 3), storage);
        assertEquals("[2, 0, 1]", Arrays.toString(source.labels(storage)));
        assertEquals(0.5f, rows.value(0, 0));
        assertEquals(0, rows.value(0, 1));
        assertEquals(-3, rows.value(0, 3));
        assertEquals(10, rows.value(1, 1));
        put("u", "2 1:7\n");
        RowSource narrow = Formats.open(DataFormat.LIBSVM, storage, List.of("u"), like(source))
                .train();
        assertEquals(4, narrow.features(), "as many as the rows before");
        put("u", "2 5:7\n");
        UserError error = assertThrows(
                UserError.class, () -> Formats.open(DataFormat.LIBSVM, storage, List.of("u"), like(source)));
        assertTrue(error.getMessage().contains("u:1: found \"5:7\" in column 2, expected an index from 1 to 4"));
    }

    @Test
    void rowsOfLibsvmWithSeveralLabelsAreNoCsv() throws IOException {
        for (String start : List.of("", "# made by hand\n")) {
            put("t", start + "0,1 1:0.5 2:3\n2 1:7\n");
            UserError error = assertThrows(UserError.class, () -> Formats.of(storage, "t"));
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
            assertTrue(
                    error.getMessage()
                            .contains("t: found rows of LIBSVM with several labels, \"0,1\", expected one label a row"),
                    error.getMessage());
        }
        put("t", "0,1 1:30\n2,3 2:30\n"); // a time of day
        assertEquals(DataFormat.CSV, Formats.of(storage, "t"));
    }

    @Test
    void linesOfSvmRankAreToldAsLibsvm() throws IOException {
        put("t", "3 qid:1 1:1 2:1\n2 qid:1 1:0\n");
        assertEquals(DataFormat.LIBSVM, Formats.of(storage, "t"));
        UserError error = assertThrows(UserError.class, () -> open("t"));
        assertTrue(error.getMessage().contains("t:1: found \"qid:1\" in column 2"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '^', textBlock = """
            1 2:1 2:1, "2:1" in column 3
            1 2:1 1:1, expected an index from 3
            1 0:1, zero_based=False
            1 0:1, expected an index from 1
            1 1:nan, a value is missing
            1 1:x, "x" in column 2
            1 a:1, INDEX:VALUE
            1 1:, a value is missing
            1.5 1:1, a label
            x 1:1, a label
            1 99999999999:1, expected INDEX:VALUE
            """)
    void brokenLibsvmIsRefusedWithItsPlace(String line, String part) throws IOException {
        put("t", "0 1:1\n" + line + "\n");
        UserError error = assertThrows(UserError.class, () -> {
            RowSource source = Formats.open(DataFormat.LIBSVM, storage, List.of("t"), ReadingOptions.AUTO)
                    .train();
            source.read(RowSet.range(0, 2), storage);
        });
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith("t:2: found"), error.getMessage());
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    @Test
    void arraysAsKerasAndScikitLearnNameThemAreRead() throws IOException {
        byte[] pixels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        byte[] floats = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0.5f)
                .putFloat(1)
                .putFloat(-1)
                .putFloat(2)
                .array();
        byte[] longs = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(1)
                .putLong(0)
                .array();
        storage.with(
                "keras.npz",
                NpzBytes.zip(
                        "x_train.npy", NpzBytes.npy("|u1", "(2, 2, 3)", pixels),
                        "y_train.npy", NpzBytes.npy("<i8", "(2,)", longs),
                        "x_test.npy", NpzBytes.npy("|u1", "(1, 2, 3)", Arrays.copyOf(pixels, 6)),
                        "y_test.npy", NpzBytes.npy("|u1", "(1,)", new byte[] {1})));
        OpenedData keras = open("keras.npz");
        assertEquals(new Shape(2, 3), keras.train().shape());
        assertTrue(keras.train().ofBytes());
        assertEquals("[1, 0]", Arrays.toString(keras.train().labels(storage)));
        assertEquals(7, keras.train().read(RowSet.range(1, 2), storage).value(0, 1));
        assertEquals(1, keras.test().orElseThrow().labels(storage)[0]);
        storage.with(
                "sk",
                NpzBytes.zip(
                        "X.npy", NpzBytes.npy("<f4", "(2, 2)", floats), "y.npy", NpzBytes.npy("<i8", "(2, 1)", longs)));
        RowSource sklearn = open("sk").train();
        assertEquals(2, sklearn.read(RowSet.range(1, 2), storage).value(0, 1));
        assertEquals(1, sklearn.labels(storage)[0]);
        assertEquals(0, storage.openStreams());
    }

    @Test
    void archivesThatAreBrokenOrHoldProgramsAreRefused() throws IOException {
        byte[] two = {0, 1};
        byte[] labels = NpzBytes.npy("|u1", "(2,)", two);
        refusedNpz("objects are pickles", NpzBytes.zip("x.npy", NpzBytes.npy("|O", "(2, 1)", two), "y.npy", labels));
        refusedNpz("found the arrays [a.npy]", NpzBytes.zip("a.npy", labels));
        refusedNpz(
                "found a zip archive of [rows.csv], expected arrays of NumPy; unpack it",
                NpzBytes.zip("rows.csv", two));
        refusedNpz(
                "a workbook of Excel; save it as CSV",
                NpzBytes.zip("[Content_Types].xml", two, "xl/workbook.xml", two));
        refusedNpz(
                "fortran_order",
                NpzBytes.zip(
                        "x.npy",
                        new String(NpzBytes.npy("|u1", "(2, 1)", two), StandardCharsets.ISO_8859_1)
                                .replace("False", "True ")
                                .getBytes(StandardCharsets.ISO_8859_1),
                        "y.npy",
                        labels));
        refusedNpz(
                "an end within row 1",
                NpzBytes.zip("x.npy", NpzBytes.npy("|u1", "(2, 2)", new byte[3]), "y.npy", labels));
        refusedNpz(
                "more data after row 1",
                NpzBytes.zip("x.npy", NpzBytes.npy("|u1", "(2, 2)", new byte[5]), "y.npy", labels));
        refusedNpz(
                "claims",
                NpzBytes.zip(
                        "x.npy", NpzBytes.npy("<f8", "(2147483647, 2147483647, 2147483647)", two), "y.npy", labels));
        refusedNpz(
                "expected 2 as there are pictures",
                NpzBytes.zip("x.npy", NpzBytes.npy("|u1", "(2, 1)", two), "y.npy", NpzBytes.npy("|u1", "(1,)", two)));
        refusedNpz(
                "header of",
                NpzBytes.zip(
                        "x.npy",
                        "\u0093NUMPY\2\0\u00ff\u00ff\u00ff\u007f".getBytes(StandardCharsets.ISO_8859_1),
                        "y.npy",
                        labels));
        byte[] streamed = NpzBytes.streamed("x.npy", NpzBytes.npy("|u1", "(2, 1)", two), "y.npy", labels);
        streamed[30 + "x.npy".length() + NpzBytes.npy("|u1", "(2, 1)", two).length - 1]++;
        refusedNpz("t:x.npy: the checksum is wrong", streamed);
        byte[] whole = NpzBytes.zip(
                "../../x.npy",
                NpzBytes.npy("|u1", "(2, 1)", two),
                "x.npy",
                NpzBytes.npy("|u1", "(2, 1)", two),
                "y.npy",
                labels);
        SplitMix64 random = new SplitMix64(7);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length - (round % 3 == 0 ? random.nextInt(whole.length) : 0));
            for (int i = 0; i < 3 && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            storage.with("t", damaged);
            try {
                RowSource source = Formats.open(DataFormat.NPZ, storage, List.of("t"), ReadingOptions.AUTO)
                        .train();
                source.read(RowSet.range(0, source.rows()), storage);
            } catch (UserError expected) {
                assertEquals(UserError.Kind.BAD_DATA, expected.kind());
            }
        }
        assertEquals(0, storage.openStreams());
    }

    /** Only the directory at the end of such an archive says how long its arrays are. */
    @Test
    void arraysWithoutTheirLengthsBeforeThemAreRead() throws IOException {
        byte[] labels = NpzBytes.npy("|u1", "(3,)", new byte[] {0, 1, 0});
        byte[] values = NpzBytes.npy("|u1", "(3, 1)", new byte[] {7, 8, 9});
        storage.put("t", NpzBytes.streamed("y.npy", labels, "x.npy", values));
        RowSource source = open("t").train();
        assertEquals("[0, 1, 0]", Arrays.toString(source.labels(storage)));
        assertEquals(9, source.read(RowSet.range(0, 3), storage).value(2, 0));
        assertEquals(0, storage.openStreams());
    }

    @Test
    void labelsOfAnArchiveAreReadWithoutUnpackingThePictures() throws IOException {
        int rows = 2000;
        byte[] pictures = new byte[rows * 784];
        SplitMix64 random = new SplitMix64(1);
        byte[] classes = new byte[rows];
        for (int i = 0; i < pictures.length; i++) {
            pictures[i] = (byte) random.nextInt(256); // hardly compressible
            classes[i / 784] = (byte) (i / 784 % 10);
        }
        byte[] archive = NpzBytes.zip(
                "x_train.npy",
                NpzBytes.npy("|u1", "(" + rows + ", 28, 28)", pictures),
                "y_train.npy",
                NpzBytes.npy("|u1", "(" + rows + ",)", classes));
        storage.put("t", archive);
        long before = storage.bytesRead();
        open("t");
        long read = storage.bytesRead() - before;
        assertTrue(read < archive.length / 2, read + " of " + archive.length);
    }

    private void refusedNpz(String part, byte[] archive) {
        storage.with("t", archive);
        UserError error = assertThrows(UserError.class, () -> {
            RowSource source = open("t").train();
            source.read(RowSet.range(0, source.rows()), storage);
        });
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    @Test
    void idxOfEveryTypeIsRead() throws IOException {
        byte[] floats = ByteBuffer.allocate(24)
                .putFloat(0)
                .putFloat(0.25f)
                .putFloat(1)
                .putFloat(0.5f)
                .putFloat(0)
                .putFloat(1)
                .array();
        byte[] ints = ByteBuffer.allocate(16)
                .putInt(3)
                .putInt(99)
                .putInt(1)
                .putInt(99)
                .array();
        storage.with("q-images-idx3-float", IdxBytes.join(IdxBytes.with(IdxBytes.header(2, 1, 3), 2, 0x0D), floats));
        storage.with("q-labels-idx2-int", IdxBytes.join(IdxBytes.with(IdxBytes.header(2, 2), 2, 0x0C), ints));
        RowSource source = open("q-images-idx3-float").train();
        assertEquals("[2, 0]", Arrays.toString(source.labels(storage)), "the first column, counted from 1");
        assertEquals(List.of("1", "2", "3"), source.classNames());
        assertEquals(0.5f, source.read(RowSet.range(1, 2), storage).value(0, 0));
        byte[] nan = ByteBuffer.wrap(floats.clone()).putFloat(20, Float.NaN).array();
        storage.with("q-images-idx3-float", IdxBytes.join(IdxBytes.with(IdxBytes.header(2, 1, 3), 2, 0x0D), nan));
        assertThrows(UserError.class, () -> source.read(RowSet.range(1, 2), storage));
    }

    @ParameterizedTest
    @CsvSource({
        "train-images.idx3-ubyte, train-labels.idx1-ubyte, t10k-images.idx3-ubyte, t10k-labels.idx1-ubyte",
        "e-train-images-idx3-ubyte.gz, e-train-labels-idx1-ubyte, e-test-images-idx3-ubyte, e-test-labels-idx1-ubyte.gz",
    })
    void filesOfADirectoryBelongTogetherByTheirNames(String p, String l, String tp, String tl) throws IOException {
        storage.with("d/" + p, IdxBytes.pictures(20, 2, 3)).with("d/" + l, IdxBytes.labels(20));
        storage.with("d/" + tp, IdxBytes.pictures(10, 2, 3)).with("d/" + tl, IdxBytes.labels(10));
        storage.with("d/README.md", new byte[0]).with("d/_SUCCESS", new byte[0]);
        OpenedData data = open("d");
        assertEquals(20, data.train().rows());
        assertEquals(10, data.test().orElseThrow().rows());
        assertEquals(10, data.train().classes());
        assertEquals(20, open("d/" + p).train().rows());
    }

    @Test
    void linesAndColumnsOfPicturesAreExchangedAsTold() throws IOException {
        storage.with("images-idx3-ubyte", IdxBytes.pictures(10, 2, 3)).with("labels-idx1-ubyte", IdxBytes.labels(10));
        ReadingOptions turned = Reading.options(Optional.empty(), DropChoice.AUTO, true, false, Optional.empty());
        RowSource source = Formats.open(DataFormat.IDX, storage, List.of("images-idx3-ubyte"), turned)
                .train();
        assertEquals(new Shape(3, 2), source.shape());
        Rows rows = source.read(RowSet.range(0, 1), storage);
        // 0 1 2 / 3 4 5 becomes 0 3 / 1 4 / 2 5
        int[] expected = {0, 3, 1, 4, 2, 5};
        for (int i = 0; i < 6; i++) {
            assertEquals(expected[i], rows.value(0, i));
        }
        assertTrue(source.reading().orElseThrow().transposed());
    }

    @Test
    void picturesWithoutLabelsCanOnlyBePredicted() throws IOException {
        storage.with("t10k-images-idx3-ubyte", IdxBytes.pictures(10, 2, 3));
        UserError error = assertThrows(UserError.class, () -> open("t10k-images-idx3-ubyte"));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertTrue(error.getMessage().contains("t10k-labels-idx1-ubyte"), error.getMessage());
        OpenedData data = Formats.open(DataFormat.IDX, storage, List.of("t10k-images-idx3-ubyte"), UNLABELLED);
        assertEquals(10, data.train().read(RowSet.range(0, 10), storage).count());
    }

    @ParameterizedTest
    @CsvSource({
        "'<!DOCTYPE html><html>', a web page",
        "'version https://git-lfs.github.com/spec/v1', a pointer of Git LFS",
        "'\u0080\u0003ctorch', a pickle",
        "'\u0093NUMPY\u0001', numpy.savez",
        "'\u0089HDF\r', HDF5",
        "'{\"label\": 1, \"a\": 2}', JSON",
        "'[\n  {\"label\": 1, \"a\": 2}]', JSON",
        "'GIF89a\u0001\u0000', neither PNG nor JPEG",
        "'BM6\u0000', neither PNG nor JPEG",
        "'RIFF\u0000\u0000', neither PNG nor JPEG",
        "'II*\u0000\b\u0000', neither PNG nor JPEG",
        "'MM\u0000*', neither PNG nor JPEG",
        "'\u0001\u0002\u0003\u0004', bytes of no known format (01 02 03 04)",
        "'@RELATION iris\n@attribute a numeric', an ARFF file",
        "'% 1. Title: Iris\n%\n@relation iris', an ARFF file",
        "'% 1. Title: Iris\n%\n% goes on for long', an ARFF file",
        "'%PDF-1.7', PDF",
        "'(\u00B5/\u00FD', a zstd archive",
        "'SQLite format 3\u0000', SQLite",
        "'ARROW1\u0000\u0000', Arrow",
        "'ORC\u0003', ORC",
        "'Obj\u0001', Avro",
        "'\u00D0\u00CF\u0011\u00E0', a workbook of Excel",
    })
    void whatHoldsNoRowsIsToldByWhatItIs(String start, String part) {
        byte[] bytes = (start + "\n".repeat(600)).getBytes(StandardCharsets.ISO_8859_1);
        for (byte[] content : new byte[][] {bytes, IdxBytes.gzip(bytes)}) {
            storage.with("t", content);
            UserError error = assertThrows(UserError.class, () -> Formats.of(storage, "t"));
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
            assertTrue(error.getMessage().contains(part), error.getMessage());
        }
    }

    /** Its first bytes are the name of a file in it. */
    @Test
    void aTarArchiveIsToldByItsMark() throws IOException {
        byte[] header = new byte[512];
        System.arraycopy("data/train.csv".getBytes(StandardCharsets.UTF_8), 0, header, 0, 14);
        System.arraycopy("ustar".getBytes(StandardCharsets.UTF_8), 0, header, 257, 5);
        storage.with("t", IdxBytes.gzip(header));
        UserError error = assertThrows(UserError.class, () -> Formats.of(storage, "t"));
        assertTrue(error.getMessage().contains("t: found a tar archive; unpack it"), error.getMessage());
    }

    @Test
    void textInUtf16IsNoIdxWithoutItsMarkEither() throws IOException {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            storage.with("t", "1,2,0\n3,4,1\n".getBytes(charset));
            assertEquals(DataFormat.CSV, Formats.of(storage, "t"), "whose reader tells what to do");
        }
    }

    @Test
    void libsvmMayBeginWithCommentsAndRowsOfZeros() throws IOException {
        put("t", "1\t1:5\t2:6\n0 \t1:7 2:8\t\n");
        assertEquals(8, open("t").train().read(RowSet.range(1, 2), storage).value(0, 1), "between tabs");
        put("t", "# two rows\n\n# and one\n1\n0 \r\n1 2:1 # last\n");
        assertEquals(DataFormat.LIBSVM, Formats.of(storage, "t"));
        RowSource source = open("t").train();
        assertEquals(3, source.rows());
        assertEquals("[1, 0, 1]", Arrays.toString(source.labels(storage)));
        assertEquals(1, source.read(RowSet.range(2, 3), storage).value(0, 1));
    }

    @Test
    void aColumnMayBeCalledAsAFormat() throws IOException {
        for (String name : List.of("ORCHID", "%fat", "%", "BMI", "RIFF", "[1]")) {
            put("t", name + ",label\n1,0\n2,1\n");
            assertEquals(DataFormat.CSV, Formats.of(storage, "t"), name);
            put("t", name + ",x".repeat(600) + ",label\n1,0\n2,1\n");
            assertEquals(DataFormat.CSV, Formats.of(storage, "t"), name + " in a wide table");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            d/1.csv                            | d/1.csv
            d                                  | d/1.csv d/2.csv d/sub/3.csv
            d/                                 | d/1.csv d/2.csv d/sub/3.csv
            d/*.csv                            | d/1.csv d/2.csv
            d/{2,1}.csv                        | d/1.csv d/2.csv
            d/2.csv,d/1.csv                    | d/2.csv d/1.csv
            d/{1,2}.csv,d/sub                  | d/1.csv d/2.csv d/sub/3.csv
            day={2026-11-02..2026-11-04}       | day=2026-11-02/a day=2026-11-04/a
            day={2026-11-03..2026-11-09}/*     | day=2026-11-04/a
            */a                                | day=2026-11-01/a day=2026-11-02/a day=2026-11-04/a
            a,b                                | a,b
            [1],{z}                            | [1],{z}/x
            d/1.csv,e[2]                       | d/1.csv e[2]/x
            """)
    void filesThatTheUserMeans(String text, String files) throws IOException {
        for (String path : List.of(
                "d/2.csv",
                "d/1.csv",
                "d/sub/3.csv",
                "d/_SUCCESS",
                "d/.1.csv.crc",
                "d/_temporary/0",
                "day=2026-11-01/a",
                "day=2026-11-02/a",
                "day=2026-11-04/a",
                "[1],{z}/x",
                "e[2]/x",
                "a,b")) {
            put(path, "");
        }
        assertEquals(List.of(files.split(" ")), new InputPaths(storage).files(text));
    }

    @Test
    void whatIsNotThereIsNamed() {
        put("d/_SUCCESS", "");
        for (String path : List.of("nowhere", "d", "d/*.csv", "x,y")) {
            UserError error = assertThrows(UserError.class, () -> new InputPaths(storage).files(path), path);
            assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        }
    }

    private OpenedData open(String path) throws IOException {
        List<String> files = new InputPaths(storage).files(path);
        return Formats.open(Formats.of(storage, files), storage, files, ReadingOptions.AUTO);
    }

    private static ReadingOptions like(RowSource before) {
        return ReadingOptions.AUTO.withLike(
                new ReadingOptions.Precedent(before.reading().orElseThrow(), before.classNames(), before.features()));
    }

    private void put(String path, String text) {
        storage.with(path, text.getBytes(StandardCharsets.UTF_8));
    }
}
