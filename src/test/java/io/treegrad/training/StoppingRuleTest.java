package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StoppingRuleTest {
    @Test
    void patienceRunsOutThatManyEpochsAfterTheBest() {
        StoppingRule rule = new StoppingRule(2, 2);
        assertFalse(rule.stopsAfter(validated(1, 0.5), of(1)));
        assertFalse(rule.stopsAfter(validated(2, 0.6), of(2)));
        assertFalse(rule.stopsAfter(validated(3, 0.4), of(3)));
        assertFalse(rule.stopsAfter(validated(4, 0.45), of(4)));
        assertTrue(rule.stopsAfter(validated(5, 0.41), of(5)));
        assertArrayEquals(of(3), rule.chosen(of(5)));
        assertEquals(3, rule.chosenEpoch(5));
    }

    @Test
    void equalLossIsNoProgress() {
        StoppingRule rule = new StoppingRule(1, 2);
        assertFalse(rule.stopsAfter(validated(1, 0.5), of(1)));
        assertTrue(rule.stopsAfter(validated(2, 0.5), of(2)));
        assertEquals(1, rule.chosenEpoch(2));
    }

    @Test
    void bestParametersAreKeptWhateverBecomesOfTheArray() {
        StoppingRule rule = new StoppingRule(5, 2);
        float[] theta = of(1);
        rule.stopsAfter(validated(1, 0.5), theta);
        theta[0] = 99;
        assertArrayEquals(of(1), rule.chosen(theta));
    }

    @Test
    void withoutPatienceTheLastParametersAreChosen() {
        StoppingRule rule = StoppingRule.never();
        for (int epoch = 1; epoch < 100; epoch++) {
            assertFalse(rule.stopsAfter(new EpochResult(epoch, null, new Metrics(epoch, 1, 10)), of(epoch)));
        }
        float[] last = of(99);
        assertSame(last, rule.chosen(last));
        assertEquals(99, rule.chosenEpoch(99));
    }

    @Test
    void epochsWithoutValidationAreNotJudged() {
        StoppingRule rule = new StoppingRule(2, 0);
        assertFalse(rule.stopsAfter(new EpochResult(1, new Metrics(1, 1, 1), null), of(1)));
        assertFalse(rule.stopsAfter(new EpochResult(8, new Metrics(1, 1, 1), null), of(8)));
        float[] last = of(9);
        assertSame(last, rule.chosen(last));
        assertTrue(rule.stopsAfter(validated(9, 0.5), of(9)), "any accuracy is at least 0");
    }

    @Test
    void targetIsMetByEquality() {
        StoppingRule rule = new StoppingRule(0, 0.75);
        assertFalse(rule.stopsAfter(new EpochResult(1, null, new Metrics(1, Math.nextDown(0.75), 4)), of(1)));
        assertTrue(rule.stopsAfter(new EpochResult(2, null, new Metrics(1, 0.75, 4)), of(2)));
    }

    @Test
    void lossThatIsNotANumberIsNoProgress() {
        StoppingRule rule = new StoppingRule(2, 2);
        assertFalse(rule.stopsAfter(validated(1, 0.5), of(1)));
        assertFalse(rule.stopsAfter(validated(2, Double.NaN), of(2)));
        assertTrue(rule.stopsAfter(validated(3, Double.NaN), of(3)));
        assertArrayEquals(of(1), rule.chosen(of(3)));
    }

    private static EpochResult validated(long epoch, double meanLoss) {
        return new EpochResult(epoch, null, new Metrics(meanLoss, 0.5, 10));
    }

    private static float[] of(int epoch) {
        return new float[] {epoch, -epoch};
    }
}
