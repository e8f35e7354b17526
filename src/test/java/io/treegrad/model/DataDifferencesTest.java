package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of profiles that are small enough to reckon with by hand, and from where on. */
class DataDifferencesTest {
    private static final List<String> AB = List.of("a", "b");
    private static final long[] NOTHING_OUTSIDE = {0};

    /** Rows of one feature, which is −1, 0 or 1: how many of each value, in each class. */
    private static DataProfile ofClasses(long[]... counts) {
        List<List<Long>> lines =
                Arrays.stream(counts).map(DataDifferencesTest::list).toList();
        List<Long> rows =
                Arrays.stream(counts).map(line -> Arrays.stream(line).sum()).toList();
        long nonZero =
                Arrays.stream(counts).mapToLong(line -> line[0] + line[2]).sum();
        return new DataProfile(
                1,
                1,
                rows,
                rows,
                List.of(nonZero),
                List.of(-1f),
                List.of(1f),
                List.of(new DataProfile.Block(List.of(-0.5f, 0.5f), lines)));
    }

    private static List<Long> list(long[] counts) {
        return Arrays.stream(counts).boxed().toList();
    }

    /** Rows of classes, in which the feature is the same mixture. */
    private static DataProfile ofShares(long... rows) {
        return ofClasses(Arrays.stream(rows)
                .mapToObj(of -> new long[] {of / 2, 0, of - of / 2})
                .toArray(long[][]::new));
    }

    private static List<String> differences(
            DataProfile before, List<String> labelsBefore, DataProfile now, List<String> labelsNow) {
        return DataDrift.between(before, labelsBefore, now, labelsNow, NOTHING_OUTSIDE)
                .differences();
    }

    @Test
    void aClassMayBeMissingOrNewByChanceWhereFewerThanTenRowsWereToBeExpected() {
        assertEquals(
                List.of("No training row has label a, which 10 of 100 rows had before."),
                differences(ofShares(10, 90), AB, ofShares(0, 100), AB));
        assertEquals(List.of(), differences(ofShares(9, 91), AB, ofShares(0, 100), AB));
        assertEquals(
                List.of("No training row has label a, which 1,000 of 10,000 rows had before."),
                differences(ofShares(1000, 9000), AB, ofShares(100), List.of("b")));
        assertEquals(
                List.of("10 of 100 training rows have label c, which none had before."),
                differences(ofShares(100), List.of("b"), ofShares(10, 90), List.of("c", "b")));
        assertEquals(List.of(), differences(ofShares(100), List.of("b"), ofShares(9, 91), List.of("c", "b")));
        assertEquals(
                List.of(),
                differences(ofShares(100), List.of("b"), ofShares(90, 910), List.of("c", "b")),
                "a tenth as many rows before");
    }

    @Test
    void namesOfClassesStayOnTheirLine() {
        assertEquals(
                List.of("No training row has label two\\u000alines, which 10 of 100 rows had before."),
                differences(ofShares(10, 90), List.of("two\nlines", "b"), ofShares(100), List.of("b")));
    }

    /** Of 1000 rows before and now, 128 ± 16 are 4 deviations from their half. */
    @ParameterizedTest
    @CsvSource({
        "400, 200, true",
        "400, 201, false",
        "400, 800, true",
        "400, 799, false",
        "130, 65, true",
        "128, 64, false",
    })
    void aShareThatHasHalvedOrDoubledIsToldUnlessByChance(long before, long now, boolean told) {
        List<String> changes = differences(ofShares(before, 1000 - before), AB, ofShares(now, 1000 - now), AB).stream()
                .filter(change -> change.contains("label a"))
                .toList();
        assertEquals(
                told
                        ? List.of("%.1f %% of the training rows have label a, which %.1f %% had before."
                                .formatted(now / 10.0, before / 10.0))
                        : List.of(),
                changes);
    }

    @Test
    void threeRowsOfARareClassAreNoDoubling() {
        assertEquals(List.of(), differences(ofShares(1, 999_999), AB, ofShares(3, 9_997), AB));
        assertEquals(
                List.of("0.1 % of the training rows have label a, which 0.0 % had before."),
                differences(ofShares(1, 999_999), AB, ofShares(5, 9_995), AB));
    }

    private static final String A_LIKE_B = "The training rows with label a are like those that had label b before.";
    private static final String B_LIKE_A = "The training rows with label b are like those that had label a before.";

    @Test
    void labelsAreExchangedWhereEachClassLooksAsTheOtherDid() {
        DataProfile before = ofClasses(new long[] {30, 0, 0}, new long[] {0, 0, 30});
        DataProfile now = ofClasses(new long[] {0, 0, 30}, new long[] {30, 0, 0});
        assertEquals(List.of(A_LIKE_B, B_LIKE_A), differences(before, AB, now, AB));
        assertEquals(
                List.of(B_LIKE_A, A_LIKE_B),
                differences(before, AB, ofExchanged(30, 30), List.of("b", "a")),
                "by name");
        assertEquals(List.of(), differences(before, AB, before, AB));
        assertEquals(List.of(), differences(before, AB, ofClasses(new long[] {0, 0, 29}, new long[] {29, 0, 0}), AB));
        assertEquals(List.of(), differences(ofClasses(new long[] {29, 0, 0}, new long[] {0, 0, 29}), AB, now, AB));
    }

