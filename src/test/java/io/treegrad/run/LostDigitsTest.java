package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowCounts;
import io.treegrad.data.Shape;
import io.treegrad.data.ValueBins;
import io.treegrad.model.DataProfile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LostDigitsTest {
    private static Optional<String> sentence(List<String> names, float[] values) {
        Shape shape = new Shape(1, 2);
        ValueBins bins = new ValueBins(new FeatureBlocks(shape), new float[][] {{}, {}});
        RowCounts counts = new RowCounts(bins, 1, Optional.empty());
        counts.count(new FloatRows(2, values, new int[values.length / 2]));
        counts.finish();
        return LostDigits.sentence(DataProfile.of(counts, new long[] {values.length / 2}), names);
    }

    private static void assertLost(String expected, float[] values) {
        assertEquals(
                "Values lose digits that tell them apart, since float has 24 bits: " + expected
                        + ". Subtract a number that they have in common, or leave the column out: set drop.",
                sentence(List.of("x", "time"), values).orElse("nothing"));
    }

    /** 2^30 is 1,073,741,824; up to 2^31 the next float is 128 further. */
    @Test
    void largeNumbersCloseToEachOtherAreNamed() {
        assertLost(
                "\"time\" (1,700,000,000 to 1,700,086,400 in steps of 128)", new float[] {1, 1.7e9f, 2, 1.7000864e9f});
        assertLost("\"x\" (-20,261,128 to -20,261,100 in steps of 2)", new float[] {-20261128, 0, -20261100, 1});
        assertLost("\"x\" (16,777,218 to 16,777,218 in steps of 2)", new float[] {16777218, 0, 16777218, 1});
        assertEquals(
                Optional.of("feature 1 (16,777,218 to 16,777,220 in steps of 2)"),
                sentence(List.of(), new float[] {16777218, 0, 16777220, 1})
                        .map(text -> text.replaceAll(".*bits: |[.] Subtract.*", "")));
    }

    @Test
    void nothingIsSaidWhereFewDigitsAreLost() {
        List<String> names = List.of("x", "time");
        assertEquals(Optional.empty(), sentence(names, new float[] {16777216, 5, 16777216, 5}), "all are told apart");
        assertEquals(Optional.empty(), sentence(names, new float[] {0, 0, 3e9f, 1}), "incomes of all sizes");
        assertEquals(Optional.empty(), sentence(names, new float[] {1.6e9f, 0, 1.7e9f, 1}), "times of three years");
    }
}
