package io.treegrad.spark;

import io.treegrad.spark.exchange.ExchangeChoice;
import io.treegrad.spark.exchange.ExecutorEndpoint;
import io.treegrad.spark.exchange.ExecutorReport;
import io.treegrad.spark.exchange.Message;
import io.treegrad.spark.exchange.RemoteWorkerGroup;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries reports of resident tasks to the driver through Spark's own RPC, and has each executor listen for the driver.
 * {@link Cluster} adds it to {@code spark.plugins}.
 */
public final class ResidentPlugin implements SparkPlugin {
    /** What Spark calls the executor in the driver's JVM. */
    private static final String DRIVER = "driver";

    /** Of this executor. Static because tasks have no other way to their executor's plugin. */
    private static volatile PluginContext executorContext;

    private static volatile Optional<ExecutorEndpoint> endpoint = Optional.empty();

    /** The way from a task of this executor to the driver. */
    static PluginContext uplink() {
        PluginContext context = executorContext;
        if (context == null) {
            throw new IllegalStateException("spark.plugins of this executor lacks " + ResidentPlugin.class.getName());
        }
        return context;
    }

    /** Where this executor listens; empty if the exchange is not to use it, or if it cannot. */
    static Optional<ExecutorEndpoint> endpoint() {
        return endpoint;
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new Receiver();
    }

    /** Called by one thread of Spark at a time. */
    private static final class Receiver implements DriverPlugin {
        @Override
        public Map<String, String> init(SparkContext context, PluginContext pluginContext) {
            return Map.of();
        }

        @Override
        public Object receive(Object message) {
            return Message.encode(RemoteWorkerGroup.receive(Message.decode(message, ExecutorReport.class)));
        }
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            @Override
            public void init(PluginContext context, Map<String, String> extraConf) {
                executorContext = context;
                // in local mode Spark has no block manager yet
                boolean isDriver = context.executorID().equals(DRIVER);
                if (!isDriver && ExchangeChoice.of(context.conf()) != ExchangeChoice.RPC) {
                    endpoint = ExecutorEndpoint.open(SparkEnv.get());
                }
            }

            @Override
            public void shutdown() {
                endpoint.ifPresent(ExecutorEndpoint::close);
            }
        };
    }
}
