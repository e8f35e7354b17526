package io.treegrad.cli;

import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** Metrics as text, as in {@code loss 0.0712, accuracy 98.01 %}. */
final class MetricText {
    private MetricText() {}

    /**
     * Prints those of {@code selected} that have a value, after a title, in lines of at most 80 columns; nothing if
     * there are none.
     */
    static void print(PrintStream out, String title, MetricValues values, Set<Metric> selected) {
        List<String> metrics = values.metrics().stream()
                .filter(selected::contains)
                .map(metric -> one(metric, values))
                .toList();
        if (!metrics.isEmpty()) {
            WrappedText.print(out, title, metrics, ", ", title.length());
        }
    }

    private static String one(Metric metric, MetricValues values) {
        return metric.label() + " " + values.text(metric);
    }
}
