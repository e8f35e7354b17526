package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.SplitMix64;
import org.junit.jupiter.api.Test;

class PairedCountsTest {
    @Test
    void chanceIsThatOfTheBinomialDistribution() {
        // P(X >= 8), X of 10 tosses: (45 + 10 + 1) / 1024
        assertEquals(56 / 1024.0, counts(1000, 8, 2).chanceOfLoss(0), 1e-12);
        // P(X >= 5), X of 5 tosses
        assertEquals(1 / 32.0, counts(1000, 5, 0).chanceOfLoss(0), 1e-12);
        assertEquals(1, counts(1000, 0, 0).chanceOfLoss(0));
        assertEquals(1, counts(1000, 0, 7).chanceOfLoss(0), 1e-12);
    }

    @Test
    void rowsThatTheToleranceAllowsDoNotCount() {
        // 0.3 % of 1000 rows are 3: of 8 lost rows 5 count
        assertEquals(1 / 32.0, counts(1000, 8, 0).chanceOfLoss(0.003), 1e-12);
        assertEquals(1, counts(1000, 3, 0).chanceOfLoss(0.003));
    }

    @Test
    void ofTwoEqualModelsTheSecondSeldomLooksSignificantlyWorse() {
        SplitMix64 random = new SplitMix64(17);
        int blocked = 0;
        for (int trial = 0; trial < 2000; trial++) {
            PairedCounts counts = new PairedCounts(1);
            for (int row = 0; row < 150; row++) {
                boolean isRight = random.nextInt(2) == 0;
                counts.count(0, isRight, !isRight);
            }
            blocked += counts.chanceOfLoss(0) < 0.05 ? 1 : 0;
        }
        assertTrue(blocked > 20 && blocked <= 100, blocked + " of 2000");
    }

    @Test
    void lostClassIsFoundHoweverSmallItIs() {
        PairedCounts counts = counts(10_000, 0, 0);
        PairedCounts two = new PairedCounts(2);
        assertEquals(-1, counts.lostClass());
        for (int row = 0; row < 10_000; row++) {
            two.count(0, true, true);
        }
        two.count(1, true, true);
        two.count(1, false, true);
        assertEquals(-1, two.lostClass(), "half of its rows are right still");
        two.count(1, false, true);
        assertEquals(1, two.lostClass());
        assertTrue(two.chanceOfLoss(0.002) > 0.9, "and the accuracy does not show it");
        assertEquals(2, two.lost());
        assertEquals(2, two.ofClass(1).lost());
        assertEquals(0, two.ofClass(0).lost());
    }

    @Test
    void rowsThatAClassGainsMakeUpForThoseThatItLoses() {
        PairedCounts counts = new PairedCounts(1);
        for (int row = 0; row < 4; row++) {
            counts.count(0, row < 2, row >= 2);
        }
        assertEquals(-1, counts.lostClass());
    }

    @Test
    void classThatTheChampionNeverLearntIsNotLost() {
        PairedCounts counts = new PairedCounts(1);
        for (int row = 0; row < 10; row++) {
            counts.count(0, false, row < 4);
        }
        assertEquals(-1, counts.lostClass());
    }

    @Test
    void countsOfPartsAddUp() {
        PairedCounts sum = counts(10, 3, 1).add(counts(20, 2, 5));
        assertEquals(5, sum.lost());
        assertEquals(6, sum.gained());
        assertEquals(counts(30, 5, 6).chanceOfLoss(0.1), sum.chanceOfLoss(0.1));
    }

    @Test
    void classMayBeLostInAllPartsTogether() {
        PairedCounts sum = new PairedCounts(1);
        for (int row = 0; row < 5; row++) {
            // 5 of 10 that the champion has right, of which the new model has 2
            sum.add(counted(row < 2, true)).add(counted(false, false));
        }
        assertEquals(0, sum.lostClass());
        sum.add(counted(true, false));
        assertEquals(-1, sum.lostClass(), "of 11 rows the champion has fewer than half right");
    }

    private static PairedCounts counted(boolean isRight, boolean championIsRight) {
        PairedCounts counts = new PairedCounts(1);
        counts.count(0, isRight, championIsRight);
        return counts;
    }

    private static PairedCounts counts(int rows, int lost, int gained) {
        PairedCounts counts = new PairedCounts(1);
        for (int row = 0; row < rows; row++) {
            counts.count(0, row >= lost, row < lost || row >= lost + gained);
        }
        return counts;
    }
}
