package io.treegrad.spark;

import io.treegrad.data.Part;
import java.util.Iterator;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/** Outputs of a network for each row of the test part, computed where the rows are. */
public final class NetworkOutputs {
    private NetworkOutputs() {}

    /**
     * Hands the outputs of all rows, in their order, to {@code consumer}: {@code a_L [rows × n_L]} of one partition after
     * the other, so that the driver holds one partition's at a time.
     */
    public static void forEachPartition(
            DistributedRows rows, WorkSpec spec, float[] theta, Consumer<float[]> consumer) {
        Broadcast<float[]> parameters = rows.context().broadcast(theta);
        JavaRDD<float[]> outputs = rows.rdd()
                .map(partition -> new ShardWorker(spec, partition.shards()).outputs(parameters.value(), Part.TEST))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            outputs.count(); // all partitions at once; the iterator below would compute one after the other
            Iterator<float[]> each = outputs.toLocalIterator();
            each.forEachRemaining(consumer);
        } catch (Exception e) {
            throw rows.cluster().unwrapped(e);
        } finally {
            outputs.unpersist(false);
            parameters.destroy();
        }
    }
}
