package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class SyntheticDigitsTest {
    private static final Storage NO_FILES = new MemoryStorage();
    private static final SyntheticDigits DIGITS = new SyntheticDigits(7, 0, 2000);

    @Test
    void rowIsAPureFunctionOfSeedPartAndNumber() {
        Rows whole = DIGITS.read(RowSet.range(0, 2000), NO_FILES);
        Rows some = new SyntheticDigits(7, 0, 60_000).read(RowSet.of(new int[] {3, 1999}), NO_FILES);
        assertEquals(whole.label(1999), some.label(1));
        assertArrayEquals(pixels(whole, 3), pixels(some, 0));
        assertArrayEquals(pixels(whole, 1999), pixels(some, 1));
    }

    @Test
    void otherSeedsAndPartsHoldOtherRows() {
        Set<String> pictures = new HashSet<>();
        for (int seed = 0; seed < 3; seed++) {
            for (int part = 0; part < 2; part++) {
                Rows rows = new SyntheticDigits(seed, part, 500).read(RowSet.range(0, 500), NO_FILES);
                for (int row = 0; row < rows.count(); row++) {
                    pictures.add(Arrays.toString(pixels(rows, row)));
                }
            }
        }
        assertEquals(3000, pictures.size(), "different pictures");
    }

    @Test
    void rowsAreTheSameBytesOnEveryMachineAndInEveryVersion() {
        // A run that resumes after an update draws its rows again: if this fails, it sees other data than before.
        CRC32 checksum = new CRC32();
        Rows rows = DIGITS.read(RowSet.range(0, 2000), NO_FILES);
        for (int row = 0; row < rows.count(); row++) {
            checksum.update(rows.label(row));
            for (float pixel : pixels(rows, row)) {
                checksum.update((int) pixel);
            }
        }
        assertEquals("4d05ab8d", Long.toHexString(checksum.getValue()));
    }

    @Test
    void labelsAreThoseOfTheRowsAndAllEquallyLikely() {
        Rows rows = DIGITS.read(RowSet.range(0, 2000), NO_FILES);
        int[] labels = DIGITS.labels(NO_FILES);
        int[] rowsOfDigit = new int[10];
        for (int row = 0; row < 2000; row++) {
            assertEquals(rows.label(row), labels[row]);
            rowsOfDigit[labels[row]]++;
        }
        for (int count : rowsOfDigit) {
            assertEquals(200, count, 5 * StrictMath.sqrt(200));
        }
    }

    @Test
    void digitsAreInkedLikeThoseOfMnist() {
        // MNIST: 19 % of the pixels are not black, their mean over all pixels is 0.13, and the border is empty.
        Rows rows = DIGITS.read(RowSet.range(0, 2000), NO_FILES);
        double inked = 0;
        double ink = 0;
        double border = 0;
        for (int row = 0; row < 2000; row++) {
            float[] pixels = pixels(rows, row);
            for (int pixel = 0; pixel < 784; pixel++) {
                inked += pixels[pixel] > 0 ? 1 : 0;
                ink += pixels[pixel] / 255;
                border += pixel % 28 == 0 || pixel % 28 == 27 || pixel < 28 || pixel >= 756 ? pixels[pixel] / 255 : 0;
            }
        }
        assertEquals(0.2, inked / (2000 * 784), 0.05);
        assertEquals(0.13, ink / (2000 * 784), 0.04);
        assertTrue(border / ink < 0.01, "share of the ink on the border: " + border / ink);
    }

    @Test
    void nearestMeanPictureTellsMostDigitsApartButNotAll() {
        // A floor and a ceiling under the neural network, which reaches 99 %: neither noise nor trivial.
        float[][] means = new float[10][784];
        int[] rowsOfDigit = new int[10];
        Rows train = DIGITS.read(RowSet.range(0, 2000), NO_FILES);
        for (int row = 0; row < 2000; row++) {
            rowsOfDigit[train.label(row)]++;
            for (int pixel = 0; pixel < 784; pixel++) {
                means[train.label(row)][pixel] += train.value(row, pixel);
            }
        }
        int right = 0;
        Rows test = new SyntheticDigits(7, 1, 1000).read(RowSet.range(0, 1000), NO_FILES);
        for (int row = 0; row < 1000; row++) {
            int nearest = 0;
            double least = Double.MAX_VALUE;
            for (int digit = 0; digit < 10; digit++) {
                double square = 0;
                for (int pixel = 0; pixel < 784; pixel++) {
                    double off = test.value(row, pixel) - means[digit][pixel] / rowsOfDigit[digit];
                    square += off * off;
                }
                if (square < least) {
                    least = square;
                    nearest = digit;
                }
            }
            right += nearest == test.label(row) ? 1 : 0;
        }
        assertTrue(right > 600 && right < 950, right + " of 1000 right");
    }

    @Test
    void defaultSetsHaveTheSizesOfMnist() throws IOException {
        TrainAndTest sets = SyntheticDigits.trainAndTest(1);
        assertEquals(60_000, sets.train().rows());
        assertEquals(10_000, sets.test().rows());
        assertEquals(new Shape(28, 28), sets.train().shape());
        assertEquals(List.of(), sets.train().paths());
        assertFalse(
                Arrays.equals(sets.train().labels(NO_FILES), 0, 100, sets.test().labels(NO_FILES), 0, 100));
    }

    @Test
    void rowsBeyondTheEndAreRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> DIGITS.read(RowSet.range(0, 2001), NO_FILES));
        assertThrows(IllegalArgumentException.class, () -> new SyntheticDigits(1, 0, 0));
    }

    private static float[] pixels(Rows rows, int row) {
        float[] pixels = new float[rows.features()];
        rows.scaleInto(row, Scaling.none(), pixels, 0);
        return pixels;
    }
}
