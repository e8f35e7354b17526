package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.network.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SplitTest {
    @Test
    void validationRowsAreTheLastOnes() {
        Split split = Split.validationRows(60_000, 5000);
        assertEquals(RowSet.range(0, 55_000), split.train());
        assertEquals(RowSet.range(55_000, 60_000), split.validation());
        assertEquals(0, split.test().size());
        assertEquals(60_000, Split.validationRows(60_000, 0).train().size());
    }

    @Test
    void fractionIsRoundedToTheNearestRow() {
        assertEquals(RowSet.range(7, 10), Split.validationFraction(10, 0.25).validation());
        assertEquals(RowSet.range(8, 10), Split.validationFraction(10, 0.24).validation());
        assertEquals(0, Split.validationFraction(10, 0).validation().size());
    }

    @Test
    void partsOfASingleClassHoldEveryRowOnceInTheirSizes() {
        Split split = Split.stratifiedFractions(new int[1797], 0.6, 0.2, 0.2, 3);
        assertPartition(split, 1797, 1078, 360, 359, "seed 3");
        assertEquals(split, Split.stratifiedFractions(new int[1797], 0.6, 0.2, 0.2, 3));
        assertEquals(split, Split.stratified(new int[1797], 1078, 360, 359, 3));
        assertNotEquals(split, Split.stratifiedFractions(new int[1797], 0.6, 0.2, 0.2, 4));
        long below = split.validation().below(899);
        assertTrue(below > 140 && below < 220, below + " validation rows in the first half, expected about 180");
    }

    @Test
    void everyClassHasItsShareOfEachPartToOneRow() {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 1000; round++) {
            int rows = 1 + random.nextInt(round % 2 == 0 ? 20 : 400);
            int classes = 1 + random.nextInt(12);
            int[] labels = new int[rows];
            int[] rowsOfClass = new int[classes];
            for (int row = 0; row < rows; row++) {
                labels[row] = Math.min(random.nextInt(classes), random.nextInt(classes));
                rowsOfClass[labels[row]]++;
            }
            int train = 1 + random.nextInt(rows);
            int validation = random.nextInt(rows - train + 1);
            int test = rows - train - validation;
            Split split = Split.stratified(labels, train, validation, test, round);
            String replay = "round " + round + ", seed " + seed;
            assertPartition(split, rows, train, validation, test, replay);
            for (RowSet part : new RowSet[] {split.train(), split.validation(), split.test()}) {
                int[] found = new int[classes];
                for (long i = 0; i < part.size(); i++) {
                    found[labels[(int) part.at(i)]]++;
                }
                for (int label = 0; label < classes; label++) {
                    double share = (double) rowsOfClass[label] * part.size() / rows;
                    assertTrue(Math.abs(found[label] - share) < 1, replay);
                }
            }
        }
    }

    @Test
    void mnistSizedStratificationIsExactAndSeeded() {
        int[] labels = new int[70_000];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = row * 31 % 97 % 10;
        }
        Split split = Split.stratified(labels, 55_000, 5000, 10_000, 1);
        assertPartition(split, 70_000, 55_000, 5000, 10_000, "seed 1");
        assertEquals(split, Split.stratified(labels, 55_000, 5000, 10_000, 1));
        assertNotEquals(split, Split.stratified(labels, 55_000, 5000, 10_000, 2));
        assertPartition(Split.stratifiedFractions(labels, 0.5, 0.25, 0.25, 1), 70_000, 35_000, 17_500, 17_500, "");
    }

    @Test
    void rowsOfAClassAreEquallyLikelyInEveryPart() {
        int[] labels = {0, 1, 0, 1, 0, 1, 0, 1};
        int[] inTest = new int[8];
        for (int seed = 0; seed < 8000; seed++) {
            RowSet test = Split.stratified(labels, 4, 2, 2, seed).test();
            inTest[(int) test.at(0)]++;
            inTest[(int) test.at(1)]++;
        }
        for (int count : inTest) {
            assertEquals(2000, count, 5 * StrictMath.sqrt(2000));
        }
    }

    @Test
    void impossibleSplitsAreRefusedWithValueAndExpectation() {
        int[] labels = {0, 1, 1};
        refused("validation-rows is 10, expected 0 to 9 of the 10 rows;", () -> Split.validationRows(10, 10));
        refused("validation-rows is -1,", () -> Split.validationRows(10, -1));
        refused("validation-fraction is 1.0,", () -> Split.validationFraction(10, 1));
        refused("validation-fraction is 0.96,", () -> Split.validationFraction(10, 0.96));
        refused("validation-fraction is NaN,", () -> Split.validationFraction(10, Double.NaN));
        refused("split is 0.6,0.2,0.3, expected three", () -> Split.stratifiedFractions(new int[10], 0.6, 0.2, 0.3, 1));
        refused("split is NaN,0.2,0.2,", () -> Split.stratifiedFractions(new int[10], Double.NaN, 0.2, 0.2, 1));
        refused("split is 0.0,0.5,0.5,", () -> Split.stratifiedFractions(new int[10], 0, 0.5, 0.5, 1));
        refused("split is 0,5,5, expected parts", () -> Split.stratifiedFractions(new int[10], 0.01, 0.49, 0.5, 1));
        refused("split is 2,2,0, expected parts", () -> Split.stratified(labels, 2, 2, 0, 1));
        refused("split is 4,-1,0, expected parts", () -> Split.stratified(labels, 4, -1, 0, 1));
        refused("split is 0,0,0, expected parts", () -> Split.stratified(new int[0], 0, 0, 0, 1));
    }

    private static void refused(String start, Executable splitting) {
        UserError error = assertThrows(UserError.class, splitting);
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().startsWith(start), error.getMessage());
    }

    private static void assertPartition(Split split, int rows, int train, int validation, int test, String replay) {
        assertEquals(train, split.train().size(), replay);
        assertEquals(validation, split.validation().size(), replay);
        assertEquals(test, split.test().size(), replay);
        for (int row = 0; row < rows; row++) {
            int holders = (split.train().contains(row) ? 1 : 0)
                    + (split.validation().contains(row) ? 1 : 0)
                    + (split.test().contains(row) ? 1 : 0);
            assertEquals(1, holders, replay);
        }
    }
}
