package io.treegrad.spark.exchange;

import java.util.Optional;
import org.apache.spark.SparkConf;

/** What a message of Spark's RPC can hold. */
public final class RpcLimit {
    private static final long MEBIBYTE = 1 << 20;
    private static final int MEBIBYTES = 128;

    private RpcLimit() {}

    /** In words, if a message with so many parameters could be too large: it holds other things beside them. */
    public static Optional<String> obstacle(SparkConf conf, long parameters) {
        long limit = conf.getInt("spark.rpc.message.maxSize", MEBIBYTES) * MEBIBYTE;
        return parameters * Float.BYTES <= limit / 2
                ? Optional.empty()
                : Optional.of("%d parameters do not fit into a message of spark.rpc.message.maxSize %d MiB"
                        .formatted(parameters, limit / MEBIBYTE));
    }
}
