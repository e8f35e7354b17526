package io.treegrad.training;

import io.treegrad.network.Counts;
import io.treegrad.network.EvaluationSum;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The metrics of a network on some rows: the loss, and the others that apply and were computed. Immutable, in
 * the order of {@link Metric}. Holds no row count: the values are divided already, and files store none.
 */
public final class MetricValues implements Serializable {
    private static final long serialVersionUID = 1;

    private final EnumMap<Metric, Double> values;

    private MetricValues(EnumMap<Metric, Double> values) {
        this.values = values;
        if (values.get(Metric.LOSS) == null) {
            Metric.LOSS.requireValid(null);
        }
    }

    /**
     * All metrics that apply.
     *
     * @throws IllegalArgumentException if the sum has no rows
     */
    public static MetricValues of(EvaluationSum sum) {
        if (sum.rows() == 0) {
            throw new IllegalArgumentException("metrics of no rows, expected at least 1");
        }
        EnumMap<Metric, Double> values = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metric.of(sum).ifPresent(value -> values.put(metric, value));
        }
        return new MetricValues(values);
    }

    /** What training computes on its own rows: the loss, and the accuracy where there are classes. */
    static MetricValues ofTraining(Counts sums) {
        return ofTraining(sums.meanLoss(), sums.accuracy());
    }

    /** @param accuracy NaN where there are no classes */
    public static MetricValues ofTraining(double meanLoss, double accuracy) {
        EnumMap<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.LOSS, meanLoss);
        if (!Double.isNaN(accuracy)) {
            values.put(Metric.ACCURACY, accuracy);
        }
        return new MetricValues(values);
    }

    /**
     * Values by {@link Metric#key}. Unknown keys, from other versions, are ignored.
     *
     * @throws IllegalArgumentException if the loss is missing, or a value is null
     */
    public static MetricValues named(Map<String, Double> values) {
        EnumMap<Metric, Double> known = new EnumMap<>(Metric.class);
        values.forEach((key, value) -> Metric.named(key).ifPresent(metric -> {
            if (value == null) {
                metric.requireValid(null);
            }
            known.put(metric, value);
        }));
        return new MetricValues(known);
    }

    /** Values by {@link Metric#key}. */
    public Map<String, Double> byKey() {
        Map<String, Double> named = new LinkedHashMap<>();
        values.forEach((metric, value) -> named.put(metric.key(), value));
        return named;
    }

    /** The metrics that have a value. */
    public Set<Metric> metrics() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** The metrics that any of these has. */
    public static Set<Metric> union(Collection<MetricValues> all) {
        Set<Metric> union = new TreeSet<>();
        all.forEach(one -> union.addAll(one.metrics()));
        return union;
    }

    public boolean has(Metric metric) {
        return values.containsKey(metric);
    }

    /** @throws IllegalArgumentException if the metric has no value; the loss always has one */
    public double get(Metric metric) {
        Double value = values.get(metric);
        if (value == null) {
            throw new IllegalArgumentException("no " + metric.label() + " among " + values.keySet());
        }
        return value;
    }

    /** The metric that says most in one number: the accuracy, or of numbers the RMSE. */
    public Metric leading() {
        return has(Metric.ACCURACY) ? Metric.ACCURACY : Metric.RMSE;
    }

    /** A value as {@link Metric#text} writes it; empty if there is none. */
    public String text(Metric metric) {
        return has(metric) ? metric.text(get(metric)) : "";
    }

    /**
     * These values.
     *
     * @throws IllegalArgumentException if one is not finite or out of the metric's range: the parameters diverged, or
     *     the file is damaged
     */
    public MetricValues requireValid() {
        values.forEach(Metric::requireValid);
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetricValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return byKey().toString();
    }
}
