package io.treegrad.spark;

import java.util.Locale;
import org.apache.spark.SparkConf;

/** How parameters and gradients travel between the driver and the executors of the resident engine. */
public enum ExchangeChoice {
    /** {@link #NETWORK} where the driver can connect to every executor, else {@link #RPC}. */
    AUTO,
    /** Connections of Spark's network library, which the driver opens to each executor. */
    NETWORK,
    /** Messages of Spark's plugin RPC, which executors send to the driver. */
    RPC;

    static final String KEY = "spark.treegrad.exchange";

    /** What the application was told. */
    static ExchangeChoice of(SparkConf conf) {
        return valueOf(conf.get(KEY, AUTO.label()).toUpperCase(Locale.ROOT));
    }

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
