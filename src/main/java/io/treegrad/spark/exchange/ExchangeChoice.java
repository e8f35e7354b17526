package io.treegrad.spark.exchange;

import io.treegrad.network.Network;
import java.util.Locale;
import org.apache.spark.SparkConf;

/** How parameters and gradients travel between the driver and the executors of the resident engine. */
public enum ExchangeChoice {
    /** {@link #NETWORK} where the driver can connect to every executor, else {@link #RPC}. */
    AUTO,
    /** {@link #STAR} or {@link #SLICED}, whichever suits the number of executors and parameters. */
    NETWORK,
    /** The driver sends each executor all parameters, and takes a gradient from each. */
    STAR,
    /** The driver sends each executor a slice of the parameters and takes that slice of the whole gradient from it. */
    SLICED,
    /** Messages of Spark's plugin RPC, which executors send to the driver. */
    RPC;

    public static final String KEY = "spark.treegrad.exchange";

    /** What the application was told. */
    public static ExchangeChoice of(SparkConf conf) {
        return valueOf(conf.get(KEY, AUTO.label()).toUpperCase(Locale.ROOT));
    }

    /** Whether parameters and gradients of a network travel in slices between so many executors. */
    boolean isSliced(int executors, Network network) {
        return switch (this) {
            case AUTO, NETWORK -> CostModel.typical(network).isSliced(executors, network.parameterCount());
            case SLICED -> true;
            case STAR, RPC -> false;
        };
    }

    /** The name in options, files and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
