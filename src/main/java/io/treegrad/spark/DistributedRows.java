package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.data.CovarianceSums;
import io.treegrad.data.FeatureSums;
import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Storage;
import io.treegrad.network.TreeSum;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of all parts on the executors: one {@link CachedPartition} a partition.
 *
 * <p>Tasks read their own rows from storage, so the driver never holds them and a lost partition is read again. What a
 * partition holds and how to reach storage travel once, as a broadcast, not with every task.
 */
public final class DistributedRows implements AutoCloseable {
    private record Origin(ShardAssignment assignment, Storage storage) implements java.io.Serializable {}

    private final Cluster cluster;
    private final ShardAssignment assignment;
    private final Broadcast<Origin> origin;
    private final JavaRDD<CachedPartition> rdd;

    public DistributedRows(Cluster cluster, Map<Part, ShardedPart> parts, int partitions, Storage storage) {
        this.cluster = cluster;
        JavaSparkContext context = cluster.context();
        this.assignment = new ShardAssignment(parts, partitions);
        Broadcast<Origin> broadcast = context.broadcast(new Origin(assignment, storage));
        this.origin = broadcast;
        this.rdd = context.parallelize(IntStream.range(0, partitions).boxed().toList(), partitions)
                .map(partition -> new CachedPartition(PartitionShards.read(
                        broadcast.value().assignment(),
                        partition,
                        broadcast.value().storage())))
                .setName("treegrad rows")
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    /**
     * Reads all rows now, so that bad data is found before anything is trained.
     *
     * @throws UserError if a file is not what it should be
     */
    public void load() {
        try {
            List<UserError> refusals = rdd.map(
                            partition -> partition.shards().refusal().orElse(null))
                    .collect();
            if (refusals.size() != assignment.partitions()) {
                throw new IllegalStateException(refusals.size() + " partitions, expected " + assignment.partitions());
            }
            for (UserError refusal : refusals) {
                if (refusal != null) {
                    throw refusal;
                }
            }
        } catch (Exception e) {
            throw cluster.unwrapped(e);
        }
    }

    /**
     * The scaling to mean 0 and deviation 1 of each feature over the training rows, summed in the fixed order of the
     * shards.
     */
    public Scaling standardScaling(int features) {
        try {
            return rdd.treeAggregate(
                            new TreeSum<FeatureSums>(shards(Part.TRAIN)),
                            (sum, partition) -> {
                                for (PartitionShards.Shard shard :
                                        partition.shards().of(Part.TRAIN)) {
                                    FeatureSums sums = new FeatureSums(features);
                                    for (int i = 0; i < shard.count(); i++) {
                                        sums.addRow(shard.rows(), shard.position(i));
                                    }
                                    sum.put(shard.shard(), sums);
                                }
                                return sum;
                            },
                            (left, right) -> {
                                left.merge(right);
                                return left;
                            })
                    .total()
                    .standardScaling();
        } catch (Exception e) {
            throw cluster.unwrapped(e);
        }
    }

    /** How many rows of a part have each label, counted where the rows are. */
    public long[] rowsOfClass(Part part, int classes) {
        try {
            return rdd.map(partition -> {
                        long[] counts = new long[classes];
                        for (PartitionShards.Shard shard : partition.shards().of(part)) {
                            for (int i = 0; i < shard.count(); i++) {
                                counts[shard.rows().label(shard.position(i))]++;
                            }
                        }
                        return counts;
                    })
                    .reduce((left, right) -> {
                        for (int label = 0; label < classes; label++) {
                            left[label] += right[label];
                        }
                        return left;
                    });
        } catch (Exception e) {
            throw Failures.unwrapped(e);
        }
    }

    /** Sums for the covariance of the scaled training rows, added in the fixed order of the shards. */
    public CovarianceSums covariance(WorkSpec spec) {
        int shards = shards(Part.TRAIN);
        try {
            return rdd.treeAggregate(
                            new TreeSum<CovarianceSums>(shards),
                            (sum, partition) -> {
                                sum.merge(new ShardWorker(spec, partition.shards()).covariance(shards));
                                return sum;
                            },
                            (left, right) -> {
                                left.merge(right);
                                return left;
                            })
                    .total();
        } catch (Exception e) {
            throw Failures.unwrapped(e);
        }
    }

    public int partitions() {
        return assignment.partitions();
    }

    public boolean has(Part part) {
        return assignment.parts().containsKey(part);
    }

    int shards(Part part) {
        return assignment.parts().get(part).shards().shards();
    }

    JavaRDD<CachedPartition> rdd() {
        return rdd;
    }

    Cluster cluster() {
        return cluster;
    }

    JavaSparkContext context() {
        return cluster.context();
    }

    @Override
    public void close() {
        rdd.unpersist(false);
        origin.destroy();
    }
}
