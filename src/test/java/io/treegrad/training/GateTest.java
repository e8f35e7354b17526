package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    @Test
    void boundIsOnTheSideThatIsBetter() {
        assertGate("accuracy>=0.975", new Gate.Bound(new Measure.OfAllRows(Metric.ACCURACY), 0.975));
        assertGate("worst-class-recall>=.95", new Gate.Bound(new Measure.OfAllRows(Metric.WORST_CLASS_RECALL), 0.95));
        assertGate("log-loss<=0.1", new Gate.Bound(new Measure.OfAllRows(Metric.LOG_LOSS), 0.1));
        assertGate("recall:größer>=1", new Gate.Bound(new Measure.OfClass("größer"), 1));
    }

    @Test
    void championMayBeMissedByATolerance() {
        assertGate("champion:accuracy-0.002", new Gate.AgainstChampion(new Measure.OfAllRows(Metric.ACCURACY), 0.002));
        assertGate(
                "champion:top-2-accuracy-0", new Gate.AgainstChampion(new Measure.OfAllRows(Metric.TOP_2_ACCURACY), 0));
        assertGate("champion:loss+0.1", new Gate.AgainstChampion(new Measure.OfAllRows(Metric.LOSS), 0.1));
        assertGate("champion:recall:a-1-0.5", new Gate.AgainstChampion(new Measure.OfClass("a-1"), 0.5));
    }

    @Test
    void namesForHelpAreThoseThatAreRead() {
        List<String> names = List.of(Measure.names().replace(" or ", ", ").split(", "));
        assertEquals(Metric.values().length + 1, names.size());
        for (String name : names) {
            assertTrue(Measure.parse(name).isPresent(), name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "accuracy",
                "accuracy>0.9",
                "accuracy<=0.9",
                "loss>=0.1",
                "accuracy>=",
                "accuracy>=1.2.3",
                "precision>=0.9",
                "recall:>=0.9",
                "champion:accuracy",
                "champion:accuracy+0.1",
                "champion:loss-0.1",
                "champion:accuracy>=0.9x"
            })
    void anythingElseIsNoGate(String text) {
        assertEquals(Optional.empty(), Gate.parse(text));
    }

    private static void assertGate(String text, Gate expected) {
        assertEquals(Optional.of(expected), Gate.parse(text));
    }
}
