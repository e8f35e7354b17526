package io.treegrad.spark;

import io.treegrad.data.CovarianceSums;
import io.treegrad.data.FeatureSums;
import io.treegrad.data.Part;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ValueRange;
import io.treegrad.network.SpreadSum;
import io.treegrad.network.Sum;
import io.treegrad.network.TreeSum;
import io.treegrad.worker.CachedPartition;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardWorker;
import io.treegrad.worker.WorkSpec;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.api.java.function.VoidFunction2;

/** What distributed rows are like as a whole: computed where they lie, the same on every cluster. */
public final class RowStatistics {
    private final DistributedRows rows;

    public RowStatistics(DistributedRows rows) {
        this.rows = rows;
    }

    /**
     * The scaling to mean 0 and deviation 1 of each feature over the training rows, summed in the fixed order of the
     * shards.
     */
    public Scaling standardScaling() {
        int shards = rows.shards(Part.TRAIN);
        return trainingTotal(
                        "Mean and deviation of each feature",
                        partition -> ofShards(shards, partition, RowStatistics::featureSums))
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
        int shards = rows.shards(Part.TRAIN);
        return trainingTotal(
                "Mean and deviation of the numbers to predict",
                partition -> ofShards(shards, partition, RowStatistics::targets));
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
        return collected(
                "Rows of each class",
                part,
                () -> new long[classes],
                (counts, held, row) -> counts[held.label(row)]++,
                (counts, others) -> Arrays.setAll(counts, label -> counts[label] + others[label]));
    }

    /** In which range the values of the training rows lie. */
    public ValueRange trainingRange() {
        return collected("Range of the values", Part.TRAIN, ValueRange::new, ValueRange::add, ValueRange::merge);
    }

    /** Takes one row of some. */
    private interface RowTaker<T> extends Serializable {
        void take(T collected, Rows rows, int row);
    }

    /** What is collected of the rows of a part, in any order, where the rows are. */
    private <T> T collected(
            String what, Part part, Function0<T> nothing, RowTaker<T> taker, VoidFunction2<T, T> joining) {
        return rows.cluster().run(what, () -> rows.rdd()
                .map(partition -> {
                    T collected = nothing.call();
                    for (PartitionShards.Shard shard : partition.shards().of(part)) {
                        for (int i = 0; i < shard.count(); i++) {
                            taker.take(collected, shard.rows(), shard.position(i));
                        }
                    }
                    return collected;
                })
                .reduce((left, right) -> {
                    joining.call(left, right);
                    return left;
                }));
    }

    /** Sums for the covariance of the scaled training rows, added in the fixed order of the shards. */
    public CovarianceSums covariance(WorkSpec spec) {
        int shards = rows.shards(Part.TRAIN);
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
        return rows.cluster().run(what, () -> rows.rdd()
                .treeAggregate(
                        new TreeSum<T>(rows.shards(Part.TRAIN)),
                        (sum, partition) -> {
                            sum.merge(ofPartition.call(partition));
                            return sum;
                        },
                        (left, right) -> {
                            left.merge(right);
                            return left;
                        })
                .total());
    }
}
