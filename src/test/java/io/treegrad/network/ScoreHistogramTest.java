package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScoreHistogramTest {
    @Test
    void areaIsTheShareOfPairsInOrder() {
        // of the four pairs of a one and a zero, only 0.35 and 0.4 are the wrong way round
        assertEquals(0.75, of(new int[] {0, 0, 1, 1}, 0.1, 0.4, 0.35, 0.8).areaUnderCurve());
    }

    @Test
    void aTieCountsHalf() {
        assertEquals(0.5, of(new int[] {0, 1}, 0.25, 0.25).areaUnderCurve());
        assertEquals(0.875, of(new int[] {0, 0, 1, 1}, 0.1, 0.4, 0.4, 0.8).areaUnderCurve());
    }

    @Test
    void scoresOfOneBinMayBeWrongByAsMuchAsTheBoundSays() {
        // the exact area is 1, but both lie in the first bin of 1/1024
        ScoreHistogram scores = of(new int[] {0, 1}, 0.0001, 0.0002);
        assertEquals(0.5, scores.areaUnderCurve());
        assertEquals(0.5, scores.largestError());
    }

    @Test
    void bothEndsOfTheRangeHaveABin() {
        assertEquals(1, of(new int[] {0, 1}, 0, 1).areaUnderCurve());
        assertEquals(0, of(new int[] {1, 0}, 0, 1).areaUnderCurve());
        assertEquals(0, of(new int[] {1, 0}, 0, 1).largestError());
    }

    @Test
    void withoutRowsOfBothClassesThereIsNoArea() {
        assertTrue(Double.isNaN(of(new int[] {1, 1}, 0.5, 0.7).areaUnderCurve()));
    }

    @Test
    void areaIsThatOfMannAndWhitneyWithinTheBound() {
        double largest = 0;
        for (long seed = 0; seed < 200; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            int rows = 2 + random.nextInt(300);
            int[] labels = new int[rows];
            double[] values = new double[rows];
            labels[0] = 1;
            for (int row = 1; row < rows; row++) {
                labels[row] = row == 1 ? 0 : random.nextInt(2);
                // the higher powers crowd near 0, as scores of a sure network do; the coarse ones are full of ties
                double score = random.nextInt(1 << 20) / (double) (1 << 20);
                values[row] = seed % 3 == 0 ? Math.pow(score, 20) : seed % 3 == 1 ? random.nextInt(5) / 4.0 : score;
            }
            ScoreHistogram scores = of(labels, values);
            double difference = Math.abs(scores.areaUnderCurve() - mannWhitney(labels, values));
            assertTrue(difference <= scores.largestError() + 1e-12, "seed " + seed + ": " + difference);
            largest = Math.max(largest, difference);
        }
        assertTrue(largest > 1e-3, "the bound was never needed");
    }

    /** By its definition, over all pairs. */
    private static double mannWhitney(int[] labels, double[] values) {
        double inOrder = 0;
        long pairs = 0;
        for (int one = 0; one < labels.length; one++) {
            for (int zero = 0; zero < labels.length; zero++) {
                if (labels[one] == 1 && labels[zero] == 0) {
                    inOrder += values[one] > values[zero] ? 1 : values[one] == values[zero] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return inOrder / pairs;
    }

    private static ScoreHistogram of(int[] labels, double... scores) {
        ScoreHistogram histogram = new ScoreHistogram();
        for (int row = 0; row < labels.length; row++) {
            histogram.count(labels[row], scores[row], 1);
        }
        return histogram;
    }
}
