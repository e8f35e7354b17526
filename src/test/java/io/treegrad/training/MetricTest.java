package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.Activation;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.SplitMix64;
import io.treegrad.network.Sums;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricTest {
    private static final Set<Metric> OF_COUNTS = EnumSet.of(
            Metric.LOSS, Metric.ACCURACY, Metric.BALANCED_ACCURACY, Metric.MACRO_F1, Metric.WORST_CLASS_RECALL);

    @Test
    void valuesOfASmallTableAreThoseByHand() {
        EvaluationSum sum = Sums.evaluation(5, new long[][] {{3, 1, 0}, {1, 1, 0}, {3, 0, 1}});
        MetricValues values = MetricValues.of(sum);
        assertEquals(0.5, values.get(Metric.LOSS));
        assertEquals(0.5, values.get(Metric.ACCURACY));
        assertEquals((3 / 4.0 + 1 / 2.0 + 1 / 4.0) / 3, values.get(Metric.BALANCED_ACCURACY));
        assertEquals((6 / 11.0 + 2 / 4.0 + 2 / 5.0) / 3, values.get(Metric.MACRO_F1));
        assertEquals(0.25, values.get(Metric.WORST_CLASS_RECALL));
        assertEquals(2, Metric.worstClass(sum));
    }

    @Test
    void classesWithoutRowsCountWhereTheyWerePredictedAlone() {
        // no row of class 1, one taken for it; class 2 is neither: recalls 2/3; F1 4/5 and 0
        EvaluationSum sum = Sums.evaluation(0, new long[][] {{2, 1, 0}, {0, 0, 0}, {0, 0, 0}});
        MetricValues values = MetricValues.of(sum);
        assertEquals(2 / 3.0, values.get(Metric.BALANCED_ACCURACY));
        assertEquals(0.8 / 2, values.get(Metric.MACRO_F1));
        assertEquals(2 / 3.0, values.get(Metric.WORST_CLASS_RECALL));
        assertEquals(0, Metric.worstClass(sum));
    }

    @Test
    void aClassThatIsNeverRightIsTheWorstAndTheFirstOfEquals() {
        EvaluationSum sum = Sums.evaluation(0, new long[][] {{1, 0, 0}, {1, 0, 0}, {4, 0, 0}});
        assertEquals(0, MetricValues.of(sum).get(Metric.WORST_CLASS_RECALL));
        assertEquals(1, Metric.worstClass(sum));
    }

    @Test
    void valuesOfRandomTablesAreThoseOfPrecisionAndRecall() {
        for (long seed = 0; seed < 300; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            int classes = 2 + random.nextInt(5);
            long[][] confusion = new long[classes][classes];
            for (long[] row : confusion) {
                boolean empty = random.nextInt(4) == 0;
                for (int predicted = 0; predicted < classes; predicted++) {
                    row[predicted] = empty ? 0 : Math.max(0, random.nextInt(12) - 4);
                }
            }
            confusion[0][random.nextInt(classes)]++;
            MetricValues values = MetricValues.of(Sums.evaluation(1, confusion));
            Map<Metric, Double> expected = byDefinition(confusion);
            for (Metric metric : expected.keySet()) {
                assertEquals(expected.get(metric), values.get(metric), 1e-14, metric + ", seed " + seed);
            }
        }
    }

    /** As scikit-learn documents them, with {@code zero_division=0}. */
    private static Map<Metric, Double> byDefinition(long[][] confusion) {
        int classes = confusion.length;
        double recalls = 0;
        double worst = 1;
        int withRows = 0;
        double f1s = 0;
        int present = 0;
        long right = 0;
        long all = 0;
        for (int c = 0; c < classes; c++) {
            int label = c;
            long rows = Arrays.stream(confusion[c]).sum();
            long predicted =
                    Arrays.stream(confusion).mapToLong(row -> row[label]).sum();
            long hits = confusion[c][c];
            double recall = rows == 0 ? 0 : (double) hits / rows;
            double precision = predicted == 0 ? 0 : (double) hits / predicted;
            right += hits;
            all += rows;
            if (rows > 0) {
                recalls += recall;
                worst = Math.min(worst, recall);
                withRows++;
            }
            if (rows > 0 || predicted > 0) {
                f1s += precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
                present++;
            }
        }
        return Map.of(
                Metric.ACCURACY, (double) right / all,
                Metric.BALANCED_ACCURACY, recalls / withRows,
                Metric.MACRO_F1, f1s / present,
                Metric.WORST_CLASS_RECALL, worst);
    }

    @Test
    void logLossTopTwoAndAreaAreMeansOverTheirRows() {
        // softmax over three classes: the true class has a half, then a quarter and the last place
        MetricValues three = MetricValues.of(
                Sums.evaluation(Activation.SOFTMAX, new int[] {0, 2}, 0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f));
        assertEquals(1.5 * Math.log(2), three.get(Metric.LOG_LOSS), 1e-15);
        assertEquals(0.5, three.get(Metric.TOP_2_ACCURACY));
        MetricValues two =
                MetricValues.of(Sums.evaluation(Activation.SIGMOID, new int[] {0, 0, 1, 1}, 0.1f, 0.4f, 0.35f, 0.8f));
        assertEquals(0.75, two.get(Metric.AUC));
    }

    @Test
    void onlyMetricsThatApplyAreThere() {
        int[] labels = {0, 1};
        assertEquals(
                with(Metric.LOG_LOSS, Metric.AUC), metrics(Sums.evaluation(Activation.SIGMOID, labels, 0.2f, 0.7f)));
        assertEquals(
                with(Metric.LOG_LOSS),
                metrics(Sums.evaluation(Activation.SIGMOID, new int[] {1, 1}, 0.2f, 0.7f)),
                "no area without rows of both classes");
        assertEquals(OF_COUNTS, metrics(Sums.evaluation(Activation.TANH, labels, 0.2f, 0.7f)));
        float[] three = {0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f};
        assertEquals(
                with(Metric.LOG_LOSS, Metric.TOP_2_ACCURACY),
                metrics(Sums.evaluation(Activation.SOFTMAX, labels, three)));
        assertEquals(with(Metric.TOP_2_ACCURACY), metrics(Sums.evaluation(Activation.IDENTITY, labels, three)));
    }

    private static Set<Metric> with(Metric... others) {
        Set<Metric> metrics = EnumSet.copyOf(OF_COUNTS);
        metrics.addAll(Arrays.asList(others));
        return metrics;
    }

    private static Set<Metric> metrics(EvaluationSum sum) {
        return MetricValues.of(sum).metrics();
    }

    @Test
    void everyMetricIsFoundByItsKeyAndNoTwoShareAName() {
        for (Metric metric : Metric.values()) {
            assertEquals(Optional.of(metric), Metric.named(metric.key()));
        }
        int count = Metric.values().length;
        assertEquals(
                count,
                Arrays.stream(Metric.values()).map(Metric::label).distinct().count());
        assertEquals(Optional.empty(), Metric.named("notYetThere"));
    }

    @Test
    void lowerLossAndHigherAccuracyAreBetter() {
        assertTrue(Metric.LOSS.isBetter(0.1, 0.2));
        assertFalse(Metric.LOSS.isBetter(0.2, 0.2));
        assertTrue(Metric.ACCURACY.isBetter(0.2, 0.1));
        assertTrue(Metric.ACCURACY.reaches(0.75, 0.75));
        assertFalse(Metric.ACCURACY.reaches(Math.nextDown(0.75), 0.75));
        assertTrue(Metric.LOSS.reaches(0.5, 0.5));
        assertFalse(Metric.LOSS.reaches(Double.NaN, 0.5));
        assertFalse(Metric.ACCURACY.reaches(Double.NaN, 0.5));
    }

    @Test
    void valuesReadTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertEquals("98.01 %", Metric.ACCURACY.text(0.9801));
            assertEquals("98.0%", Metric.ACCURACY.shortText(0.9801));
            assertEquals("0.0712", Metric.LOSS.text(0.0712));
            assertEquals("0.0000", Metric.LOSS.text(0));
            assertEquals("999.1235", Metric.RMSE.text(999.12345));
            assertEquals("9880.9", Metric.RMSE.text(9880.9443));
            assertEquals("10300.0", Metric.RMSE.text(10_300.04));
            assertEquals("1.20e+09", Metric.RMSE.text(1.2e9));
            assertEquals("1.23e-05", Metric.LOG_LOSS.text(1.23e-5));
            assertEquals("1.00e+20", Metric.LOSS.shortText(1e20));
            assertEquals("0.9876", Metric.AUC.text(0.98761));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void keysOfANewerVersionAreIgnoredAndOldFilesHaveLossAndAccuracyAlone() {
        Map<String, Double> file = new LinkedHashMap<>();
        file.put("notYetThere", 7.0);
        file.put("accuracy", 0.75);
        file.put("loss", 0.25);
        assertEquals(MetricValues.ofTraining(0.25, 0.75), MetricValues.named(file));
        assertEquals(
                "{loss=0.25, accuracy=0.75}", MetricValues.named(file).byKey().toString());
    }

    @Test
    void valuesThatNoRowsCanHaveAreRefused() {
        refused("loss is missing, expected a finite number from 0 up", Map.of("accuracy", 1.0));
        refused("accuracy is 1.5, expected 0 to 1", Map.of("loss", 1.0, "accuracy", 1.5));
        refused("loss is NaN, expected a finite number from 0 up", Map.of("loss", Double.NaN, "accuracy", 1.0));
        refused("auc is -0.5, expected 0 to 1", Map.of("loss", 1.0, "accuracy", 1.0, "auc", -0.5));
        refused("r2 is 1.5, expected a finite number up to 1", Map.of("loss", 1.0, "r2", 1.5));
    }

    private static void refused(String sentence, Map<String, Double> values) {
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class, () -> MetricValues.named(values).requireValid());
        assertEquals(sentence, error.getMessage());
    }
}