    /** The class b first, then a, each with the values that the other had. */
    private static DataProfile ofExchanged(long ofB, long ofA) {
        return ofClasses(new long[] {ofB, 0, 0}, new long[] {0, 0, ofA});
    }

    @Test
    void aClassThatIsLikeNoneBeforeIsNotExchanged() {
        DataProfile before = ofClasses(new long[] {300, 0, 0}, new long[] {0, 0, 300});
        DataProfile now = ofClasses(new long[] {0, 300, 0}, new long[] {0, 0, 300});
        assertEquals(List.of(), differences(before, AB, now, AB));
    }

    @Test
    void whereValuesWereNotCountedByClassNoClassDrifts() {
        DataProfile.Block all = new DataProfile.Block(List.of(0.5f), List.of(List.of(300L, 300L)));
        List<Long> rows = List.of(300L, 300L);
        DataProfile profile = new DataProfile(1, 1, rows, rows, List.of(300L), List.of(0f), List.of(1f), List.of(all));
        DataDrift drift = DataDrift.between(profile, AB, profile, AB, NOTHING_OUTSIDE);
        assertEquals(new DataDrift(0, Map.of(), List.of(0.0), List.of()), drift);
    }

    @Test
    void noClassIsLikeOneThatHadNoRows() {
        DataProfile before = ofClasses(new long[] {300, 0, 0}, new long[] {0, 0, 0});
        DataProfile now = ofClasses(new long[] {0, 0, 300}, new long[] {0, 0, 0});
        assertEquals(List.of(), differences(before, AB, now, AB));
    }

    /** The largest of them by which a class has drifted is that of its values. */
    @Test
    void driftOfAClassIsThatOfItsOwnRows() {
        DataProfile before = ofClasses(new long[] {500, 0, 500}, new long[] {500, 0, 500});
        DataProfile now = ofClasses(new long[] {900, 0, 100}, new long[] {500, 0, 500});
        DataDrift drift = DataDrift.between(before, AB, now, AB, NOTHING_OUTSIDE);
        double ofA = DataDrift.drift(new long[] {500, 0, 500}, 1000, new long[] {900, 0, 100}, 1000);
        assertEquals(Map.of("a", ofA, "b", 0.0), drift.ofClass());
        assertEquals(
                List.of(DataDrift.drift(new long[] {1000, 0, 1000}, 2000, new long[] {1400, 0, 600}, 2000)),
                drift.ofBlock());
        assertEquals(0, drift.ofLabels());
    }

    @Test
    void binsThatAreEmptyBothTimesTellNothing() {
        double chance = (1 + 4 * Math.sqrt(2)) * 2 / 1e6;
        long[] half = {500_000, 500_000, 0};
        double index = 0.1 * Math.log(1.2) - 0.1 * Math.log(0.8);
        assertEquals(
                index - chance, DataDrift.drift(half, 1_000_000, new long[] {600_000, 400_000, 0}, 1_000_000), 1e-6);
        assertEquals(
                index - (2 + 4 * Math.sqrt(2 * 2)) * 2 / 1e6,
                DataDrift.drift(
                        new long[] {500_000, 250_000, 250_000},
                        1_000_000,
                        new long[] {600_000, 200_000, 200_000},
                        1_000_000),
                1e-6,
                "two bins that drift alike, and two degrees of freedom");
        assertEquals(0, DataDrift.drift(new long[3], 0, half, 1_000_000));
        assertEquals(0, DataDrift.drift(half, 1_000_000, new long[3], 0));
    }

    /** (10.5 − 0.5) / 11 · ln (10.5 / 0.5), twice, where chance plays no part. */
    @Test
    void aBinThatIsEmptyOnceCountsAsHalfAValue() {
        long many = Long.MAX_VALUE;
        assertEquals(
                2 * 10 / 11.0 * Math.log(21),
                DataDrift.drift(new long[] {10, 0}, many, new long[] {0, 10}, many),
                1e-9);
    }

    /** One class, so that only features differ; all values are in one bin. */
    private static DataProfile ofFeatures(long counted, Feature... features) {
        List<DataProfile.Block> blocks = new ArrayList<>();
        List<Long> nonZero = new ArrayList<>();
        List<Float> least = new ArrayList<>();
        List<Float> greatest = new ArrayList<>();
        for (Feature feature : features) {
            blocks.add(new DataProfile.Block(List.of(), List.of(List.of(counted))));
            nonZero.add(feature.nonZero);
            least.add(feature.least);
            greatest.add(feature.greatest);
        }
        return new DataProfile(
                1, features.length, List.of(counted), List.of(counted), nonZero, least, greatest, blocks);
    }

