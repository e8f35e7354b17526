package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.network.EvaluationSum;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The result of an evaluation for a person, within 80 columns. */
final class ConfusionTable {
    /** More classes than this do not fit side by side on a terminal. */
    private static final int MOST_CLASSES = 12;

    private static final int NARROWEST_NAME = 8;
    private static final int WIDEST_NAME = 32;
    private static final int NARROWEST_CELL = 6;

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
        List<String> names = labels.stream()
                .map(label -> shortened(Printable.plain(label), WIDEST_NAME))
                .toList();
        int width = Math.max(NARROWEST_NAME, longest(names));
        out.printf("%s %8s %11s %9s%n", left("class", width), "rows", "precision", "recall");
        for (int label = 0; label < sum.classes(); label++) {
            out.printf(
                    Locale.ROOT,
                    "%s %,8d %11s %9s%s%n",
                    left(names.get(label), width),
                    sum.rowsOf(label),
                    share(sum.confusionWeight(label, label), sum.weightPredictedAs(label)),
                    share(sum.confusionWeight(label, label), sum.weightOf(label)),
                    label == worst ? "  worst" : "");
        }
        if (sum.classes() <= MOST_CLASSES) {
            printConfusion(out, sum, names);
        }
        out.flush();
    }

    /** Names head the columns where they fit side by side, else the numbers of the classes, from 1. */
    private static void printConfusion(PrintStream out, EvaluationSum sum, List<String> names) {
        int cell = Math.max(NARROWEST_CELL, longest(names) + 1);
        boolean named = cell * (names.size() + 1) <= WrappedText.COLUMNS;
        int cells = named ? cell : widestCount(sum) + 1;
        int first = named ? cell : Math.max(NARROWEST_CELL, WrappedText.COLUMNS - cells * names.size());
        List<String> columns = named ? names : numbers(names.size());
        out.printf("%nRows are the true classes, columns the predicted ones; . is none.%n%n%s", " ".repeat(first));
        columns.forEach(column -> out.print(right(column, cells)));
        out.println();
        for (int label = 0; label < sum.classes(); label++) {
            String row = named ? names.get(label) : shortened(columns.get(label) + " " + names.get(label), first - 1);
            out.print(left(row, first));
            for (int predicted = 0; predicted < sum.classes(); predicted++) {
                long count = sum.confusion(label, predicted);
                out.print(right(count == 0 ? "." : Long.toString(count), cells));
            }
            out.println();
        }
    }

    private static List<String> numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
    }

    private static int widestCount(EvaluationSum sum) {
        long most = 0;
        for (int label = 0; label < sum.classes(); label++) {
            most = Math.max(most, sum.rowsOf(label));
        }
        return Math.max(NARROWEST_CELL - 1, Long.toString(most).length());
    }

    private static int longest(List<String> names) {
        return names.stream().mapToInt(ConfusionTable::length).max().orElse(0);
    }

    /** In code points, as a terminal shows most of them. */
    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String shortened(String text, int width) {
        return length(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - length(text)));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - length(text))) + text;
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
