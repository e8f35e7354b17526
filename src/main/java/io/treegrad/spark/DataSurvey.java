package io.treegrad.spark;

import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.Part;
import io.treegrad.data.RowCounts;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import io.treegrad.data.ValueBins;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;

/**
 * What the rows of a data set are like, counted where they are: in two Spark jobs, the first of which looks at some
 * training rows to choose the bins of the histograms.
 *
 * @param train counts of the training rows
 * @param rowsOfClass of each part
 * @param comparedTestRows how many test rows were looked for among the training rows
 * @param duplicates how many of them were found there
 */
public record DataSurvey(RowCounts train, Map<Part, long[]> rowsOfClass, long comparedTestRows, long duplicates) {
    private static final int SAMPLED_ROWS = 256;
    private static final int MOST_COMPARED = 4_000_000;

    /** From one partition, before the bins are known. */
    private static final class Sample implements Serializable {
        private static final long serialVersionUID = 1;

        private final List<float[]> trainRows;
        private final long[] testHashes;

        Sample(List<float[]> trainRows, long[] testHashes) {
            this.trainRows = trainRows;
            this.testHashes = testHashes;
        }
    }

    /** From one partition, or from several. */
    private record Counted(RowCounts train, EnumMap<Part, long[]> rowsOfClass, BitSet found) implements Serializable {
        Counted add(Counted other) {
            train.add(other.train);
            other.rowsOfClass.forEach((part, counts) -> rowsOfClass.merge(part, counts, Counted::sum));
            found.or(other.found);
            return this;
        }

        private static long[] sum(long[] left, long[] right) {
            Arrays.setAll(left, label -> left[label] + right[label]);
            return left;
        }
    }

    /**
     * Counts all rows.
     *
     * @param shape of a row, and {@code classes} of all
     * @param reference to compare the training rows with
     */
    public static DataSurvey of(
            DistributedRows rows, Shape shape, int classes, Optional<RowCounts.Reference> reference) {
        int rowsOfShard = Math.max(1, SAMPLED_ROWS / rows.shards(Part.TRAIN));
        long stride = rows.has(Part.TEST) ? 1 + (rows.rows(Part.TEST) - 1) / MOST_COMPARED : 1;
        rows.cluster().describeJobs("Look at the data");
        try {
            List<Sample> samples = rows.rdd()
                    .map(partition -> sample(partition.shards(), rowsOfShard, stride))
                    .collect();
            List<float[]> sampled = samples.stream()
                    .flatMap(sample -> sample.trainRows.stream())
                    .toList();
            long[] hashes = samples.stream()
                    .flatMapToLong(sample -> Arrays.stream(sample.testHashes))
                    .sorted()
                    .toArray();
            ValueBins bins = ValueBins.deciles(new FeatureBlocks(shape), sampled);
            Broadcast<long[]> sought = rows.context().broadcast(hashes);
            Broadcast<RowCounts.Reference> compared = rows.context().broadcast(reference.orElse(null));
            try {
                Counted counted = rows.rdd()
                        .map(partition -> count(partition.shards(), bins, classes, compared.value(), sought.value()))
                        .reduce(Counted::add);
                counted.train.finish();
                return new DataSurvey(counted.train, counted.rowsOfClass, hashes.length, counted.found.cardinality());
            } finally {
                sought.destroy();
                compared.destroy();
            }
        } catch (Exception e) {
            throw rows.cluster().unwrapped(e);
        }
    }

    /** Evenly spaced rows of each shard, so that they are the same whichever partition holds it. */
    private static Sample sample(PartitionShards shards, int rowsOfShard, long stride) {
        List<float[]> train = new ArrayList<>();
        for (PartitionShards.Shard shard : shards.of(Part.TRAIN)) {
            int wanted = Math.min(rowsOfShard, shard.count());
            for (int i = 0; i < wanted; i++) {
                float[] values = new float[shard.rows().features()];
                int row = shard.position((int) ((long) i * shard.count() / wanted));
                shard.rows().scaleInto(row, Scaling.none(), values, 0);
                train.add(values);
            }
        }
        List<Long> hashes = new ArrayList<>();
        for (PartitionShards.Shard shard : shards.of(Part.TEST)) {
            for (long i = 0; i < shard.count(); i += stride) {
                hashes.add(RowCounts.hash(shard.rows(), shard.position((int) i)));
            }
        }
        return new Sample(train, hashes.stream().mapToLong(Long::longValue).toArray());
    }

    private static Counted count(
            PartitionShards shards, ValueBins bins, int classes, RowCounts.Reference reference, long[] sought) {
        RowCounts train = new RowCounts(bins, classes, Optional.ofNullable(reference));
        EnumMap<Part, long[]> rowsOfClass = new EnumMap<>(Part.class);
        BitSet found = new BitSet(sought.length);
        for (Part part : Part.values()) {
            long[] counts = new long[classes];
            for (PartitionShards.Shard shard : shards.of(part)) {
                for (int i = 0; i < shard.count(); i++) {
                    int row = shard.position(i);
                    counts[classes == 1 ? 0 : shard.rows().label(row)]++;
                    if (part == Part.TRAIN) {
                        train.count(shard.rows(), row);
                        mark(sought, RowCounts.hash(shard.rows(), row), found);
                    }
                }
            }
            rowsOfClass.put(part, counts);
        }
        return new Counted(train, rowsOfClass, found);
    }

    /** Marks all places of a number among ascending ones. */
    private static void mark(long[] ascending, long number, BitSet found) {
        int at = Arrays.binarySearch(ascending, number);
        for (int i = at; i >= 0 && ascending[i] == number; i--) {
            found.set(i);
        }
        for (int i = at; i >= 0 && i < ascending.length && ascending[i] == number; i++) {
            found.set(i);
        }
    }
}
