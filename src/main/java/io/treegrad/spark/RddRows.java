package io.treegrad.spark;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.worker.CachedPartition;
import io.treegrad.worker.PartitionShards;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * The rows of an RDD of another Spark application as a data set. Their order is that of the partitions, and in each that of
 * its rows. The RDD must give the same rows whenever it is computed; cache or checkpoint one that does not.
 *
 * <p>Tasks do not read these rows from storage: {@link #onExecutors} sends each to the partition that holds its shard. The
 * other methods are for the driver.
 */
public final class RddRows implements RowSource {
    private static final long serialVersionUID = 1;

    private final transient JavaRDD<LabeledRow> rdd;
    /** The number of the first row of each partition. */
    private final long[] firstRows;

    private final long rows;
    private final int features;
    private final List<String> classNames;

    private RddRows(JavaRDD<LabeledRow> rdd, List<RddSurvey> surveys, Function<RddSurvey, List<String>> names) {
        RddSurvey all = RddSurvey.joined(surveys);
        this.rdd = rdd;
        this.firstRows = new long[surveys.size()];
        for (int partition = 1; partition < firstRows.length; partition++) {
            firstRows[partition] =
                    firstRows[partition - 1] + surveys.get(partition - 1).rows();
        }
        this.rows = all.rows();
        this.features = all.features();
        this.classNames = names.apply(all);
    }

    /**
     * Rows of classes, labelled by whole numbers from 0. Looks at each row once.
     *
     * @throws UserError BAD_DATA if there are no rows, or rows that cannot be trained on
     */
    public static RddRows ofClasses(JavaRDD<LabeledRow> rdd) {
        return new RddRows(
                rdd, RddSurvey.of(rdd, RddSurvey.MOST_CLASSES), all -> IntStream.rangeClosed(0, all.greatestLabel())
                        .mapToObj(Integer::toString)
                        .toList());
    }

    /**
     * Rows of classes with these names, in the order of their labels.
     *
     * @throws UserError USAGE if there are no names, or two are the same
     */
    public static RddRows ofClasses(JavaRDD<LabeledRow> rdd, List<String> names) {
        List<String> kept = List.copyOf(names);
        if (kept.isEmpty() || new HashSet<>(kept).size() < kept.size()) {
            throw new UserError(
                    UserError.Kind.USAGE,
                    "The classes are named " + Printable.plain(kept.toString())
                            + ", expected a different name for each class; correct them.");
        }
        return new RddRows(rdd, RddSurvey.of(rdd, kept.size()), all -> kept);
    }

    /** Rows of numbers to predict. */
    public static RddRows ofNumbers(JavaRDD<LabeledRow> rdd) {
        return new RddRows(rdd, RddSurvey.of(rdd, 0), all -> List.of());
    }

    /** The application of the RDD, which goes on when the cluster is closed. */
    public Cluster cluster() {
        return Cluster.of(JavaSparkContext.fromSparkContext(rdd.context()));
    }

    /** The wanted rows in the partitions that hold their shards. */
    JavaRDD<CachedPartition> onExecutors(Broadcast<RowOrigin> origin) {
        Partitioner byShard = new ByShard(origin, origin.value().assignment().partitions());
        String source = describe();
        int width = features;
        return numbered()
                .filter(row -> origin.value().assignment().partitionOf(row._1()) >= 0)
                .repartitionAndSortWithinPartitions(byShard)
                .mapPartitionsWithIndex(
                        (partition, arriving) -> {
                            Rows held = rows(arriving, width);
                            PartitionShards shards = PartitionShards.read(
                                    origin.value().assignment(),
                                    partition,
                                    (same, wanted) -> requireAll(held, wanted, source));
                            return List.of(new CachedPartition(shards)).iterator();
                        },
                        true);
    }

    private static Rows requireAll(Rows held, RowSet wanted, String source) {
        if (held.count() != wanted.size()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    source + ": found " + held.count() + " rows where there were " + wanted.size()
                            + ", expected the same whenever it is computed; cache or checkpoint it.");
        }
        return held;
    }

    /** The rows with their numbers, in their order. */
    private JavaPairRDD<Long, LabeledRow> numbered() {
        long[] first = firstRows;
        return JavaPairRDD.fromJavaRDD(rdd.mapPartitionsWithIndex(
                (partition, found) -> new Iterator<Tuple2<Long, LabeledRow>>() {
                    private long next = first[partition];

                    @Override
                    public boolean hasNext() {
                        return found.hasNext();
                    }

                    @Override
                    public Tuple2<Long, LabeledRow> next() {
                        return new Tuple2<>(next++, found.next());
                    }
                },
                true));
    }

    private static FloatRows rows(Iterator<Tuple2<Long, LabeledRow>> numbered, int features) {
        List<LabeledRow> found = new ArrayList<>();
        numbered.forEachRemaining(row -> found.add(row._2()));
        float[] values = new float[Math.multiplyExact(found.size(), features)];
        float[] targets = new float[found.size()];
        for (int i = 0; i < targets.length; i++) {
            found.get(i).copyTo(values, i * features);
            targets[i] = found.get(i).label();
        }
        return new FloatRows(features, values, targets, null);
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public Shape shape() {
        return new Shape(1, features);
    }

    @Override
    public int classes() {
        return classNames.size();
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) {
        return rows(
                numbered().filter(row -> wanted.contains(row._1())).collect().iterator(), features);
    }

    @Override
    public int[] labels(Storage storage) {
        boolean areNumbers = classNames.isEmpty();
        return rdd.map(row -> areNumbers ? 0 : (int) row.label()).collect().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public List<String> paths() {
        return List.of();
    }

    @Override
    public String describe() {
        return "an RDD of " + rows + " rows of " + shape();
    }

    /** Sends a row to the partition that holds its shard. */
    private static final class ByShard extends Partitioner {
        private static final long serialVersionUID = 1;

        private final Broadcast<RowOrigin> origin;
        private final int partitions;

        ByShard(Broadcast<RowOrigin> origin, int partitions) {
            this.origin = origin;
            this.partitions = partitions;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object row) {
            return origin.value().assignment().partitionOf((Long) row);
        }
    }
}
