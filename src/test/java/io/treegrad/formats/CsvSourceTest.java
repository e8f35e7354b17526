package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.IdxBytes;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.TableLabel;
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvSourceTest {
    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void labelStandsLastFirstInOneHotColumnsOrNowhere() throws IOException {
        assertTable("0.5,1,2\n-3,4e1,0\n", TableLabel.LAST, 3, new float[] {0.5f, 1, -3, 40}, 2, 0);
        assertTable("2,0.5,1\n0,-3,4e1\n", TableLabel.FIRST, 3, new float[] {0.5f, 1, -3, 40}, 2, 0);
        assertTable("0.5,1,0,0,1\n-3,4e1,1,0,0\n", TableLabel.oneHot(3), 3, new float[] {0.5f, 1, -3, 40}, 2, 0);
        assertTable("0.5,1\n-3,4e1\n", TableLabel.NONE, 1, new float[] {0.5f, 1, -3, 40}, 0, 0);
        // as NumPy writes whole numbers
        assertTable("5.0e-1,1.0,2.000e+00\n-3,40,0.\n", TableLabel.LAST, 3, new float[] {0.5f, 1, -3, 40}, 2, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,2,0\r\n3,4,1\r\n",
                "1,2,0\n3,4,1",
                "1,2,0\r\n3,4,1\r",
                "\uFEFF1,2,0\n3,4,1\n",
                "\n\n1,2,0\n \t\n3,4,1\n\n",
                "\"1\",\"2\",\"0\"\n\"3\",\"4\",\"1\"\n",
                " 1 ,\t2, 0\n3 , 4 ,\"1\" \n",
                "a,b,label\n1,2,0\n3,4,1\n",
                "\uFEFFlabel_a,0,1\r\n1,2,0\r\n3,4,1\r\n",
                "\"größe\",\"b\",c\n1,2,0\n3,4,1\n",
                "+1,2.,00\n3.0,.4e1,1e0\n"
            })
    void lineEndsMarksBlanksQuotesAndHeadersChangeNothing(String text) throws IOException {
        assertTable(text, TableLabel.LAST, 2, new float[] {1, 2, 3, 4}, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label,a,b\n2,5,6\n0,7,8\n",
                "a,label,b\n5,2,6\n7,0,8\n",
                "a,b,label\n5,6,2\n7,8,0\n",
                "Class,a,b\r\n2,5,6\r\n0,7,8\r\n",
                "\uFEFF\"TARGET\",\"a\",\"b\"\n2,5,6\n0,7,8\n",
                "a, Y ,b\n5,2,6\n7,0,8\n",
                "'a','\ty','b'\n5,2,6\n7,0,8\n",
                "# label,a,b\n2,5,6\n0,7,8\n",
                "labels,class_a,z\n5,6,2\n7,8,0\n",
                "5,6,2\n7,8,0\n"
            })
    void headerDecidesWhereTheLabelIsAndElseItIsLast(String text) throws IOException {
        storage.with("t", text.getBytes(StandardCharsets.UTF_8));
        assertTable(byHeader(), 3, new float[] {5, 6, 7, 8}, 2, 0);
    }

    @Test
    void headerAndUserMaySayTheSame() throws IOException {
        assertTable("label,a,b\n2,5,6\n0,7,8\n", TableLabel.FIRST, 3, new float[] {5, 6, 7, 8}, 2, 0);
        assertTable("y,label\n2,5\n0,7\n", TableLabel.FIRST, 3, new float[] {5, 7}, 2, 0);
        assertTable("y,label\n5,2\n7,0\n", TableLabel.LAST, 3, new float[] {5, 7}, 2, 0);
        assertTable("a,class,b\n5,0,1\n7,1,0\n", TableLabel.oneHot(2), 2, new float[] {5, 7}, 1, 0);
        assertTable("class,b\n5,1\n7,2\n", TableLabel.NONE, 1, new float[] {5, 1, 7, 2}, 0, 0);
    }

    @Test
    void userWhoContradictsTheHeaderIsToldBoth() {
        contradicted(
                TableLabel.LAST,
                "t:1: label is set to last, which is column 3 \"b\", expected column 1 \"Label\" as the header says. Set"
                        + " label to auto",
                "Label,a,b\n2,5,1\n");
        contradicted(TableLabel.FIRST, "column 1 \"a\", expected column 2 \"class\" as", "a,class,b\n2,5,1\n");
        contradicted(TableLabel.oneHot(2), "the last 2 columns, expected column 1 \"y\" as", "y,a,b\n2,0,1\n");
    }

    @Test
    void twoColumnsNamedAsLabelsAskWhichItIs() throws IOException {
        storage.with("t", "y,a,label\n2,5,1\n".getBytes(StandardCharsets.UTF_8));
        UserError error = assertThrows(UserError.class, () -> byHeader());
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(
                error.getMessage()
                        .contains("2 columns have label names, column 1 \"y\", column 3 \"label\", expected one."),
                error.getMessage());
        assertEquals(2, CsvTable.open(storage, "t", TableLabel.FIRST).labels(storage)[0]);
        assertEquals(1, CsvTable.open(storage, "t", TableLabel.LAST).labels(storage)[0]);
        assertEquals(0, storage.openStreams());
    }

    @Test
    void fileIsReadLikeAnotherByNameThenByHeaderThenByPlace() throws IOException {
        assertEquals(3, labelLike("species", TableLabel.LAST, "a,Species,b\n2,3,1\n"));
        assertEquals(2, labelLike("species", TableLabel.LAST, "label,a,b\n2,3,1\n"));
        assertEquals(1, labelLike("species", TableLabel.LAST, "a,b,c\n2,3,1\n"));
        assertEquals(2, labelLike("", TableLabel.FIRST, "a,b,c\n2,3,1\n"));
        assertEquals(3, labelLike("", TableLabel.parse("2").orElseThrow(), "2,3,1\n"));
        assertEquals(0, labelLike("", TableLabel.oneHot(2), "2,1,0\n"));
        // one of the columns that the other knows is named as a label, and not told apart from them
        assertEquals(0, labelLike("", TableLabel.oneHot(2), "a,class,b\n2,1,0\n"));
        assertEquals(1, labelLike("", TableLabel.LAST, "y,a,label\n2,3,1\n"));
        assertEquals(3, labelLike("", TableLabel.LAST, "x,y,a\n2,3,1\n"));
        UserError error = assertThrows(
                UserError.class, () -> labelLike("", TableLabel.parse("3").orElseThrow(), "2,3\n"));
        assertTrue(error.getMessage().contains("found 2 columns, expected a label in column 3,"), error.getMessage());
    }

    @Test
    void readingOfAFileSaysWhereItsLabelWas() throws IOException {
        assertEquals("the first column \"label\"", words("label,a,b\n2,5,1\n"));
        assertEquals("column 2 \"Y\"", words("a,Y,b\n2,5,1\n"));
        assertEquals("the last column \"c\"", words("a,b,c\n2,5,1\n"));
        assertEquals("the last column", words("2,5,1\n"));
        storage.with("t", "a,b,c\n2,0,1\n".getBytes(StandardCharsets.UTF_8));
        DataReading hot =
                CsvTable.open(storage, "t", TableLabel.oneHot(2)).reading().orElseThrow();
        assertEquals(
                new DataReading(DataFormat.CSV, TableLabel.oneHot(2), "", List.of(), "", false, List.of("a")), hot);
        assertEquals("the last 2 columns", hot.labelWords());
    }

    @Test
    void labelIsWrittenAsItIsParsed() {
        for (String text : new String[] {"first", "last", "none", "one-hot:2", "one-hot:10", "2", "785"}) {
            assertEquals(text, TableLabel.parse(text).orElseThrow().text());
        }
        for (String text : new String[] {"", "First", "1", "0", "-1", "one-hot:1", "one-hot:", "1.5", "9999999999"}) {
            assertEquals(Optional.empty(), TableLabel.parse(text), text);
        }
    }

    @Test
    void runningNumbersAreAHeaderAndOtherNumbersARow() throws IOException {
        assertTable("0,1,2,3\n4,5,6,1\n7,8,9,0\n", TableLabel.LAST, 2, new float[] {4, 5, 6, 7, 8, 9}, 1, 0);
        assertTable("0,1,2\n4,5,0\n", TableLabel.LAST, 3, new float[] {0, 1, 4, 5}, 2, 0);
        assertTable("0,1,2,4\n4,5,6,0\n", TableLabel.LAST, 5, new float[] {0, 1, 2, 4, 5, 6}, 4, 0);
        assertTable("1,2,3,4\n4,5,6,0\n", TableLabel.LAST, 5, new float[] {1, 2, 3, 4, 5, 6}, 4, 0);
        refused("t:2: found nothing after the header", "0,1,2,3\n");
    }

    private TextSource byHeader() throws IOException {
        return (TextSource)
                CsvTable.open(storage, List.of("t"), ReadingOptions.AUTO).train();
    }

    private String words(String text) throws IOException {
        storage.with("t", text.getBytes(StandardCharsets.UTF_8));
        return byHeader().reading().orElseThrow().labelWords();
    }

    private int labelLike(String name, TableLabel place, String text) throws IOException {
        storage.with("t", text.getBytes(StandardCharsets.UTF_8));
        DataReading other = new DataReading(DataFormat.CSV, place, name);
        List<String> classes = Classes.numbered(0, 10).names();
        ReadingOptions like = ReadingOptions.AUTO.withLike(new ReadingOptions.Precedent(other, classes, 2));
        return CsvTable.open(storage, List.of("t"), like).train().labels(storage)[0];
    }

    private void contradicted(TableLabel told, String part, String text) {
        storage.with("t", text.getBytes(StandardCharsets.UTF_8));
        UserError error = assertThrows(UserError.class, () -> CsvTable.open(storage, "t", told));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertEquals(0, storage.openStreams());
    }

    @Test
    void compressedFileIsToldByContent() throws IOException {
        storage.with("t", IdxBytes.gzip("1,2,0\n3,4,1\n".getBytes(StandardCharsets.UTF_8)));
        assertTable(CsvTable.open(storage, "t", TableLabel.LAST), 2, new float[] {1, 2, 3, 4}, 0, 1);
        assertEquals(DataFormat.CSV, Formats.of(storage, "t"));
        assertEquals(DataFormat.IDX, Formats.of(storage.with("i", IdxBytes.labels(3)), "i"));
        assertEquals(DataFormat.IDX, Formats.of(storage.with("z", IdxBytes.gzip(IdxBytes.labels(3))), "z"));
    }

    @Test
    void whatIsNoRowOfNumbersIsRefusedWithItsPlace() {
        refused("t:2: found \"nan\" in column 2, expected a number: a value is missing here.", "1,2,0\n3,nan,1\n");
        refused("t:1: found \"NaN\" in column 1, expected a number: a value is missing here.", "NaN,2,0\n");
        refused("t:3: found \"-Infinity\" in column 1 \"a\",", "a,b,c\r\n1,2,0\r\n-Infinity,2,0\r\n");
        refused("t:1: found \"1e39\" in column 1,", "1e39,2,0\n");
        refused("t:1: found \"1e-60\" in column 1,", "1e-60,2,0\n");
        refused("t:2: found \"\" in column 1, expected a number: a value is missing here.", "1,2,0\n,2,0\n");
        refused("t:4: found 2 columns, expected 3 as in the first line;", "1,2,0\n\n1,2,0\n3,1\n");
        refused("t:2: found 4 columns, expected 3 as in the first line;", "1,2,0\n3,1,2,0\n");
        refused("t:1: found \"3.5\" in column 3, expected a label, a whole number from 0 to 65535", "1,2,3.5\n");
        refused("t:1: found \"70000\" in column 3, expected a label", "1,2,70000\n");
        refused("t:2: found \"rose\" in column 3, expected a label,", "1,2,0\n1,2,rose\n");
        refused("t:2: found \"\u0663\" in column 1,", "1,2,0\n\u0663,2,0\n");
        refused("t:1: found \"\u0663\" in column 1,", "\u0663,2,0\n");
        refused("t:1: found \"1 2\" in column 1,", "1 2,2,0\n");
        refused("t:1: found \"0x1p3\" in column 1,", "0x1p3,2,0\n");
        refused("t:1: found \"1f\" in column 1,", "1f,2,0\n");
        // a comma for a point, in quotation marks as spreadsheets write it, and with semicolons
        refused("t:1: found \"1,5\" in column 1, expected a number with a decimal point", "\"1,5\",2,0\n");
        refused("t:1: found \"1,5\" in column 1, expected a number with a decimal point", "1,5;2,5;0\n");
        refused("t:1: found \"1;5\" in column 1,", "1;5,0,0\n");
        refused("t:1: found no rows,", "");
        refused("t:3: found nothing after the header,", "a,b,c\n\n");
        refused("t:1: found \"" + "9".repeat(40) + "...\" in column 1,", "9".repeat(100) + "\u0001,2,0\n");
    }

    @Test
    void oneHotColumnsHoldASingleOne() {
        refused(TableLabel.oneHot(2), "t:1: found \"1\" in column 3, expected a single 1", "5,1,1\n");
        refused(TableLabel.oneHot(2), "t:2: found only zeros in the 2 one-hot columns,", "5,1,0\n5,0,0\n");
        refused(TableLabel.oneHot(2), "t:1: found \"2\" in column 2, expected 0 or 1", "5,2,0\n");
        refused(TableLabel.oneHot(3), "t:1: found 3 columns, expected values and 3 labels, separated", "1,0,0\n");
    }

    @Test
    void errorsOfValuesShowWhenTheirRowIsReadAndLabelsWhenTheFileIsOpened() throws IOException {
        storage.with("t", "1,2,0\n3,x,1\n5,6,1\n".getBytes(StandardCharsets.UTF_8));
        TextSource source = CsvTable.open(storage, "t", TableLabel.LAST);
        assertEquals(5, source.read(RowSet.of(new int[] {0, 2}), storage).value(1, 0));
        assertThrows(UserError.class, () -> source.read(RowSet.range(1, 2), storage));
    }

    @Test
    void fileThatChangedSinceItWasOpenedIsRefused() throws IOException {
        storage.with("t", "1,2,0\n3,4,1\n".getBytes(StandardCharsets.UTF_8));
        TextSource source = CsvTable.open(storage, "t", TableLabel.LAST);
        for (String other : new String[] {"1,2,0\n", "1,2,0\n3,4,1\n5,6,1\n", "1,2,0\n3,4,2\n", "1,2,3,0\n1,2,3,1\n"}) {
            storage.with("t", other.getBytes(StandardCharsets.UTF_8));
            UserError error =
                    assertThrows(UserError.class, () -> source.read(RowSet.range(0, 2), storage), () -> other);
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
        }
        assertEquals(0, storage.openStreams());
    }

    @Test
    void endlessLineTakesBoundedMemory() {
        Storage endless = new Endless((byte) '1');
        UserError error = assertThrows(UserError.class, () -> CsvTable.open(endless, "t", TableLabel.LAST));
        assertEquals(
                "t:1: found 1 column, expected values and 1 label, separated by commas, semicolons, tabs, bars or blanks;"
                        + " correct the file or give another one.",
                error.getMessage());
    }

    @Test
    void wantedRowsAreThoseOfTheWholeFileWhateverTheGaps() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 200; round++) {
            int rows = 1 + random.nextInt(60);
            int features = 1 + random.nextInt(5);
            float[] values = new float[rows * features];
            int[] labels = new int[rows];
            int column = random.nextInt(2) == 0 ? features : random.nextInt(features + 1);
            boolean header = column < features || random.nextInt(2) == 0;
            StringBuilder text = new StringBuilder(
                    header ? "h,".repeat(column) + "label" + ",h".repeat(features - column) + "\n" : "");
            for (int row = 0; row < rows; row++) {
                labels[row] = row == 0 ? 0 : random.nextInt(4);
                List<String> fields = new ArrayList<>();
                for (int j = 0; j < features; j++) {
                    values[row * features + j] =
                            (float) (random.nextGaussian() * StrictMath.pow(10, random.nextInt(9)));
                    fields.add(Float.toString(values[row * features + j]));
                }
                fields.add(column, Integer.toString(labels[row]));
                text.append(String.join(",", fields)).append(random.nextInt(3) == 0 ? "\r\n\n" : "\n");
            }
            storage.with("t", text.toString().getBytes(StandardCharsets.UTF_8));
            TextSource source = byHeader();
            String replay = "seed " + seed + ", round " + round;
            assertEquals(rows, source.rows(), replay);
            assertEquals(Arrays.toString(labels), Arrays.toString(source.labels(storage)), replay);
            int[] wanted = IntStream.range(0, rows)
                    .filter(row -> random.nextInt(3) == 0)
                    .toArray();
            Rows read = source.read(RowSet.of(wanted), storage);
            assertEquals(wanted.length, read.count(), replay);
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(labels[wanted[i]], read.label(i), replay);
                for (int j = 0; j < features; j++) {
                    assertEquals(values[wanted[i] * features + j], read.value(i, j), replay);
                }
            }
        }
    }

    @Test
    void numbersAreParsedAsJavaParsesThem() {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 100_000; round++) {
            float value = Float.intBitsToFloat((int) random.nextLong());
            String text =
                    switch (random.nextInt(7)) {
                        case 0 -> Integer.toString((int) random.nextLong() >> random.nextInt(32));
                        case 1 -> Float.toString(value);
                        case 2 ->
                            String.format(Locale.ROOT, "%." + random.nextInt(24) + "f", random.nextGaussian() * 99);
                        case 3 -> (random.nextInt(1 << 25) - (1 << 24)) / 1e3 + "";
                        case 4 -> String.format(Locale.ROOT, "%." + random.nextInt(24) + "e", (double) value);
                        case 5 -> random.nextLong() + "" + random.nextLong(); // which may be no number
                        default -> nearTheMiddle(random, value);
                    };
            byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
            float found = CsvNumber.parse(bytes, 1, bytes.length - 1);
            assertEquals(expected(text), found, text + ", seed " + seed);
        }
    }

    private static float expected(String text) {
        if (!text.matches("[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)?")) {
            return Float.NaN;
        }
        float expected = Float.parseFloat(text);
        boolean isZero = new BigDecimal(text).signum() == 0;
        return Float.isInfinite(expected) || (expected == 0 && !isZero) ? Float.NaN : expected;
    }

    /** A number half-way between two floats, or next to that; all of its digits, or so many that it differs by them. */
    private static String nearTheMiddle(SplitMix64 random, float value) {
        float finite = Float.isFinite(value) && Math.abs(value) < Float.MAX_VALUE ? value : 1;
        BigDecimal middle = new BigDecimal((double) finite)
                .add(new BigDecimal((double) Math.nextUp(finite)))
                .divide(BigDecimal.valueOf(2));
        BigDecimal rounded = middle.round(new MathContext(15 + random.nextInt(10)));
        BigDecimal last = rounded.ulp().multiply(BigDecimal.valueOf(random.nextInt(3) - 1));
        BigDecimal shown = random.nextInt(4) == 0 ? middle : rounded.add(last);
        return random.nextInt(2) == 0 ? shown.toString() : shown.toPlainString();
    }

    @Test
    void onlyUserErrorsEscapeFromDamagedFiles() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        byte[] whole = "\uFEFFa,\"b\",c\r\n1.5,\"2\",0\r\n-3e2,4,1\n".getBytes(StandardCharsets.UTF_8);
        byte[] alphabet = "0123456789.,-+eE\"\r\n \t;xn\0\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length - (round % 2) * random.nextInt(whole.length));
            for (int i = 0; i < 1 + random.nextInt(4) && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] = alphabet[random.nextInt(alphabet.length)];
            }
            storage.with("t", damaged);
            TableLabel label = new TableLabel[] {
                        TableLabel.FIRST, TableLabel.LAST, TableLabel.NONE, TableLabel.oneHot(2)
                    }
                    [round % 4];
            try {
                TextSource source = round % 5 == 0 ? byHeader() : CsvTable.open(storage, "t", label);
                source.labels(storage);
                source.read(RowSet.range(0, source.rows()), storage);
            } catch (UserError expected) {
                assertEquals(UserError.Kind.BAD_DATA, expected.kind());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round + ": " + Arrays.toString(damaged), e);
            }
        }
        assertEquals(0, storage.openStreams());
    }

    @Test
    void missingFileIsInputMissing() {
        UserError error = assertThrows(UserError.class, () -> CsvTable.open(storage, "none.csv", TableLabel.LAST));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
    }

    @Test
    void builtInTablesAreInTheJar() throws IOException {
        BuiltInTable xor = BuiltInTable.open(BuiltInTable.Name.XOR);
        assertEquals("[0, 1, 1, 0]", Arrays.toString(xor.labels(storage)));
        Rows rows = xor.read(RowSet.range(0, 4), storage);
        for (int row = 0; row < 4; row++) {
            assertEquals(rows.label(row), (int) rows.value(row, 0) ^ (int) rows.value(row, 1));
            assertEquals(1, rows.value(row, 2));
        }
        BuiltInTable digits = BuiltInTable.open(BuiltInTable.Name.SEVEN_SEGMENT);
        assertEquals(7, digits.features());
        assertEquals("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", Arrays.toString(digits.labels(storage)));
        Rows segments = digits.read(RowSet.range(0, 10), storage);
        int[] lit = new int[10];
        for (int row = 0; row < 10; row++) {
            for (int segment = 0; segment < 7; segment++) {
                lit[row] += (int) segments.value(row, segment);
            }
        }
        assertEquals("[6, 2, 5, 5, 4, 5, 6, 3, 7, 6]", Arrays.toString(lit)); // as on every pocket calculator
    }

    @Test
    void digitsAreReadWhole() throws IOException {
        String directory = System.getenv("DIGITS_DIR");
        Assumptions.assumeTrue(directory != null, "DIGITS_DIR is not set: the 8x8 digits are not read.");
        Storage local = new LocalStorage();
        TextSource digits = CsvTable.open(local, directory + "/digits.csv.gz", TableLabel.LAST)
                .shaped(new Shape(8, 8));
        assertEquals(1797, digits.rows());
        assertEquals(10, digits.classes());
        int[] rowsOfDigit = new int[10];
        for (int label : digits.labels(local)) {
            rowsOfDigit[label]++;
        }
        // from the description of the data set
        assertEquals("[178, 182, 177, 183, 181, 182, 181, 179, 174, 180]", Arrays.toString(rowsOfDigit));
    }

    private void refused(String start, String text) {
        refused(TableLabel.LAST, start, text);
    }

    private void refused(TableLabel label, String start, String text) {
        storage.with("t", text.getBytes(StandardCharsets.UTF_8));
        UserError error = assertThrows(
                UserError.class,
                () -> {
                    TextSource source = CsvTable.open(storage, "t", label);
                    source.read(RowSet.range(0, source.rows()), storage);
                },
                () -> text);
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith(start), error.getMessage());
        assertEquals(0, storage.openStreams());
    }

    private void assertTable(String text, TableLabel label, int classes, float[] values, int... labels)
            throws IOException {
        storage.with("t", text.getBytes(StandardCharsets.UTF_8));
        assertTable(CsvTable.open(storage, "t", label), classes, values, labels);
    }

    private void assertTable(RowSource source, int classes, float[] values, int... labels) throws IOException {
        assertEquals(classes, source.classes());
        assertEquals(labels.length, source.rows());
        Rows rows = source.read(RowSet.range(0, source.rows()), storage);
        for (int row = 0; row < labels.length; row++) {
            assertEquals(labels[row], rows.label(row));
            assertEquals(labels[row], source.labels(storage)[row]);
            for (int j = 0; j < source.features(); j++) {
                assertEquals(values[row * source.features() + j], rows.value(row, j));
            }
        }
        assertEquals(values.length, labels.length * source.features());
        assertEquals(0, storage.openStreams());
    }

    /** A file without an end, of one byte over and over. */
    private record Endless(byte value) implements Storage {
        @Override
        public InputStream open(String path) {
            return new InputStream() {
                @Override
                public int read() {
                    return value;
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    Arrays.fill(target, offset, offset + length, value);
                    return length;
                }
            };
        }

        @Override
        public long length(String path) {
            return Long.MAX_VALUE;
        }

        @Override
        public long modified(String path) {
            return 0;
        }

        @Override
        public boolean exists(String path) {
            return true;
        }

        @Override
        public List<String> list(String directory) {
            return List.of();
        }
    }
}
