package io.treegrad.spark;

import io.treegrad.common.Sha256;
import io.treegrad.common.UserError;
import io.treegrad.data.CovarianceSums;
import io.treegrad.data.FeatureSums;
import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Storage;
import io.treegrad.network.SpreadSum;
import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The rows of all parts on the executors: one {@link CachedPartition} a partition.
 *
 * <p>Tasks read their own rows from storage, so the driver never holds them and a lost partition is read again: then its
 * rows must have the same digest as those that were loaded first. What a partition holds and how to reach storage travel
 * once, as a broadcast, not with every task.
 */
public final class DistributedRows implements AutoCloseable {
    private record Origin(ShardAssignment assignment, Storage storage) implements java.io.Serializable {}

    private final Cluster cluster;
    private final ShardAssignment assignment;
    private final Broadcast<Origin> origin;
    private final JavaRDD<CachedPartition> read;
    /** {@link #read}, or from the first loading on the same with a comparison of the digests. */
    private JavaRDD<CachedPartition> rdd;

    private Broadcast<List<String>> firstDigests;

    public DistributedRows(Cluster cluster, Map<Part, ShardedPart> parts, int partitions, Storage storage) {
        this.cluster = cluster;
        JavaSparkContext context = cluster.context();
        this.assignment = new ShardAssignment(parts, partitions);
        Broadcast<Origin> broadcast = context.broadcast(new Origin(assignment, storage));
        this.origin = broadcast;
        this.read = placed(cluster, partitions)
                .map(partition -> new CachedPartition(PartitionShards.read(
                        broadcast.value().assignment(),
                        partition,
                        broadcast.value().storage())))
                .setName("treegrad rows")
                .persist(StorageLevel.MEMORY_AND_DISK());
        this.rdd = read;
    }

