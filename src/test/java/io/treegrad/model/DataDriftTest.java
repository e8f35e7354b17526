package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.ByteRowsBuilder;
import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.FloatRows;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowCounts;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.data.ValueBins;
import io.treegrad.formats.IdxFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Drift between random halves of MNIST where {@code $MNIST_DIR} says where it lies, else of drawn digits, and of halves in
 * which a fault was planted. {@code TREEGRAD_SOAK=1} takes all 60,000 rows.
 */
class DataDriftTest {
    private static final Shape DIGIT = new Shape(28, 28);
    private static final List<String> LABELS = TrainedModel.numbered(10);
    private static final double LARGE = 0.25;

    /** A row and its label, which faults are planted in. */
    private static final class Digit {
        private final byte[] pixels;
        private final int label;

        Digit(byte[] pixels, int label) {
            this.pixels = pixels;
            this.label = label;
        }
    }

    private static final List<Digit> DIGITS = new ArrayList<>();

    @BeforeAll
    static void readDigits() throws IOException {
        String mnist = System.getenv("MNIST_DIR");
        RowSource source = mnist == null
                ? SyntheticDigits.trainAndTest(1).train()
                : IdxFiles.mnist(new LocalStorage(), mnist).train();
        int count = "1".equals(System.getenv("TREEGRAD_SOAK")) ? (int) source.rows() : 6000;
        Rows rows = source.read(RowSet.range(0, count), new LocalStorage());
        for (int row = 0; row < count; row++) {
            byte[] pixels = new byte[DIGIT.features()];
            for (int feature = 0; feature < pixels.length; feature++) {
                pixels[feature] = (byte) rows.value(row, feature);
            }
            DIGITS.add(new Digit(pixels, rows.label(row)));
        }
    }

    private static List<List<Digit>> halves(int seed) {
        List<Digit> shuffled = new ArrayList<>(DIGITS);
        Collections.shuffle(shuffled, new Random(seed));
        int half = shuffled.size() / 2;
        return List.of(shuffled.subList(0, half), shuffled.subList(half, 2 * half));
    }

    private static Rows rows(List<Digit> digits) {
        byte[] pixels = new byte[digits.size() * DIGIT.features()];
        byte[] labels = new byte[digits.size()];
        for (int row = 0; row < labels.length; row++) {
            System.arraycopy(digits.get(row).pixels, 0, pixels, row * DIGIT.features(), DIGIT.features());
            labels[row] = (byte) digits.get(row).label;
        }
        return ByteRowsBuilder.rowsOf(DIGIT.features(), pixels, labels);
    }

    private static RowCounts counts(Rows rows, Shape shape, int classes, Optional<DataProfile> before) {
        List<float[]> sample = new ArrayList<>();
        for (int row = 0; row < rows.count(); row += Math.max(1, rows.count() / 256)) {
            float[] values = new float[rows.features()];
            rows.scaleInto(row, Scaling.none(), values, 0);
            sample.add(values);
        }
        RowCounts counts = new RowCounts(
                ValueBins.deciles(new FeatureBlocks(shape), sample), classes, before.map(DataProfile::reference));
        counts.count(rows);
        counts.finish();
        return counts;
    }

    private static DataDrift drift(Rows before, Rows now, Shape shape, int classes) {
        RowCounts earlier = counts(before, shape, classes, Optional.empty());
        DataProfile profile = DataProfile.of(earlier, earlier.rowsOfClass());
        RowCounts counts = counts(now, shape, classes, Optional.of(profile));
        List<String> labels = TrainedModel.numbered(classes);
        return DataDrift.between(
                profile, labels, DataProfile.likeReference(counts, counts.rowsOfClass()), labels, counts.outside());
    }

    private static DataDrift planted(UnaryOperator<Digit> fault, Predicate<Digit> kept) {
        List<List<Digit>> halves = halves(77);
        List<Digit> faulty = halves.get(1).stream().filter(kept).map(fault).toList();
        return drift(rows(halves.get(0)), rows(faulty), DIGIT, LABELS.size());
    }

    @Test
    void cleanHalvesDoNotDrift() {
        for (int seed = 1; seed <= 20; seed++) {
            List<List<Digit>> halves = halves(seed);
            DataDrift drift = drift(rows(halves.get(0)), rows(halves.get(1)), DIGIT, LABELS.size());
            assertTrue(drift.largest() < 0.02, "seed " + seed + ": " + drift);
            assertEquals(List.of(), drift.differences(), "seed " + seed);
        }
    }

