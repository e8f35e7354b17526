package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.data.Part;
import io.treegrad.training.MetricValues;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;

/**
 * How a model was made. The same data, settings and seed give the same bits.
 *
 * @param data what it was trained and measured on
 * @param settings every setting of the run, including defaults, without secrets
 * @param seed of all random choices
 * @param shards gradient shards, S
 * @param engine step engine that ran, {@code tree} or {@code resident}; it does not affect the result
 * @param arithmetic what computed the products, as {@link io.treegrad.network.Arithmetic#name()} tells it; {@code blas} in
 *     older files; it does not affect the result
 * @param cpu model of the processors that computed gradients
 * @param java version of the Java platform
 * @param spark version of Spark
 * @param treegrad version of this program
 * @param started in UTC, as in {@code 2026-01-31T12:00:00Z}
 * @param seconds from the start of the run to the finished model
 * @param metrics of the final parameters on each part that was measured
 * @param stoppedAtStep at which a deadline ended the training; null if it ended by itself
 */
@JsonPropertyOrder({
    "data",
    "settings",
    "seed",
    "shards",
    "engine",
    "arithmetic",
    "cpu",
    "java",
    "spark",
    "treegrad",
    "started",
    "seconds",
    "metrics",
    "stoppedAtStep"
})
public record Provenance(
        DataProvenance data,
        Map<String, String> settings,
        long seed,
        int shards,
        String engine,
        @JsonAlias("blas") String arithmetic,
        String cpu,
        String java,
        String spark,
        String treegrad,
        String started,
        double seconds,
        Map<Part, MetricValues> metrics,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long stoppedAtStep) {
    public Provenance {
        Require.present(data, "data");
        settings = Require.sorted(settings, "settings");
        Require.atLeast(1, shards, "shards");
        Require.text(engine, "engine");
        Require.text(arithmetic, "arithmetic");
        Require.text(cpu, "cpu");
        Require.text(java, "java");
        Require.text(spark, "spark");
        Require.text(treegrad, "treegrad");
        checkInstant(Require.present(started, "started"));
        Require.notNegative(seconds, "seconds");
        metrics = Require.sorted(metrics, "metrics");
        metrics.values().forEach(MetricValues::requireValid);
    }

    private static void checkInstant(String started) {
        try {
            Instant.parse(started);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "started is \"" + started + "\", expected a time in UTC such as 2026-01-31T12:00:00Z", e);
        }
    }
}
