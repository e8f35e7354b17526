package io.treegrad.spark;

import io.treegrad.network.Arithmetic;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries reports of resident tasks to the driver through Spark's own RPC: no second port, and Spark's authentication
 * and encryption cover it. {@link Cluster} adds it to {@code spark.plugins}.
 */
public final class ResidentPlugin implements SparkPlugin {
    /** Of this executor. Static because tasks have no other way to their executor's plugin. */
    private static volatile PluginContext executorContext;

    /** The way from a task of this executor to the driver. */
    static PluginContext uplink() {
        PluginContext context = executorContext;
        if (context == null) {
            throw new IllegalStateException("spark.plugins of this executor lacks " + ResidentPlugin.class.getName());
        }
        return context;
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
                Arithmetic.warm(); // before there are rows to compute on
            }
        };
    }
}
