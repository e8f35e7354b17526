package io.treegrad.spark;

import io.treegrad.common.Sha256;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.Storage;
import io.treegrad.worker.CachedPartition;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardAssignment;
import java.io.Serializable;
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
    /**
     * What is known of rows when they have been read.
     *
     * @param rowsSha256 of each part, which does not depend on the partitions
     * @param seen in each partition
     */
    record Loaded<T>(Map<Part, String> rowsSha256, List<T> seen) {}

    /** What one task of loading returns. */
    private record Looked<T>(PartitionShards.Content content, T seen) implements Serializable {
        static <T> Looked<T> at(PartitionShards shards, Function<PartitionShards, T> look) throws Exception {
            return new Looked<>(shards.content(), shards.refusal().isPresent() ? null : look.call(shards));
        }
    }

    private final Cluster cluster;
    private final ShardAssignment assignment;
    private final Broadcast<RowOrigin> origin;
    private final JavaRDD<CachedPartition> read;
    /** {@link #read}, or from the first loading on the same with a comparison of the digests. */
    private JavaRDD<CachedPartition> rdd;

    private Broadcast<List<String>> firstDigests;
    private boolean areOnDisk;

    public DistributedRows(Cluster cluster, Map<Part, ShardedPart> parts, int partitions, Storage storage) {
        this(cluster, parts, partitions, storage, RowReader.memoryOfPartition(cluster, partitions));
    }

    /** @param memoryBytes that the rows of a partition may take before they stay on disk */
    DistributedRows(Cluster cluster, Map<Part, ShardedPart> parts, int partitions, Storage storage, long memoryBytes) {
        this.cluster = cluster;
        JavaSparkContext context = cluster.context();
        this.assignment = new ShardAssignment(parts, partitions);
        Broadcast<RowOrigin> broadcast = context.broadcast(new RowOrigin(assignment, storage, memoryBytes));
        this.origin = broadcast;
        JavaRDD<CachedPartition> partitioned = parts.get(Part.TRAIN) != null
                        && parts.get(Part.TRAIN).source() instanceof RddRows sent
                ? sent.onExecutors(broadcast)
                : placed(cluster, partitions)
                        .map(partition -> new CachedPartition(broadcast.value().read(partition)));
        this.read = partitioned.setName("treegrad rows").persist(StorageLevel.MEMORY_AND_DISK());
        this.rdd = read;
    }

    /**
     * The numbers of the partitions, contiguous ones on each executor, and on no more executors than run them at once:
     * their tasks hold neighbours in the tree of shards and join them before anything travels. Only a preference: a
     * partition runs anywhere when its executor is gone.
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
        return load(shards -> null).rowsSha256;
    }

    /**
     * Reads as {@link #load()} does, and looks at the rows of each partition in the same job.
     *
     * @param look at rows that are not refused
     * @throws UserError as {@link #load()}
     */
    <T> Loaded<T> load(Function<PartitionShards, T> look) {
        List<Looked<T>> looked =
                cluster.run("Read the rows", () -> rdd.map(partition -> Looked.at(partition.shards(), look))
                        .collect());
        List<PartitionShards.Content> contents =
                looked.stream().map(Looked::content).toList();
        if (contents.size() != assignment.partitions()) {
            throw new IllegalStateException(contents.size() + " partitions, expected " + assignment.partitions());
        }
        for (PartitionShards.Content content : contents) {
            if (content.refusal() != null) {
                throw content.refusal();
            }
        }
        areOnDisk = contents.stream().anyMatch(PartitionShards.Content::areOnDisk);
        cluster.computesWith(contents.stream()
                .map(PartitionShards.Content::arithmetic)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and ")));
        if (firstDigests == null) {
            requireFromNowOn(
                    contents.stream().map(PartitionShards.Content::total).toList());
        }
        return new Loaded<>(digests(contents), looked.stream().map(Looked::seen).toList());
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

    public int partitions() {
        return assignment.partitions();
    }

    /** Whether executors keep some of the loaded rows on their disks, because their memory has no room for them. */
    public boolean areOnDisk() {
        return areOnDisk;
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
        cluster.freeBeforeNextJob(() -> {
            read.unpersist(false);
            origin.destroy();
            if (firstDigests != null) {
                firstDigests.destroy();
            }
        });
    }
}
