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
import io.treegrad.network.SplitMix64;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.Reading;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which people write the same table, and what is found in it without being told. */
class CsvDialectTest {
    private final MemoryStorage storage = new MemoryStorage();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5,2,0\n3,4,1\n",
                "a;b;c\n1.5;2;0\n3;4;1\n",
                "a\tb\tc\n1.5\t2\t0\n3\t4\t1\n",
                "1.5|2|0\n3|4|1\n",
                "1.5 2 0\n3 4 1\n",
                "  1.5   2 0 \n 3 4   1  \n",
                "a , b , c\n1.5 , 2 , 0\n3 , 4 , 1\n",
                "1.5 ; 2 ; 0\n3 ; 4 ; 1\n",
                " a | b | c \n 1.5 | 2 | 0 \n 3 | 4 | 1 \n",
                "1.5, 2, 0\n3, 4, 1\n",
                "\"a, b\";\"x;y\";\"c\"\n\"1.5\";\"2\";\"0\"\n\"3\";\"4\";\"1\"\n",
                "a,b,c\r1.5,2,0\r3,4,1\r",
                "# from the laboratory\n# a,b,c\n1.5,2,0\n# second\n3,4,1\n",
                "a,b,c,\n1.5,2,0,\n3,4,1,\n",
                "1x1,1x2,2nd\n1.5,2,0\n3,4,1\n",
                "\uFEFFa;b;c\r\n1.5;2;0\r\n\r\n3;4;1"
            })
    void tableIsTheSameHoweverItIsWritten(String text) throws IOException {
        RowSource source = open(text);
        assertEquals(2, source.rows());
        assertEquals(2, source.features());
        Rows rows = source.read(RowSet.range(0, 2), storage);
        assertEquals(1.5f, rows.value(0, 0));
        assertEquals(4, rows.value(1, 1));
        assertEquals(1, rows.label(1));
        assertEquals(0, storage.openStreams());
    }

    @Test
    void whatCannotBeReadIsToldWithTheFix() {
        refused(
                "t:2: found \"1,5\" in column 1 \"a\", expected a number with a decimal point",
                "a;b;c\n1,5;2,5;0\n3;4;1\n");
        refused("t:2: found \"?\" in column 2, expected a number: a value is missing here", "1,2,0\n3,?,1\n");
        refused("UTF-16, expected UTF-8; convert it", "1,2,0\n3,4,1\n", StandardCharsets.UTF_16);
        refused("UTF-16, expected UTF-8; convert it", "1,2,0\n3,4,1\n", StandardCharsets.UTF_16LE);
        refused("t:1: found 1 column, expected values and 1 label", "5\n7\n");
        refused("t:2: found \"0%\" in column 1 \"a\", expected a decimal number", "a,b,c\n0%,2,0\n5%,4,1\n");
        refused("t:1: found sep=;, which only Excel understands, expected names", "sep=;\r\na;b;c\r\n1;2;0\r\n");
        refused(
                "t:3: found \"1,200\" in column 1 \"a\", expected a number without separators of thousands",
                "a,b,c\n0,2,0\n\"1,200\",4,1\n");
        refused("a quotation mark without its end", "1,2,0\n\"3,4,1\n" + "5,6,1\n".repeat(200_000));
    }

    /** Excel writes such a word for a cell that it cannot compute. At the start of a line it would be a comment. */
    @ParameterizedTest
    @ValueSource(strings = {"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
    void aRowThatBeginsWithAnErrorOfExcelIsNoComment(String error) {
        String expected = "t:3: found \"" + error + "\" in column 1 \"a\", expected a number: a value is missing here";
        refused(expected, "a,b,label\n1,2,0\n" + error + ",4,1\n");
        refused(expected, "a;b;label\n1;2;0\n" + error + ";4;\"1\"\n");
        refused(expected.replace("column 1", "column 2"), "b,a,label\n1,2,0\n3," + error + ",1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0.12345678901234567"})
    void aTableMayHaveAHundredThousandColumns(String value) throws IOException {
        String values = (value + ",").repeat(100_000);
        RowSource source = open(values + "0\n" + values + "1\n" + values + "1\n");
        assertEquals(3, source.rows());
        assertEquals(100_000, source.features());
        assertEquals(1, source.read(RowSet.range(0, 3), storage).label(2));
    }

    @Test
    void columnsOfTextAreToldAllAtOnce() {
        UserError error = refused(
                "t:1: found text in column 2 \"name\" (\"Ann\"), column 4 \"town\" (\"Ulm\"), expected numbers",
                "a,name,b,town,label\n1,Ann,2,Ulm,0\n3,Bo,4,?,1\n");
        assertEquals(List.of("drop"), error.settings());
        refused("t:1: found text in column 1 (\"low\"), expected", "low,2,good\nhigh,3,bad\n");
        refused(
                "t:1: found text in column 1 \"day\" (\"2026-01-31\"), column 2 \"at\" (\"12:30\"), column 3 \"due\" (\"1.2.26\")",
                "day,at,due,a,b\n2026-01-31,12:30,1.2.26,1,x\n2026-01-30,7:05:01,1.3.26,2,y\n");
        // not all of it is text, or it is a number that does not fit
        assertEquals(
                List.of("drop"),
                refused("t:2: found \"x\" in column 1", "1,2,0\nx,4,1\n").settings());
        refused("t:1: found \"1e400\" in column 1, expected a decimal number", "1e400,2,0\n1e400,4,1\n");
    }

    @Test
    void aBadCellIsToldWithTheNameOfItsColumn() {
        UserError cell = refused(
                "t:2: found \"12 kg\" in column 2 \"weight\", expected a decimal number such as 0.5, with a point,"
                        + " within the range of float; correct the file, or leave the column out.",
                "a,weight,label\n1,12 kg,0\n3,9 kg,1\n");
        assertEquals(List.of("drop"), cell.settings());
        refused("t:3: found \"2.5\" in column 3 \"label\", expected a label", "a,b,label\n1,2,0\n3,4,2.5\n");
        refused("t:3: found \"x\" in column 2, expected", "a,a,label\n1,2,0\n3,x,1\n"); // which says nothing
    }

    /** R writes no name over the names of the rows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"mpg\" \"am\" \"kind\"\n\"Mazda RX4\" 21 1 \"b\"\n\"Datsun 710\" 22.8 4 \"a\"\n",
                "\"mpg\",\"am\",\"kind\"\n\"17\",21,1,\"b\"\n\"3\",22.8,4,\"a\"\n",
                "mpg\tam\tkind\n1\t21\t1\tb\n2\t22.8\t4\ta\n"
            })
    void aTableOfRHasNoNameOverTheNamesOfItsRows(String text) throws IOException {
        RowSource source = open(text);
        assertEquals(List.of("mpg", "am"), source.reading().orElseThrow().features());
        assertEquals("kind", source.reading().orElseThrow().labelName());
        assertEquals(List.of("1"), source.reading().orElseThrow().dropped());
        Rows rows = source.read(RowSet.range(0, 2), storage);
        assertEquals(21, rows.value(0, 0));
        assertEquals(4, rows.value(1, 1));
        assertEquals(1, rows.label(0));
        assertEquals(List.of("a", "b"), source.classNames());
    }

    @Test
    void aHeaderWithoutOneOfItsNamesIsNoTableOfR() {
        String expected = "t:2: found 4 columns, expected 3 as in the first line";
        refused(expected, "a,b,label\n1,2,0,\n2,4,1,\n"); // a separator at the end of each row
        refused(expected, "a,b,c\n0.5,2,3,0\n0.25,4,5,1\n"); // the first column has values
        refused(expected, "a,b,c\n1,2,3,0\n1,4,5,1\n");
        refused("t:3: found 4 columns, expected 3", "a,b,label\n5,2,0\n2,3,4,1\n");
    }

    /** Else names that differ in such a letter alone would be one class. */
    @Test
    void namesThatAreNotUtf8AreRefused() throws IOException {
        String found = "which is not UTF-8; convert the file, for example by iconv -f WINDOWS-1252 -t UTF-8";
        refused(
                "t:2: found the name \"B\uFFFDr\" in column 2, " + found,
                "1,Bus\n2,B\u00E4r\n3,Bus\n",
                StandardCharsets.ISO_8859_1);
        refused(
                "t:1: found the name \"gr\uFFFDn\" in column 1, " + found,
                "gr\u00FCn,c\n1,0\n2,1\n",
                StandardCharsets.ISO_8859_1);
        storage.with("t", text("a,c\n1,0\n2,1\n# gr\u00FCn\n", StandardCharsets.ISO_8859_1));
        assertEquals(
                2,
                CsvTable.open(storage, List.of("t"), ReadingOptions.AUTO)
                        .train()
                        .rows(),
                "a comment");
    }

    @Test
    void namesAreClassesInAlphabeticalOrder() throws IOException {
        RowSource source = open("1,2,rose\n3,4,lily\n5,6,rose\n");
        assertEquals(List.of("lily", "rose"), source.classNames());
        assertEquals(1, source.labels(storage)[0]);
        assertEquals("the last column", source.reading().orElseThrow().labelWords());
        assertEquals(
                List.of("a", "b"),
                open("kind,x\nb,1\na,2\n").classNames(),
                "the only column of names, wherever it stands");
        assertEquals(List.of("größe"), open("1,2,größe\n3,4,größe\n").classNames());
        assertEquals(List.of("-1", "1"), open("1,2,-1\n3,4,1\n").classNames());
        assertEquals(List.of("1", "2", "3"), open("1,2,1\n3,4,3\n").classNames(), "counted from 1");
        refused("t:2: found \"\" in column 3, expected the name of a class", "1,2,rose\n3,4,\n");
    }

    /** As pandas (True), Spark (true) and R (TRUE) write them. */
    @ParameterizedTest
    @ValueSource(strings = {"True,False", "true,false", "TRUE,FALSE", "\"true\",\"false\""})
    void truthValuesAreOneAndZero(String words) throws IOException {
        String yes = words.split(",")[0];
        String no = words.split(",")[1];
        String rows = "1," + yes + ",rose\n2," + no + ",lily\n";
        for (String text : List.of(rows, "size,red,kind\n" + rows)) {
            RowSource source = open(text);
            Rows read = source.read(RowSet.range(0, 2), storage);
            assertEquals(List.of("lily", "rose"), source.classNames(), "they are no names where there are others");
            assertEquals(1, read.value(0, 1));
            assertEquals(0, read.value(1, 1));
        }
        assertEquals(2, open(yes + "," + no + ",a\n" + no + "," + yes + ",b\n").rows(), "the first row is no header");
        String oneHot = "5,%s,%s,%s\n";
        assertEquals(
                3,
                open(oneHot.formatted(yes, no, no) + oneHot.formatted(no, yes, no) + oneHot.formatted(no, no, yes))
                        .classes());
        assertEquals(2, open("bad,x\n" + yes + ",1\n" + no + ",2\n").classes(), "classes where nothing else is named");
    }

    /** As letters and digits are classes, and whichever the first row has. */
    @Test
    void someNamesMayBeNumbers() throws IOException {
        assertEquals(List.of("7", "A", "B"), open("1,7\n2,A\n3,B\n4,7\n").classNames());
        assertEquals(List.of("AS", "EU"), open("a,region\n1,AS\n2,EU\n3,AS\n").classNames());
        refused(
                "t:2: found \"NA\" in column 2 \"region\", expected the name of a class",
                "a,region\n1,NA\n2,EU\n3,AS\n");
        refused("t:2: found \"x\" in column 2, expected a label, a whole number", "1,7\n2,x\n3,8\n");
    }

    @Test
    void classesOfRowsThatWereReadBeforeStayWhatTheyAre() throws IOException {
        RowSource before = open("1,2,rose\n3,4,lily\n5,6,aster\n");
        ReadingOptions like = like(before);
        storage.with("t", text("7,8,lily\n", StandardCharsets.UTF_8));
        RowSource now = CsvTable.open(storage, List.of("t"), like).train();
        assertEquals(before.classNames(), now.classNames());
        assertEquals(1, now.labels(storage)[0]);
        storage.with("t", text("7,8,tulip\n", StandardCharsets.UTF_8));
        RowSource other = CsvTable.open(storage, List.of("t"), like).train();
        UserError error = assertThrows(UserError.class, () -> other.labels(storage));
        assertTrue(error.getMessage().contains("\"tulip\" in column 3, expected a label, one of aster, lily, rose"));
    }

    @Test
    void labelIsFoundByNameOrNumber() throws IOException {
        String table = "a,b,c\n7,1,5\n8,0,6\n";
        for (String label : List.of("b", "B", "2")) {
            RowSource source = open(table, ReadingOptions.AUTO.withLabel(new LabelChoice(label)));
            assertEquals(1, source.labels(storage)[0], label);
            assertEquals("column 2 \"b\"", source.reading().orElseThrow().labelWords());
        }
        // a name has precedence over a number
        assertEquals(
                1,
                open("0,1,2,3\n1,7,8,9\n0,7,8,9\n", ReadingOptions.AUTO.withLabel(new LabelChoice("0")))
                        .labels(storage)[0]);
        storage.with("t", text(table, StandardCharsets.UTF_8));
        UserError error = assertThrows(
                UserError.class,
                () -> CsvTable.open(storage, List.of("t"), ReadingOptions.AUTO.withLabel(new LabelChoice("d"))));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().contains("label is set to \"d\", expected the name of one column"));
        assertEquals(List.of("label"), error.settings());
    }

    @Test
    void indexOfTheRowsIsNoValueAndOthersAreDroppedAsTold() throws IOException {
        RowSource kaggle = open("Id,x,z,Species\n1,5,6,a\n2,5,6,b\n3,5,6,a\n");
        assertEquals(List.of("Id"), kaggle.reading().orElseThrow().dropped());
        assertEquals(2, kaggle.features());
        assertEquals(2, open(",x,z,label\n0,5,6,1\n1,5,6,0\n2,5,6,1\n").features(), "as pandas writes it");
        assertEquals(2, open(",x,z,label\n8,5,6,1\n3,5,6,0\n5,5,6,1\n").features(), "mixed before it was written");
        assertEquals(3, open(",x,z,label\n8,5,6,1\n3,5,6,0\n8,5,6,1\n").features(), "twice the same");
        StringBuilder numbered = new StringBuilder();
        for (int row = 1; row <= 12; row++) {
            numbered.append(row).append(",5,6,").append(row % 2).append('\n');
        }
        assertEquals(
                List.of("1"), open(numbered.toString()).reading().orElseThrow().dropped());
        assertEquals(3, open("n,x,z,label\n1,5,6,1\n2,5,6,0\n").features(), "not named as an index");
        assertEquals(3, open("Id,x,z,label\n1,5,6,1\n1,5,6,0\n").features(), "not running");
        ReadingOptions told = Reading.options(
                Optional.empty(), DropChoice.parse("x, 1").orElseThrow(), false, false, Optional.empty());
        assertEquals(
                List.of("Id", "x"),
                open("Id,x,z,label\n9,5,6,1\n4,5,6,0\n", told)
                        .reading()
                        .orElseThrow()
                        .dropped());
        ReadingOptions none = Reading.options(
                Optional.empty(), DropChoice.parse("none").orElseThrow(), false, false, Optional.empty());
        assertEquals(3, open("Id,x,z,label\n1,5,6,1\n2,5,6,0\n", none).features());
        // a file for the same model starts at another number, and may lack the column
        assertEquals(2, open("Id,x,z,Species\n7,5,6,a\n", like(kaggle)).features());
        assertEquals(2, open("x,z,Species\n5,6,a\n", like(kaggle)).features());
    }

    @Test
    void namesOfRowsAreNoLabels() throws IOException {
        RowSource cars =
                open("\"\",\"mpg\",\"am\"\n\"Mazda RX4\",21,1\n\"Datsun 710\",22.8,1\n\"Duster 360\",14.3,0\n");
        assertEquals(List.of("mpg"), cars.reading().orElseThrow().features());
        assertEquals("am", cars.reading().orElseThrow().labelName(), "as write.csv of R writes a table");
        assertEquals("[1, 1, 0]", Arrays.toString(cars.labels(storage)));
        assertEquals(1, open(",x,y\n2026-11-01,5,1\n2026-11-02,6,0\n").features(), "an index of dates");
        RowSource repeated = open(",x,z\ncat,5,1\ndog,6,0\ncat,7,0\n");
        assertEquals(List.of("cat", "dog"), repeated.classNames(), "the only names, which occur more than once");
    }

    @Test
    void anIndexBehindTheOtherColumnsIsNoLabel() throws IOException {
        RowSource source = open("x,z,kind,id\n5,6,1,1\n5,7,0,2\n5,8,1,3\n");
        assertEquals("kind", source.reading().orElseThrow().labelName());
        assertEquals(List.of("id"), source.reading().orElseThrow().dropped());
        assertEquals("[1, 0, 1]", Arrays.toString(source.labels(storage)));
        assertEquals(2, open("x,z,kind,id\n5,6,1,9\n", like(source)).features());
        for (String said : List.of("id", "last", "4")) {
            RowSource told =
                    open("x,z,kind,id\n5,6,1,1\n5,7,0,2\n", ReadingOptions.AUTO.withLabel(new LabelChoice(said)));
            assertEquals("id", told.reading().orElseThrow().labelName(), said);
            assertEquals(3, told.features(), said);
        }
    }

    /** As pandas writes a table without names of columns, with the index that it writes unless it is told not to. */
    @Test
    void namesThatAreNumbersMayStandBesideAnIndexWithoutName() throws IOException {
        RowSource source = open(",0,1,2,3\n0,5,6,7,1\n1,8,9,10,0\n2,8,9,10,2\n");
        assertEquals(3, source.rows());
        assertEquals(List.of("0", "1", "2"), source.reading().orElseThrow().features());
        assertEquals("[1, 0, 2]", Arrays.toString(source.labels(storage)));
        assertEquals(1, open("1,2,3,4,5,6,7,8,9,10\n9,8,7,6,5,4,3,2,1,0\n").rows());
        assertEquals(2, open("1,2,3,4\n9,8,7,6\n").rows(), "may well be values");
        refused("t:1: found \"\" in column 1, expected a number: a value is missing", ",2,0,5\n3,4,1,5\n");
    }

    @Test
    void rowsToPredictNeedNoLabel() throws IOException {
        RowSource trained = open("x,z,label\n5,6,1\n5,7,0\n");
        ReadingOptions.Precedent before = like(trained).like().orElseThrow();
        ReadingOptions predicted = Reading.options(Optional.empty(), DropChoice.AUTO, false, true, Optional.of(before));
        assertEquals(2, open("x,z\n5,6\n", predicted).features());
        assertEquals(2, open("5,6\n", predicted).features());
        assertEquals(2, open("x,z,label\n5,6,1\n", predicted).features());
    }

    @Test
    void noneIsAClassUnlessTheOthersAreNumbers() throws IOException {
        for (String rows : new String[] {"none,1\ncrack,2\n", "none,1\nnone,2\nnone,3\ncrack,4\n"}) {
            assertEquals(
                    List.of("crack", "none"),
                    open("label,x\n" + rows, ReadingOptions.AUTO).classNames());
        }
        refused(
                "t:3: found \"none\" in column 1 \"label\", expected a label, a whole number",
                "label,x\n1,1\nnone,2\n0,3\nnone,4\n");
        refused(
                "t:3: found \"None\" in column 1 \"label\", expected the name of a class",
                "label,x\ncrack,1\nNone,2\n");
        refused("t:3: found \"\\N\" in column 1 \"label\", expected the name of a class", "label,x\ncrack,1\n\\N,2\n");
        refused("t:2: found \"\\N\" in column 2 \"x\", expected a number: a value is missing", "label,x\n1,\\N\n0,2\n");
    }

    @Test
    void columnsThatCannotBeLabelsAreRefused() {
        StringBuilder pixels = new StringBuilder("1,2,65535\n");
        StringBuilder keys = new StringBuilder();
        StringBuilder counted = new StringBuilder("x,z,customer\n");
        for (int row = 0; row < 60; row++) {
            pixels.append("1,2,").append(row % 3).append('\n');
            keys.append(row).append(",2,customer").append(row).append('\n');
            counted.append("1,2,").append(row).append('\n');
        }
        refused(
                "t:1: found label 65535, and 4 different labels in all: most of the classes 0 to 65535",
                pixels.toString());
        refused("found 60 different labels in 60 rows", keys.toString());
        refused("found 60 different labels in 60 rows", counted.toString());
    }

    @Test
    void severalFilesAreOneTableInTheirOrder() throws IOException {
        storage.with("1", text("label,x\nb,1\na,2\n", StandardCharsets.UTF_8));
        storage.with("2", IdxBytes.gzip(text("label;x\r\nc;3\r\n", StandardCharsets.UTF_8)));
        storage.with("3", text("a,4\n", StandardCharsets.UTF_8));
        RowSource source = CsvTable.open(storage, List.of("1", "2", "3"), ReadingOptions.AUTO)
                .train();
        assertEquals(List.of("a", "b", "c"), source.classNames());
        Rows rows = source.read(RowSet.of(new int[] {0, 2, 3}), storage);
        assertEquals("[1, 0, 2, 0]", Arrays.toString(source.labels(storage)));
        assertEquals(1, rows.value(0, 0));
        assertEquals(3, rows.value(1, 0));
        assertEquals(4, rows.value(2, 0));
        for (String other : new String[] {"label,z\na,1\n", "a,1,2\n"}) {
            storage.with("3", text(other, StandardCharsets.UTF_8));
            UserError error = assertThrows(
                    UserError.class, () -> CsvTable.open(storage, List.of("1", "2", "3"), ReadingOptions.AUTO));
            assertTrue(error.getMessage().startsWith("3:1: found "), error.getMessage());
        }
    }

    /** A task of Spark or Hive without rows writes a file of no bytes, or with the header alone. */
    @Test
    void filesWithoutRowsArePassedOver() throws IOException {
        storage.with("0", new byte[0])
                .with("1", text("a,b,label\n", StandardCharsets.UTF_8))
                .with("4", IdxBytes.gzip(new byte[0]));
        storage.with("2", text("a,b,label\n1,2,x\n", StandardCharsets.UTF_8))
                .with("3", text("a,b,label\n3,4,y\n", StandardCharsets.UTF_8));
        List<String> files = List.of("0", "1", "2", "3", "4");
        assertEquals(DataFormat.CSV, Formats.of(storage, files));
        RowSource source = Formats.open(DataFormat.CSV, storage, files, ReadingOptions.AUTO)
                .train();
        assertEquals(2, source.rows());
        assertEquals(List.of("x", "y"), source.classNames());
        storage.with("2", text("1 1:5\n0 2:6\n", StandardCharsets.UTF_8));
        assertEquals(DataFormat.LIBSVM, Formats.of(storage, List.of("0", "2")));
        assertEquals(
                2,
                Formats.open(DataFormat.LIBSVM, storage, List.of("0", "2", "4"), ReadingOptions.AUTO)
                        .train()
                        .rows());
        refused("0:1: found no rows", List.of("0", "4"));
        storage.with("5", text("made,byhand\n", StandardCharsets.UTF_8));
        refused("5:1: found 2 columns, expected 3 as in 3:1", List.of("3", "5"));
        refused("5:1: found 2 columns, expected 3 as in 3:1", List.of("5", "3"));
    }

    @Test
    void readerOfLateRowsReadsNotTheWholeFileAndKnowsItsLines() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (String end : new String[] {"\n", "\r\n", "\r"}) {
            StringBuilder text = new StringBuilder("# comment" + end + "a,b,\"c\"" + end);
            int rows = 300_000;
            for (int row = 0; row < rows; row++) {
                text.append(row)
                        .append(random.nextInt(4) == 0 ? ",\"7\"," : ",7,")
                        .append(row % 2)
                        .append(end);
                if (random.nextInt(50) == 0) {
                    text.append(end).append("# \"a\"").append(end);
                }
            }
            byte[] bytes = text(text.toString(), StandardCharsets.UTF_8);
            storage.with("t", bytes);
            RowSource source =
                    CsvTable.open(storage, List.of("t"), ReadingOptions.AUTO).train();
            long before = storage.bytesRead();
            Rows late = source.read(RowSet.range(rows - 1000, rows), storage);
            assertTrue(storage.bytesRead() - before < bytes.length / 2, "read " + (storage.bytesRead() - before));
            for (int i = 0; i < 1000; i++) {
                assertEquals(rows - 1000 + i, late.value(i, 0), "seed " + seed);
            }
            for (int round = 0; round < 20; round++) {
                int row = random.nextInt(rows);
                assertEquals(
                        row, source.read(RowSet.range(row, row + 1), storage).value(0, 0), "seed " + seed);
            }
            String spoiled = text.substring(0, text.lastIndexOf("7")) + "x" + text.substring(text.lastIndexOf("7") + 1);
            storage.with("t", text(spoiled, StandardCharsets.UTF_8));
            UserError error = assertThrows(UserError.class, () -> source.read(RowSet.range(rows - 1, rows), storage));
            long line = spoiled.substring(0, spoiled.lastIndexOf("x")).lines().count();
            assertTrue(error.getMessage().startsWith("t:" + line + ": found"), error.getMessage() + ", line " + line);
        }
    }

    @Test
    void lateRowsOfACompressedFileAreThoseOfThePlainOne() throws IOException {
        StringBuilder text = new StringBuilder("a,b,c\n");
        int rows = 300_000;
        for (int row = 0; row < rows; row++) {
            text.append(row).append(",7,").append(row % 2).append('\n');
        }
        byte[] compressed = IdxBytes.gzip(text(text.toString(), StandardCharsets.UTF_8));
        storage.with("t", compressed);
        RowSource source =
                CsvTable.open(storage, List.of("t"), ReadingOptions.AUTO).train();
        for (int row : new int[] {0, 99_999, 200_000, rows - 1}) {
            assertEquals(row, source.read(RowSet.range(row, row + 1), storage).value(0, 0), "row " + row);
        }
        storage.with("t", Arrays.copyOf(compressed, compressed.length / 2));
        UserError error = assertThrows(UserError.class, () -> source.read(RowSet.range(rows - 1, rows), storage));
        assertTrue(error.getMessage().startsWith("t: the compressed data ends early"), error.getMessage());
        assertEquals(0, storage.openStreams());
    }

    private RowSource open(String text) throws IOException {
        return open(text, ReadingOptions.AUTO);
    }

    private RowSource open(String text, ReadingOptions options) throws IOException {
        storage.with("t", text(text, StandardCharsets.UTF_8));
        return CsvTable.open(storage, List.of("t"), options).train();
    }

    private static ReadingOptions like(RowSource before) {
        return ReadingOptions.AUTO.withLike(
                new ReadingOptions.Precedent(before.reading().orElseThrow(), before.classNames(), before.features()));
    }

    private static byte[] text(String text, Charset charset) {
        return text.getBytes(charset);
    }

    private void refused(String message, List<String> files) {
        UserError error =
                assertThrows(UserError.class, () -> Formats.open(DataFormat.CSV, storage, files, ReadingOptions.AUTO));
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }

    private UserError refused(String part, String text) {
        return refused(part, text, StandardCharsets.UTF_8);
    }

    private UserError refused(String part, String text, Charset charset) {
        storage.with("t", text(text, charset));
        UserError error = assertThrows(UserError.class, () -> {
            RowSource source =
                    CsvTable.open(storage, List.of("t"), ReadingOptions.AUTO).train();
            source.read(RowSet.range(0, source.rows()), storage);
        });
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertEquals(0, storage.openStreams());
        return error;
    }
}
