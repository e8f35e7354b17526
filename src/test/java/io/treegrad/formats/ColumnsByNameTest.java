package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files that belong to a table that was read before, and labels that a file tells in its own way. */
class ColumnsByNameTest {
    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void columnsInAnotherOrderAreReadByTheirNames() throws IOException {
        RowSource trained = open("a,b,kind,c\n1,2,x,3\n4,5,y,6\n", ReadingOptions.AUTO);
        RowSource other = open("c,kind,A,b\n30,y,10,20\n60,x,40,50\n", like(trained, false));
        assertEquals("[[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]]", values(other));
        assertEquals("[1, 0]", Arrays.toString(other.labels(storage)));
        RowSource unlabelled = open("row,c,b,note,a\n1,30,20,hm,10\n", like(trained, true));
        assertEquals("[[10.0, 20.0, 30.0]]", values(unlabelled), "others are left out, and no label is needed");
    }

    @Test
    void aMissingColumnIsNamed() throws IOException {
        RowSource trained = open("a,b,kind\n1,2,x\n3,4,y\n", ReadingOptions.AUTO);
        refused(
                "t:1: found no column named \"b\", expected one: it is a column of the training rows",
                "a,kind\n1,x\n",
                like(trained, true));
        refused(
                "t:1: found no columns named b, c, expected one of each name: each is a column of the training rows",
                "a,kind\n1,x\n",
                like(open("a,b,c,kind\n1,2,3,x\n3,4,5,y\n", ReadingOptions.AUTO), true));
        refused(
                "t:1: found no column named \"kind\", expected one: it is the label",
                "a,b\n1,2\n",
                like(trained, false));
        refused("t:1: found 2 columns named \"b\"", "a,B,b ,kind\n1,2,3,x\n".replace("b ", "B"), like(trained, true));
    }

    @Test
    void aColumnOfValuesIsNoLabel() throws IOException {
        RowSource trained = open("a,b,kind\n1,2,x\n3,4,y\n", ReadingOptions.AUTO);
        ReadingOptions options = like(trained, false).withLabel(new LabelChoice("b"));
        UserError error = assertThrows(UserError.class, () -> open("a,b,kind\n1,2,x\n", options));
        assertTrue(
                error.getMessage()
                        .startsWith("t:1: label is set to column 2 \"b\", which has values of the training rows"),
                error.getMessage());
        assertEquals(List.of("label"), error.settings());
    }

    @Test
    void columnsOfOtherNamesAreReadByTheirPlaces() throws IOException {
        RowSource trained = open("a,b,kind\n1,2,x\n3,4,y\n", ReadingOptions.AUTO);
        assertEquals("[[7.0, 8.0]]", values(open("u,v,w\n7,8,x\n", like(trained, false))));
        assertEquals("[[7.0, 8.0]]", values(open("7,8,x\n", like(trained, false))));
    }

    @Test
    void filesOfOneTableMayHaveTheirColumnsInAnyOrder() throws IOException {
        storage.with("1.csv", text("a,b,label\n1,2,0\n")).with("2.csv", text("label,b,a\n1,20,10\n"));
        RowSource both = CsvTable.open(storage, List.of("1.csv", "2.csv"), ReadingOptions.AUTO)
                .train();
        assertEquals("[[1.0, 2.0], [10.0, 20.0]]", values(both));
        assertEquals("[0, 1]", Arrays.toString(both.labels(storage)));
        storage.with("2.csv", text("label,b,c\n1,20,10\n"));
        UserError error = assertThrows(
                UserError.class, () -> CsvTable.open(storage, List.of("1.csv", "2.csv"), ReadingOptions.AUTO));
        assertTrue(error.getMessage().contains("2.csv:1: found no column named \"a\""), error.getMessage());
    }

