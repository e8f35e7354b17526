package io.treegrad.cli;

import io.treegrad.network.EvaluationSum;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** The result of an evaluation for a person, within 80 columns for ten classes. */
final class ConfusionTable {
    /** More classes than this do not fit side by side on a terminal. */
    private static final int MOST_COLUMNS = 12;

    private ConfusionTable() {}

    static void print(PrintStream out, EvaluationSum sum, List<String> labels) {
        if (sum.errors().isPresent()) {
            out.printf(Locale.ROOT, "Rows %,d%n", sum.rows());
            MetricText.print(out, "", MetricValues.of(sum), EnumSet.allOf(Metric.class));
            out.flush();
            return;
        }
        out.printf(Locale.ROOT, "Rows %,d (%,d wrong)%n", sum.rows(), sum.rows() - sum.correct());
        MetricText.print(out, "", MetricValues.of(sum), EnumSet.allOf(Metric.class));
        out.println();
        int worst = Metric.worstClass(sum);
        out.printf("%-8s %8s %11s %9s%n", "class", "rows", "precision", "recall");
        for (int label = 0; label < sum.classes(); label++) {
            out.printf(
                    Locale.ROOT,
                    "%-8s %,8d %11s %9s%s%n",
                    labels.get(label),
                    sum.rowsOf(label),
                    share(sum.confusionWeight(label, label), sum.weightPredictedAs(label)),
                    share(sum.confusionWeight(label, label), sum.weightOf(label)),
                    label == worst ? "  worst" : "");
        }
        if (sum.classes() <= MOST_COLUMNS) {
            printConfusion(out, sum, labels);
        }
        out.flush();
    }

    private static void printConfusion(PrintStream out, EvaluationSum sum, List<String> labels) {
        out.printf("%nRows are the true classes, columns the predicted ones; . is none.%n%n%-6s", "");
        labels.forEach(label -> out.printf("%6.5s", label));
        out.println();
        for (int label = 0; label < sum.classes(); label++) {
            out.printf("%-6.5s", labels.get(label));
            for (int predicted = 0; predicted < sum.classes(); predicted++) {
                long count = sum.confusion(label, predicted);
                out.printf(Locale.ROOT, "%6s", count == 0 ? "." : Long.toString(count));
            }
            out.println();
        }
    }

    private static String share(double part, double whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * part / whole);
    }

    /** {@code [true class][predicted class]}. */
    static long[][] counts(EvaluationSum sum) {
        long[][] counts = new long[sum.classes()][sum.classes()];
        for (int label = 0; label < sum.classes(); label++) {
            for (int predicted = 0; predicted < sum.classes(); predicted++) {
                counts[label][predicted] = sum.confusion(label, predicted);
            }
        }
        return counts;
    }
}
