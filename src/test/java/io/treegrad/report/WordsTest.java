package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.Part;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WordsTest {
    private final Locale before = Locale.getDefault();

    @BeforeEach
    void useALocaleWithCommasForPoints() {
        Locale.setDefault(Locale.GERMANY);
    }

    @AfterEach
    void restoreTheLocale() {
        Locale.setDefault(before);
    }

    @Test
    void numbersReadTheSameInEveryLocale() {
        assertEquals("55,000", Words.count(55_000));
        MetricValues values = MetricValues.ofTraining(0.0712, 0.9801);
        assertEquals("98.01\u00a0%", Words.metric(Metric.ACCURACY, values));
        assertEquals("0.0712", Words.metric(Metric.LOSS, values));
        assertEquals("", Words.metric(Metric.AUC, values));
    }

    @Test
    void durationsHaveTheUnitsAPersonWouldTake() {
        assertEquals("42.0\u00a0ms", Words.duration(0.042));
        assertEquals("6.1\u00a0s", Words.duration(6.1));
        assertEquals("59.9\u00a0s", Words.duration(59.94));
        assertEquals("1\u00a0min\u00a000\u00a0s", Words.duration(59.96));
        assertEquals("2\u00a0min\u00a005\u00a0s", Words.duration(125.4));
        assertEquals("1\u00a0h\u00a000\u00a0min", Words.duration(3599.6));
        assertEquals("26\u00a0h\u00a003\u00a0min", Words.duration(26 * 3600 + 180));
    }

    @Test
    void aRunIsToldInOneSentence() {
        Report.Run run = new Report.Run(
                "r",
                "784-128-10",
                "mnist",
                Map.of(Part.TRAIN, 55_000L, Part.TEST, 10_000L),
                MetricValues.ofTraining(0.07, 0.9801),
                "resident",
                "vector",
                550,
                5500,
                10,
                6.1);
        assertEquals(
                "A 784-128-10 network, trained on 55,000 rows of mnist for 10 epochs in 6.1\u00a0s, classifies 98.01\u00a0% of"
                        + " 10,000 test rows correctly.",
                Words.sentence(run, 10));
        Report.Run untested = new Report.Run(
                "r", "2-20-1", "xor.csv", Map.of(Part.TRAIN, 4L), null, "tree", "portable", 1, 1, 1, 0.05);
        assertEquals(
                "A 2-20-1 network, trained on 4 rows of xor.csv for 1 epoch in 50.0\u00a0ms.",
                Words.sentence(untested, 1));
    }
}
