package io.treegrad.training;

import static io.treegrad.training.StoppingRule.Progress.FALL;
import static io.treegrad.training.StoppingRule.Progress.LOWEST;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.Sums;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoppingRuleTest {
    private static final Optimizer SGD = new Optimizer(null, 0, null, null, new UpdateRule.Sgd());

    private final TrainingState state = TrainingState.fresh(new float[2], SGD);

    @Test
    void patienceRunsOutThatManyEpochsAfterTheBest() {
        StoppingRule rule = patience(2, LOWEST);
        assertFalse(rule.isMet(state), "before the first epoch");
        assertFalse(stopsAfter(rule, 0.5));
        assertFalse(stopsAfter(rule, 0.6));
        assertFalse(stopsAfter(rule, 0.4));
        assertFalse(stopsAfter(rule, 0.45));
        assertTrue(stopsAfter(rule, 0.41));
        assertEquals(Optional.of("the validation loss was lowest in epoch 3"), rule.reason(state));
        assertArrayEquals(new float[] {3, -3}, state.chosenParameters());
        assertEquals(3, state.chosenEpoch());
    }

    @Test
    void anyFallRenewsAPatienceThatWaitsForOne() {
        StoppingRule rule = patience(2, FALL);
        assertFalse(stopsAfter(rule, 0.4));
        assertFalse(stopsAfter(rule, 0.6));
        assertFalse(stopsAfter(rule, 0.5), "lower than the epoch before");
        assertFalse(stopsAfter(rule, null), "not validated, so not judged");
        assertFalse(stopsAfter(rule, 0.45));
        assertFalse(stopsAfter(rule, 0.45));
        assertTrue(stopsAfter(rule, 0.7));
        assertEquals(Optional.of("the validation loss last fell in epoch 5"), rule.reason(state));
        assertEquals(1, state.chosenEpoch(), "the lowest is kept all the same");
    }

    @Test
    void equalLossIsNoProgress() {
        StoppingRule rule = patience(1, LOWEST);
        assertFalse(stopsAfter(rule, 0.5));
        assertTrue(stopsAfter(rule, 0.5));
        assertEquals(1, state.chosenEpoch());
    }

    @Test
    void bestParametersAreKeptWhateverBecomesOfTheArray() {
        stopsAfter(patience(5, LOWEST), 0.5);
        state.parameters()[0] = 99;
        assertArrayEquals(new float[] {1, -1}, state.chosenParameters());
    }

    @Test
    void withoutPatienceTheLastParametersAreChosen() {
        for (int epoch = 1; epoch < 100; epoch++) {
            assertFalse(stopsAfter(StoppingRule.never(), MetricValues.ofTraining(epoch, 1)));
        }
        assertSame(state.parameters(), state.chosenParameters());
        assertEquals(99, state.chosenEpoch());
    }

    @Test
    void epochsWithoutValidationAreNotJudged() {
        StoppingRule rule = new StoppingRule(Optional.of(new StoppingRule.Patience(2, LOWEST)), Optional.of(0.0));
        for (int epoch = 1; epoch < 9; epoch++) {
            assertFalse(stopsAfter(rule, null));
        }
        assertSame(state.parameters(), state.chosenParameters());
        assertTrue(stopsAfter(rule, 0.5), "any accuracy is at least 0");
    }

    @Test
    void numbersHaveNoAccuracyAndAreJudgedByTheirLoss() {
        StoppingRule rule = patience(1, LOWEST);
        assertFalse(stopsAfter(rule, MetricValues.named(Map.of("loss", 0.5, "rmse", 1.0))));
        assertTrue(stopsAfter(rule, MetricValues.named(Map.of("loss", 0.6, "rmse", 1.1))));
    }

    @Test
    void targetIsMetByEquality() {
        StoppingRule rule = new StoppingRule(Optional.empty(), Optional.of(0.75));
        assertFalse(stopsAfter(rule, MetricValues.ofTraining(1, Math.nextDown(0.75))));
        assertTrue(stopsAfter(rule, MetricValues.ofTraining(1, 0.75)));
        assertEquals(Optional.of("the validation accuracy is 75.00 %"), rule.reason(state));
    }

    @Test
    void patienceIsReadAsItIsWritten() {
        assertEquals(Optional.of(new StoppingRule.Patience(1, LOWEST)), StoppingRule.Patience.parse("1"));
        assertEquals(
                Optional.of(new StoppingRule.Patience(10_000_000, FALL)), StoppingRule.Patience.parse("fall:10000000"));
        for (String other : List.of("", "0", "-1", "10000001", "fall:", "fall:0", "rise:3", "2.5")) {
            assertEquals(Optional.empty(), StoppingRule.Patience.parse(other), other);
        }
    }

    private static StoppingRule patience(int epochs, StoppingRule.Progress progress) {
        return new StoppingRule(Optional.of(new StoppingRule.Patience(epochs, progress)), Optional.empty());
    }

    private boolean stopsAfter(StoppingRule rule, double meanLoss) {
        return stopsAfter(rule, MetricValues.ofTraining(meanLoss, 0.5));
    }

    /** Whether the rule is met once an epoch has ended with parameters that are its number. */
    private boolean stopsAfter(StoppingRule rule, MetricValues validation) {
        int epoch = state.epochs().size() + 1;
        state.parameters()[0] = epoch;
        state.parameters()[1] = -epoch;
        state.finishStep(Sums.gradient(1, 1, 1, 0, 0));
        state.finishEpoch(validation, rule.keepsBest());
        return rule.isMet(state);
    }
}
