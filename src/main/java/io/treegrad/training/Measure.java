package io.treegrad.training;

import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A number that tells how good a model is on some rows: a metric of all rows, or the recall of one class. */
public sealed interface Measure {
    /** As in {@code worst-class recall} or {@code recall of class "7"}. */
    String label();

    boolean lowerIsBetter();

    /** Whether it tells how good a model of this task is. */
    boolean isFor(Task task);

    /**
     * Whether models of this network can have a value.
     *
     * @param labels names of the classes, by number
     */
    boolean appliesTo(Network network, List<String> labels);

    /** Empty if these rows give no value. */
    OptionalDouble of(EvaluationSum sum, List<String> labels);

    /** Whether a value is at least as good as a bound; false for NaN. */
    default boolean reaches(double value, double bound) {
        return lowerIsBetter() ? value <= bound : value >= bound;
    }

    /** The metric or class that {@code accuracy}, {@code worst-class-recall} or {@code recall:CLASS} names. */
    static Optional<Measure> parse(String text) {
        if (text.startsWith(OfClass.PREFIX)) {
            String label = text.substring(OfClass.PREFIX.length());
            return label.isEmpty() ? Optional.empty() : Optional.of(new OfClass(label));
        }
        return Arrays.stream(Metric.values())
                .filter(metric -> optionName(metric).equals(text))
                .map(metric -> (Measure) new OfAllRows(metric))
                .findFirst();
    }

    /** All names, for help. */
    static String names() {
        return String.join(
                        ", ",
                        Arrays.stream(Metric.values()).map(Measure::optionName).toList())
                + " or recall:CLASS";
    }

    private static String optionName(Metric metric) {
        return metric.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A metric of all rows. */
    record OfAllRows(Metric metric) implements Measure {
        @Override
        public String label() {
            return metric.label();
        }

        @Override
        public boolean lowerIsBetter() {
            return metric.lowerIsBetter();
        }

        @Override
        public boolean isFor(Task task) {
            return metric.isFor(task);
        }

        @Override
        public boolean appliesTo(Network network, List<String> labels) {
            return metric.appliesTo(network);
        }

        @Override
        public OptionalDouble of(EvaluationSum sum, List<String> labels) {
            return metric.of(sum);
        }
    }

    /**
     * The recall of one class: the share of its rows that are recognised.
     *
     * @param name of the class
     */
    record OfClass(String name) implements Measure {
        private static final String PREFIX = "recall:";

        @Override
        public String label() {
            return "recall of class \"" + name + '"';
        }

        @Override
        public boolean lowerIsBetter() {
            return false;
        }

        @Override
        public boolean isFor(Task task) {
            return task == Task.CLASSIFICATION;
        }

        @Override
        public boolean appliesTo(Network network, List<String> labels) {
            return labels.contains(name);
        }

        @Override
        public OptionalDouble of(EvaluationSum sum, List<String> labels) {
            int label = labels.indexOf(name);
            return label < 0 || sum.rowsOf(label) == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Metric.recall(sum, label));
        }
    }
}
