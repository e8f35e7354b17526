package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricTextTest {
    private static final MetricValues ALL = MetricValues.named(Map.of(
            "loss", 0.0712,
            "accuracy", 0.9801,
            "balancedAccuracy", 0.98,
            "macroF1", 0.9799,
            "worstClassRecall", 0.9432,
            "logLoss", 0.0712,
            "top2Accuracy", 0.9955));

    @Test
    void linesEndAtEightyColumnsAndHangBelowTheFirst() {
        assertEquals("""
                Rows 10,000 (199 wrong): loss 0.0712, accuracy 98.01 %,
                                         balanced accuracy 98.00 %, macro-F1 0.9799,
                                         worst-class recall 94.32 %, log-loss 0.0712,
                                         top-2 accuracy 99.55 %
                """, print("Rows 10,000 (199 wrong): ", EnumSet.allOf(Metric.class)));
    }

    @Test
    void nothingIsPrintedOfMetricsThatAreNotThere() {
        assertEquals("", print("test: ", Set.of(Metric.AUC)));
    }

    private static String print(String title, Set<Metric> shown) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MetricText.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), title, ALL, shown);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
