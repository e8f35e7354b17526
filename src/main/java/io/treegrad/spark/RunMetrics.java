package io.treegrad.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import io.treegrad.network.GradientSum;
import io.treegrad.training.TrainingObserver;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * What a training does, as a source of Spark's metrics system, which hands it to Prometheus and other sinks. Static, since
 * Spark makes the plugin that registers it; a driver has one training at a time.
 *
 * <pre>
 *   steps, rows           steps taken and rows seen, with their rates a second
 *   loss                  mean loss of the last step
 *   gradientNorm          of the gradient of the objective, as the update took it, looked at once a second
 *   gradientShare         share of training that waited for gradients: computation and exchange
 *   computeShare          share of training in which the slowest task computed gradients; NaN with a job a step
 *   exchangeShare         share of training in which parameters, gradients and threads were on their way; likewise
 *   evaluationSeconds     that evaluations took altogether
 *   checkpointSeconds     that training waited for checkpoints
 *   restarts              of resident tasks
 * </pre>
 */
public final class RunMetrics implements TrainingObserver {
    private static final RunMetrics OF_DRIVER = new RunMetrics();
    private static final long NANOS_BETWEEN_NORMS = TimeUnit.SECONDS.toNanos(1);

    private final Meter steps = new Meter();
    private final Meter rows = new Meter();
    private final LongAdder gradientNanos = new LongAdder();
    private final LongAdder computeNanos = new LongAdder();
    private final LongAdder exchangeNanos = new LongAdder();
    private final LongAdder evaluationNanos = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private volatile double checkpointSeconds;
    private volatile double loss = Double.NaN;
    private volatile double gradientNorm = Double.NaN;
    private volatile long begun;
    private long lookedNanos;

    /** Registers the metrics of this driver; {@link Cluster} adds it to {@code spark.plugins}. */
    public static final class Plugin implements SparkPlugin {
        @Override
        public DriverPlugin driverPlugin() {
            return new DriverPlugin() {
                @Override
                public Map<String, String> init(SparkContext context, PluginContext pluginContext) {
                    return Map.of();
                }

                @Override
                public void registerMetrics(String application, PluginContext pluginContext) {
                    OF_DRIVER.register(pluginContext.metricRegistry());
                }
            };
        }

        @Override
        public ExecutorPlugin executorPlugin() {
            return null;
        }
    }

    private RunMetrics() {}

    public static RunMetrics ofDriver() {
        return OF_DRIVER;
    }

    private void register(MetricRegistry registry) {
        registry.register("steps", steps);
        registry.register("rows", rows);
        gauge(registry, "loss", () -> loss);
        gauge(registry, "gradientNorm", () -> gradientNorm);
        gauge(registry, "gradientShare", () -> share(gradientNanos));
        gauge(registry, "computeShare", () -> computeNanos.sum() == 0 ? Double.NaN : share(computeNanos));
        gauge(registry, "exchangeShare", () -> computeNanos.sum() == 0 ? Double.NaN : share(exchangeNanos));
        gauge(registry, "evaluationSeconds", () -> evaluationNanos.sum() / 1e9);
        gauge(registry, "checkpointSeconds", () -> checkpointSeconds);
        gauge(registry, "restarts", () -> (double) restarts.sum());
    }

    private static void gauge(MetricRegistry registry, String name, Supplier<Double> value) {
        Gauge<Double> gauge = value::get;
        registry.register(name, gauge);
    }

    private double share(LongAdder of) {
        long nanos = System.nanoTime() - begun;
        return begun == 0 ? 0 : Math.min(1, (double) of.sum() / Math.max(1, nanos));
    }

    /** A training begins. */
    public void begin() {
        gradientNanos.reset();
        computeNanos.reset();
        exchangeNanos.reset();
        begun = System.nanoTime();
    }

    /** Waits for a gradient, and counts how long. */
    public GradientSum awaitGradient(Supplier<GradientSum> gradient) {
        long before = System.nanoTime();
        try {
            return gradient.get();
        } finally {
            gradientNanos.add(System.nanoTime() - before);
        }
    }

    /**
     * Counts a gradient of resident tasks.
     *
     * @param nanos that it took altogether, and {@code ofComputation} for the slowest of the tasks
     */
    void countGradient(long nanos, long ofComputation) {
        computeNanos.add(ofComputation);
        exchangeNanos.add(Math.max(0, nanos - ofComputation));
    }

    /** Evaluates, and counts how long. */
    public <T> T evaluate(Supplier<T> evaluation) {
        long before = System.nanoTime();
        try {
            return evaluation.get();
        } finally {
            evaluationNanos.add(System.nanoTime() - before);
        }
    }

    /** @param seconds altogether */
    public void setCheckpointSeconds(double seconds) {
        checkpointSeconds = seconds;
    }

    void countRestart() {
        restarts.increment();
    }

    @Override
    public void afterUpdate(long step, float[] theta, GradientSum sum) {
        steps.mark();
        rows.mark(sum.counts().rows());
        loss = sum.counts().meanLoss();
        long now = System.nanoTime();
        if (now - lookedNanos >= NANOS_BETWEEN_NORMS) {
            lookedNanos = now;
            gradientNorm = norm(sum);
        }
    }

    /** The update has made the gradient of the objective of the sum: divided for a mean, with weight decay. */
    private static double norm(GradientSum sum) {
        double squares = 0;
        for (float derivative : sum.gradient()) {
            squares += (double) derivative * derivative;
        }
        return Math.sqrt(squares);
    }
}
