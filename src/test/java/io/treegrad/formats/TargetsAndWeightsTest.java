package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.network.Task;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Numbers to predict, and how many rows each row counts as. */
class TargetsAndWeightsTest {
    private static final String TABLE = "w,size,price\n2,10,1.5\n0.5,20,-3e2\n1,30,7\n";

    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void numbersAndWeightsOfATableAreRead() throws IOException {
        RowSource source = csv(TABLE, Reading.numbers(Optional.of("w")));
        assertEquals(0, source.classes());
        assertEquals(1, source.features());
        assertEquals("[1.5 x 2.0, -300.0 x 0.5, 7.0 x 1.0]", rows(source));
        assertEquals("w", source.reading().map(DataReading::weight).orElseThrow());
        assertEquals(0, source.labels(storage)[1], "numbers are no classes");
    }

    @Test
    void weightsOfClassesLieBesideTheirLabels() throws IOException {
        ReadingOptions options = new ReadingOptions(
                Optional.empty(),
                DropChoice.AUTO,
                Optional.of("3"),
                Task.CLASSIFICATION,
                false,
                false,
                Optional.empty(),
                Optional.empty());
        assertEquals("[0.0 x 4.0, 1.0 x 1.0]", rows(csv("5,no,4\n6,yes,1\n", options)));
        assertEquals("[0.0 x 1.0, 1.0 x 1.0]", rows(csv("5,no\n6,yes\n", ReadingOptions.AUTO)));
    }

    @Test
    void aModelFindsTheWeightsOfOtherFilesAndDoesNotNeedThem() throws IOException {
        RowSource trained = csv(TABLE, Reading.numbers(Optional.of("w")));
        ReadingOptions like = ReadingOptions.AUTO.withLike(
                new ReadingOptions.Precedent(trained.reading().orElseThrow(), List.of(), 1));
        assertEquals("[8.0 x 3.0]", rows(csv("price,w,size\n8,3,40\n", like)));
        RowSource unweighted = csv("size,price\n40,8\n", like);
        assertEquals("[8.0 x 1.0]", rows(unweighted));
        assertFalse(unweighted.read(RowSet.range(0, 1), storage).areWeighted());
    }

    @Test
    void otherFormatsHaveNumbersToo() throws IOException {
        storage.with("t", "0.5 1:2\n-7 2:3\n".getBytes(StandardCharsets.UTF_8));
        ReadingOptions numbers = Reading.numbers(Optional.empty());
        RowSource libsvm =
                Formats.open(DataFormat.LIBSVM, storage, List.of("t"), numbers).train();
        assertEquals("[0.5 x 1.0, -7.0 x 1.0]", rows(libsvm));
    }

    @Test
    void whatIsNoNumberOrNoWeightIsToldWithItsPlace() {
        refused("t:3: found \"many\" in column 2 \"y\"", "a number to predict", "x,y\n1,2\n3,many\n", Optional.empty());
        refused("t:2: found \"\" in column 2 \"y\"", "a number to predict", "x,y\n1,\n", Optional.empty());
        for (String weight : List.of("0", "-1", "NaN", "", "2e18")) {
            refused(
                    "t:2: found",
                    "a weight, a number above 0 and at most 1e18",
                    "w,x,y\n" + weight + ",1,2\n",
                    Optional.of("w"));
        }
        UserError asClass = assertThrows(UserError.class, () -> csv("x,y\n1,24.5\n2,30\n", ReadingOptions.AUTO));
        assertTrue(
                asClass.getMessage().contains("found \"24.5\" in column 2 \"y\", expected a label"),
                asClass.getMessage());
        assertEquals(List.of("label", "task"), asClass.settings(), "it may be a number to predict");
        refused("weight is set to \"v\"", "the name of one column", TABLE, Optional.of("v"));
        refused("\"price\" has both the weight and the label", "two columns", "x,price,y,z\n1,2,3,4\n", "price");
    }

    private void refused(String found, String expected, String table, Optional<String> weight) {
        UserError error = assertThrows(UserError.class, () -> csv(table, Reading.numbers(weight)));
        assertTrue(error.getMessage().contains(found), error.getMessage());
        assertTrue(error.getMessage().contains(expected), error.getMessage());
    }

    private void refused(String found, String expected, String table, String both) {
        ReadingOptions options = Reading.numbers(Optional.of(both)).withLabel(new LabelChoice(both));
        UserError error = assertThrows(UserError.class, () -> csv(table, options));
        assertTrue(error.getMessage().contains(found), error.getMessage());
        assertTrue(error.getMessage().contains(expected), error.getMessage());
    }

    private RowSource csv(String text, ReadingOptions options) throws IOException {
        storage.with("t", text.getBytes(StandardCharsets.UTF_8));
        return CsvTable.open(storage, List.of("t"), options).train();
    }

    private String rows(RowSource source) throws IOException {
        Rows rows = source.read(RowSet.range(0, source.rows()), storage);
        List<String> shown = new ArrayList<>();
        for (int row = 0; row < rows.count(); row++) {
            shown.add(rows.target(row) + " x " + rows.weight(row));
        }
        return shown.toString();
    }
}
