package io.treegrad.cli;

import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import java.io.PrintStream;
import java.util.Set;

/** Metrics as text, as in {@code loss 0.0712, accuracy 98.01 %}. */
final class MetricText {
    private static final int COLUMNS = 80;

    private MetricText() {}

    /**
     * Prints those of {@code selected} that have a value, after a title, in lines of at most 80 columns; nothing if
     * there are none.
     */
    static void print(PrintStream out, String title, MetricValues values, Set<Metric> selected) {
        String indent = " ".repeat(title.length());
        StringBuilder line = new StringBuilder(title);
        boolean empty = true;
        for (Metric metric : values.metrics()) {
            if (!selected.contains(metric)) {
                continue;
            }
            String text = one(metric, values);
            if (!empty && line.length() + ", ".length() + text.length() + ",".length() > COLUMNS) {
                out.println(line.append(','));
                line = new StringBuilder(indent);
            } else if (!empty) {
                line.append(", ");
            }
            line.append(text);
            empty = false;
        }
        if (!empty) {
            out.println(line);
        }
    }

    private static String one(Metric metric, MetricValues values) {
        return metric.label() + " " + values.text(metric);
    }
}