    @Test
    void theFirstLineOfScikitLearnNamesTheClasses() throws IOException {
        String flowers = "4,2,setosa,virginica\n5.1,3.5,0\n4.9,3.0,1\n4.7,3.2,1\n4.6,3.1,0\n";
        RowSource source = open(flowers, ReadingOptions.AUTO);
        assertEquals(4, source.rows());
        assertEquals(2, source.features());
        assertEquals(List.of("setosa", "virginica"), source.classNames());
        assertEquals("[0, 1, 1, 0]", Arrays.toString(source.labels(storage)));
        assertEquals(
                "[0, 1, 1, 0]",
                Arrays.toString(open(flowers, like(source, false)).labels(storage)));
        // as many names as columns, too
        assertEquals(
                List.of("malignant", "benign"),
                open("2,3,malignant,benign\n1,2,3,1\n4,5,6,0\n", ReadingOptions.AUTO)
                        .classNames());
        assertEquals(1, open("1,2,x\n3,2,y\n", ReadingOptions.AUTO).labels(storage)[1], "a row of values is none");
    }

    @Test
    void labelsInOneHotColumnsAreNoticed() throws IOException {
        RowSource source = open("0.5 1 0 1 0 0 \n0.5 0 1 0 1 0 \n0.5 1 1 0 0 1 \n", ReadingOptions.AUTO);
        assertEquals("the last 3 columns", source.reading().orElseThrow().labelWords());
        assertEquals(3, source.features());
        assertEquals("[0, 1, 2]", Arrays.toString(source.labels(storage)));
        for (String binary : List.of(
                "5,0,1,0\n6,1,0,1\n7,1,1,0\n", // two ones
                "5,1,0,0\n6,0,0,1\n7,1,0,0\n", // a class without a row
                "5,0,1\n6,1,0\n")) { // a value and a label
            RowSource last = open(binary, ReadingOptions.AUTO);
            assertEquals("the last column", last.reading().orElseThrow().labelWords(), binary);
        }
    }

    /** As Spark's partitionBy leaves it: the last of the other columns would be taken for the label. */
    @Test
    void aLabelInTheNamesOfDirectoriesIsRefused() throws IOException {
        ReadingOptions byName = ReadingOptions.AUTO.withLabel(new LabelChoice("kind"));
        for (String path : List.of("d/label=0/part-0.csv", "Class=a b/t", "d/kind=0/t", "d/y=2026/target=0/t")) {
            storage.with(path, text("p1,p2\n1,0\n2,1\n"));
            UserError error = assertThrows(
                    UserError.class,
                    () -> CsvTable.open(storage, List.of(path), path.contains("kind") ? byName : ReadingOptions.AUTO));
            assertTrue(
                    error.getMessage().startsWith(path + ":1: found the label in the name of the directory"),
                    error.getMessage());
            assertEquals(List.of("label"), error.settings());
        }
        ReadingOptions last = ReadingOptions.AUTO.withLabel(new LabelChoice("last"));
        storage.with("d/y=2026/t", text("p1,p2\n1,0\n2,1\n"));
        storage.with("d/label=0/named", text("p1,label\n1,0\n2,1\n"));
        assertEquals(
                1,
                CsvTable.open(storage, List.of("d/label=0/part-0.csv"), last)
                        .train()
                        .features());
        assertEquals(
                1,
                CsvTable.open(storage, List.of("d/y=2026/t"), ReadingOptions.AUTO)
                        .train()
                        .features());
        assertEquals(
                1,
                CsvTable.open(storage, List.of("d/label=0/named"), ReadingOptions.AUTO)
                        .train()
                        .features());
    }

    private static ReadingOptions like(RowSource rows, boolean labelsOptional) {
        return Reading.options(
                Optional.empty(),
                DropChoice.AUTO,
                false,
                labelsOptional,
                Optional.of(new ReadingOptions.Precedent(
                        rows.reading().orElseThrow(), rows.classNames(), rows.features())));
    }

    private RowSource open(String table, ReadingOptions options) throws IOException {
        storage.with("t", text(table));
        return CsvTable.open(storage, List.of("t"), options).train();
    }

    private void refused(String message, String table, ReadingOptions options) {
        UserError error = assertThrows(UserError.class, () -> open(table, options));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }

    private String values(RowSource source) throws IOException {
        Rows rows = source.read(RowSet.range(0, source.rows()), storage);
        float[][] values = new float[rows.count()][rows.features()];
        for (int row = 0; row < rows.count(); row++) {
            for (int feature = 0; feature < rows.features(); feature++) {
                values[row][feature] = rows.value(row, feature);
            }
        }
        return Arrays.deepToString(values);
    }

    private static byte[] text(String table) {
        return table.getBytes(StandardCharsets.UTF_8);
    }
}
