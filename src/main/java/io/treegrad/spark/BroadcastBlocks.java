package io.treegrad.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * Blocks of broadcasts that fit what is sent. Spark takes whole blocks, of 4 MiB, for each broadcast of a step, the
 * parameters and the code of the tasks, whatever is in them; each block is a message to each executor, so none is smaller
 * than the code.
 */
final class BroadcastBlocks {
    private static final String SIZE = "spark.broadcast.blockSize";
    private static final long KIBIBYTE = 1024;
    private static final long SMALLEST = 64 * KIBIBYTE;
    private static final long LARGEST = 4096 * KIBIBYTE;

    private BroadcastBlocks() {}

    /**
     * Lets later broadcasts of this application take blocks that hold that many bytes. A size that the user chose stays.
     *
     * @param conf what the application was started with
     */
    static void fit(SparkConf conf, long bytes) {
        if (!conf.contains(SIZE)) {
            long block = Math.min(LARGEST, Math.max(SMALLEST, bytes + KIBIBYTE));
            // Spark looks at its environment's configuration at each broadcast
            SparkEnv.get().conf().set(SIZE, block / KIBIBYTE + "k");
        }
    }
}