    @Test
    void exchangedLabelsOfTwoClassesAreTold() {
        DataDrift drift = planted(
                digit -> new Digit(digit.pixels, digit.label == 4 ? 9 : digit.label == 9 ? 4 : digit.label),
                digit -> true);
        assertEquals(
                List.of(
                        "The training rows with label 4 are like those that had label 9 before.",
                        "The training rows with label 9 are like those that had label 4 before."),
                drift.differences());
    }

    @Test
    void randomLabelsInOneClassChangeItsShare() {
        Random random = new Random(5);
        DataDrift drift = planted(
                digit -> new Digit(digit.pixels, digit.label == 7 ? random.nextInt(10) : digit.label), digit -> true);
        assertTrue(drift.ofLabels() > 0.1, drift::toString);
        assertEquals(1, drift.differences().size(), drift::toString);
        assertTrue(drift.differences().get(0).contains("have label 7, which "), drift::toString);
    }

    @Test
    void invertedPixelsDriftInEachBlock() {
        DataDrift drift = planted(
                digit -> {
                    byte[] inverted = new byte[digit.pixels.length];
                    for (int i = 0; i < inverted.length; i++) {
                        inverted[i] = (byte) (255 - digit.pixels[i]);
                    }
                    return new Digit(inverted, digit.label);
                },
                digit -> true);
        assertTrue(Collections.min(drift.ofBlock()) > LARGE, drift::toString);
        assertTrue(drift.differences().get(0).contains("outside the range"), drift::toString);
    }

    @Test
    void aMissingClassIsNamed() {
        DataDrift drift = planted(digit -> digit, digit -> digit.label != 3);
        assertTrue(drift.ofLabels() > LARGE, drift::toString);
        assertTrue(drift.differences().get(0).startsWith("No training row has label 3, which "), drift::toString);
    }

    @Test
    void aPixelThatIsAlwaysTheSameIsNamed() {
        int middle = 14 * 28 + 14;
        DataDrift drift = planted(
                digit -> {
                    byte[] pixels = digit.pixels.clone();
                    pixels[middle] = 7;
                    return new Digit(pixels, digit.label);
                },
                digit -> true);
        assertEquals(1, drift.differences().size(), drift::toString);
        assertTrue(
                drift.differences()
                        .get(0)
                        .contains(
                                "One feature has the same value in all training rows that were looked at: feature 407"),
                drift::toString);
    }

    @Test
    void aShiftedColumnOfATableDriftsAndSmallTablesDoNotByChance() {
        Shape shape = new Shape(1, 3);
        assertTrue(drift(table(40, 1, 0), table(40, 2, 0), shape, 2).largest() < LARGE);
        assertTrue(
                drift(table(40, 1, 0), table(40, 3, 0), shape, 2).differences().isEmpty());
        DataDrift shifted = drift(table(1000, 1, 0), table(1000, 2, 1), shape, 2);
        assertEquals(shifted.largest(), Collections.max(shifted.ofBlock()), 1.0);
        assertTrue(shifted.ofBlock().get(1) > LARGE, shifted::toString);
        assertTrue(shifted.ofBlock().get(0) < 0.1, shifted::toString);
    }

    /** Normal values, those of the second of three columns shifted. */
    private static Rows table(int rows, int seed, double shift) {
        Random random = new Random(seed);
        float[] values = new float[3 * rows];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1000 + random.nextGaussian() + (i % 3 == 1 ? shift : 0));
        }
        return new FloatRows(
                3, values, IntStream.range(0, rows).map(row -> row % 2).toArray());
    }

    @Test
    void driftIsTheIndexLessWhatChanceExplains() {
        // (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5), and one degree of freedom
        double index = 0.1 * Math.log(1.2) - 0.1 * Math.log(0.8);
        double chance = (1 + 4 * Math.sqrt(2)) * 2 / 1e6;
        assertEquals(
                index - chance,
                DataDrift.drift(new long[] {500_000, 500_000}, 1_000_000, new long[] {600_000, 400_000}, 1_000_000),
                1e-6);
        assertEquals(0, DataDrift.drift(new long[] {5, 5}, 10, new long[] {6, 4}, 10));
    }
}