    /**
     * The numbers of the partitions, contiguous ones on each executor, and on no more executors than run them at once:
     * their tasks hold neighbours in the tree of shards and join them before anything travels. Only a wish: a partition runs
     * anywhere when its executor is gone.
     */
    static JavaRDD<Integer> placed(Cluster cluster, int partitions) {
        List<String> all = cluster.executorPlaces();
        int tasksOfEach = cluster.layout(cluster.slots()).tasksOfEach();
        int needed = (partitions + tasksOfEach - 1) / tasksOfEach;
        List<String> executors = all.subList(0, Math.min(all.size(), needed));
        List<Tuple2<Integer, Seq<String>>> places = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            List<String> place = executors.isEmpty()
                    ? List.of()
                    : List.of(executors.get((int) ((long) partition * executors.size() / partitions)));
            places.add(
                    new Tuple2<>(partition, CollectionConverters.asScala(place).toSeq()));
        }
        ClassTag<Integer> tag = ClassTag$.MODULE$.apply(Integer.class);
        return cluster.context()
                .sc()
                .makeRDD(CollectionConverters.asScala(places).toSeq(), tag)
                .toJavaRDD();
    }

    /**
     * Reads all rows that are not in memory now, so that bad data is found before anything is trained.
     *
     * @return SHA-256 of the rows of each part, which does not depend on the partitions
     * @throws UserError if a file is not what it should be, or is another than at the first loading
     */
    public Map<Part, String> load() {
        cluster.describeJobs("Read the rows");
        try {
            List<PartitionShards.Content> contents =
                    rdd.map(partition -> partition.shards().content()).collect();
            if (contents.size() != assignment.partitions()) {
                throw new IllegalStateException(contents.size() + " partitions, expected " + assignment.partitions());
            }
            for (PartitionShards.Content content : contents) {
                if (content.refusal() != null) {
                    throw content.refusal();
                }
            }
            if (firstDigests == null) {
                requireFromNowOn(
                        contents.stream().map(PartitionShards.Content::total).toList());
            }
            return digests(contents);
        } catch (Exception e) {
            throw cluster.unwrapped(e);
        }
    }

    private void requireFromNowOn(List<String> digests) {
        Broadcast<List<String>> expected = context().broadcast(new ArrayList<>(digests));
        String sources = assignment.parts().values().stream()
                .map(part -> part.source().describe())
                .distinct()
                .collect(Collectors.joining(" and "));
        firstDigests = expected;
        rdd = read.mapPartitionsWithIndex(
                (index, partitions) -> {
                    CachedPartition partition = partitions.next();
                    return List.of(partition.unlessChanged(expected.value().get(index), sources))
                            .iterator();
                },
                true);
    }

    private static Map<Part, String> digests(List<PartitionShards.Content> contents) {
        Map<Part, List<String>> ofShards = new EnumMap<>(Part.class);
        for (PartitionShards.Content content : contents) {
            content.sha256().forEach((part, digests) -> ofShards.computeIfAbsent(part, absent -> new ArrayList<>())
                    .addAll(digests));
        }
        Map<Part, String> digests = new EnumMap<>(Part.class);
        ofShards.forEach((part, inOrder) -> digests.put(part, Sha256.of(inOrder)));
        return digests;
    }

    /**
     * The scaling to mean 0 and deviation 1 of each feature over the training rows, summed in the fixed order of the
     * shards.
     */
    public Scaling standardScaling() {
        int shards = shards(Part.TRAIN);
        return trainingTotal(
                        "Mean and deviation of each feature",
                        partition -> ofShards(shards, partition, DistributedRows::featureSums))
                .standardScaling();
    }

    private static FeatureSums featureSums(PartitionShards.Shard shard) {
        FeatureSums sums = new FeatureSums(shard.rows());
        for (int i = 0; i < shard.count(); i++) {
            sums.addRow(shard.rows(), shard.position(i));
        }
        return sums;
    }

    /** Mean and deviation of the numbers to predict over the training rows, summed in the fixed order of the shards. */
    public SpreadSum targetSpread() {
        int shards = shards(Part.TRAIN);
        return trainingTotal(
                "Mean and deviation of the numbers to predict",
                partition -> ofShards(shards, partition, DistributedRows::targets));
    }

    private static SpreadSum targets(PartitionShards.Shard shard) {
        SpreadSum targets = new SpreadSum();
        for (int i = 0; i < shard.count(); i++) {
            targets.add(shard.rows().target(shard.position(i)), 1);
        }
        return targets;
    }

    /** How many rows of a part have each label, counted where the rows are. */
    public long[] rowsOfClass(Part part, int classes) {
        cluster.describeJobs("Rows of each class");
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
            throw cluster.unwrapped(e);
        }
    }

    /** Sums for the covariance of the scaled training rows, added in the fixed order of the shards. */
    public CovarianceSums covariance(WorkSpec spec) {
        int shards = shards(Part.TRAIN);
        return trainingTotal(
                "Covariance for the page", partition -> new ShardWorker(spec, partition.shards()).covariance(shards));
    }

    /** What the training shards of a partition come to, each by itself. */
    private static <T extends Sum<T>> TreeSum<T> ofShards(
            int shards, CachedPartition partition, java.util.function.Function<PartitionShards.Shard, T> ofShard) {
        TreeSum<T> sum = new TreeSum<>(shards);
        for (PartitionShards.Shard shard : partition.shards().of(Part.TRAIN)) {
            sum.put(shard.shard(), ofShard.apply(shard));
        }
        return sum;
    }

    /**
     * Adds up what the training shards of all partitions come to, in the fixed tree over the shards.
     *
     * @param what the job is for, as the pages of Spark show it
     */
    private <T extends Sum<T>> T trainingTotal(String what, Function<CachedPartition, TreeSum<T>> ofPartition) {
        cluster.describeJobs(what);
        try {
            return rdd.treeAggregate(
                            new TreeSum<T>(shards(Part.TRAIN)),
                            (sum, partition) -> {
                                sum.merge(ofPartition.call(partition));
                                return sum;
                            },
                            (left, right) -> {
                                left.merge(right);
                                return left;
                            })
                    .total();
        } catch (Exception e) {
            throw cluster.unwrapped(e);
        }
    }

    public int partitions() {
        return assignment.partitions();
    }

    public boolean has(Part part) {
        return assignment.parts().containsKey(part);
    }

    boolean ofBytes(Part part) {
        return assignment.parts().get(part).source().ofBytes();
    }

    long rows(Part part) {
        return assignment.parts().get(part).rows().size();
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
        read.unpersist(false);
        origin.destroy();
        if (firstDigests != null) {
            firstDigests.destroy();
        }
    }
}