    /** In so many rows it is not 0. */
    private record Feature(float least, float greatest, long nonZero) {}

    private static List<String> ofFeatures(DataProfile before, DataProfile now, long... outside) {
        List<String> label = List.of("a");
        return DataDrift.between(before, label, now, label, outside).differences();
    }

    private static final Feature SEVEN = new Feature(7, 7, 1000);

    @ParameterizedTest
    @CsvSource({
        "10, true, a hundredth",
        "9, false, less",
        "990, true, all but a hundredth",
        "991, false, more",
        "1000, true, all",
    })
    void aFeatureThatVariedIsConstant(long nonZero, boolean told, String share) {
        List<String> found =
                ofFeatures(ofFeatures(1000, new Feature(0, 9, nonZero), SEVEN), ofFeatures(1000, SEVEN, SEVEN), 0, 0);
        assertEquals(
                told
                        ? List.of("One feature has the same value in all training rows that were looked at:"
                                + " feature 1 is 7.0, and was from 0.0 to 9.0 before.")
                        : List.of(),
                found,
                share);
    }

    @Test
    void ofSeveralConstantFeaturesTheFirstIsShown() {
        Feature varying = new Feature(-1, 9, 500);
        assertEquals(
                List.of("2 features have the same value in all training rows that were looked at:"
                        + " feature 2 is 7.0, and was from -1.0 to 9.0 before."),
                ofFeatures(
                        ofFeatures(1000, varying, varying, varying), ofFeatures(1000, varying, SEVEN, SEVEN), 0, 0, 0));
    }

    @Test
    void aFeatureIsConstantByChanceWhereFewerThanTenOtherValuesWereToBeExpected() {
        DataProfile before = ofFeatures(1000, new Feature(0, 9, 500));
        assertEquals(
                1, ofFeatures(before, ofFeatures(20, new Feature(0, 0, 0)), 0).size());
        assertEquals(List.of(), ofFeatures(before, ofFeatures(19, new Feature(0, 0, 0)), 0));
        assertEquals(
                List.of(), ofFeatures(ofFeatures(19, new Feature(0, 9, 9)), ofFeatures(1000, new Feature(0, 0, 0)), 0));
    }

    @Test
    void aHundredthAndTenRecordsOfEachThousandMayBeOutsideTheRange() {
        Feature feature = new Feature(0, 9, 1000);
        Feature wider = new Feature(-5, 12, 1000);
        DataProfile before = ofFeatures(1000, feature, feature, feature);
        DataProfile now = ofFeatures(2000, feature, wider, wider);
        assertEquals(List.of(), ofFeatures(before, now, 0, 40, 40));
        assertEquals(
                List.of("One feature has values outside the range that it had before: feature 2 in 41 of 2,000 training"
                        + " rows that were looked at, from -5.0 to 12.0, before from 0.0 to 9.0."),
                ofFeatures(before, now, 0, 41, 40));
        assertEquals(
                List.of(
                        "2 features have values outside the range that each had before: feature 3 in 1,999 of 2,000 training"
                                + " rows that were looked at, from -5.0 to 12.0, before from 0.0 to 9.0."),
                ofFeatures(before, now, 0, 1998, 1999));
        assertTrue(ofFeatures(before, now, 0, 1999, 1999).get(0).contains("feature 2 in"), "the first of two");
    }

    @Test
    void whatHasDriftedMostIsNamed() {
        FeatureBlocks blocks = new FeatureBlocks(new Shape(1, 2));
        Map<String, Double> ofClass = new LinkedHashMap<>(Map.of("a", 0.2));
        ofClass.put("b", 0.3);
        ofClass.put("c", 0.1);
        assertDrifted(
                0.5, "the shares of the classes", new DataDrift(0.5, ofClass, List.of(0.1, 0.4), List.of()), blocks);
        assertDrifted(
                0.6, "the values of feature 2", new DataDrift(0.5, ofClass, List.of(0.1, 0.6), List.of()), blocks);
        assertDrifted(
                0.4, "the values of feature 1", new DataDrift(0.0, ofClass, List.of(0.4, 0.1), List.of()), blocks);
        assertDrifted(
                0.3,
                "the values of the rows with label b",
                new DataDrift(0.1, ofClass, List.of(0.2, 0.1), List.of()),
                blocks);
        assertEquals(0, new DataDrift(0, Map.of(), Collections.emptyList(), List.of()).largest());
    }

    private static void assertDrifted(double largest, String what, DataDrift drift, FeatureBlocks blocks) {
        assertEquals(largest, drift.largest());
        assertEquals(what, drift.mostDrifted(blocks));
    }
}
