package io.treegrad.spark;

import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.Part;
import io.treegrad.data.RowCounts;
import io.treegrad.data.Rows;
import io.treegrad.data.Sampling;
import io.treegrad.data.Scaling;
import io.treegrad.data.Shape;
import io.treegrad.data.ValueBins;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the rows of a data set are like. One Spark job counts the rows of each class, takes a hash of each row, and brings some
 * training rows to the driver, evenly spaced ones of each shard; of these the driver counts the values. So what the driver does
 * costs about the same however many rows there are, and the survey is the same on any cluster.
 *
 * @param train counts of the training rows that were brought
 * @param rowsOfClass of each part, of all rows
 * @param comparedTestRows how many test rows were looked for among the training rows
 * @param duplicates how many of them were found there
 */
public record DataSurvey(RowCounts train, Map<Part, long[]> rowsOfClass, long comparedTestRows, long duplicates) {
    private static final int SAMPLED_ROWS = 4096;
    private static final int MOST_VALUES = 1 << 22;
    private static final int ROWS_FOR_BINS = 256;
    private static final long MOST_HASHES = 1_000_000;

    /** From one partition. */
    private static final class Seen implements Serializable {
        private static final long serialVersionUID = 1;

        private final ArrayList<Rows> sample = new ArrayList<>();
        private final EnumMap<Part, long[]> rowsOfClass = new EnumMap<>(Part.class);
        private final EnumMap<Part, long[]> hashes = new EnumMap<>(Part.class);
    }

    /**
     * Looks at the rows.
     *
     * @param shape of a row, and {@code classes} of all; a single class for numbers to predict
     * @param reference to compare the training rows with
     */
    public static DataSurvey of(
            DistributedRows rows, Shape shape, int classes, Optional<RowCounts.Reference> reference) {
        int sampled = Math.max(1, Math.min(SAMPLED_ROWS, MOST_VALUES / shape.features()));
        int shards = rows.shards(Part.TRAIN);
        int ofShard = (sampled + shards - 1) / shards;
        boolean compares = rows.has(Part.TEST) && rows.ofBytes(Part.TEST) == rows.ofBytes(Part.TRAIN);
        long hashed = compares ? rows.rows(Part.TRAIN) + rows.rows(Part.TEST) : 0;
        // the same share of both parts: equal rows are in both or in none
        long everyHash = compares ? 1 + hashed / MOST_HASHES : 0;
        rows.cluster().describeJobs("Look at the data");
        try {
            List<Seen> seen = rows.rdd()
                    .map(partition -> look(partition.shards(), classes, ofShard, everyHash))
                    .collect();
            List<Rows> sample =
                    seen.stream().flatMap(one -> one.sample.stream()).toList();
            RowCounts counts = new RowCounts(bins(shape, sample), classes, reference);
            for (Rows some : sample) {
                for (int row = 0; row < some.count(); row++) {
                    counts.count(some, row);
                }
            }
            counts.finish();
            long[] test = hashes(seen, Part.TEST);
            Map<Part, long[]> rowsOfClass = new EnumMap<>(Part.class);
            for (Seen one : seen) {
                one.rowsOfClass.forEach((part, some) -> rowsOfClass.merge(part, some, DataSurvey::sum));
            }
            return new DataSurvey(counts, rowsOfClass, test.length, found(test, hashes(seen, Part.TRAIN)));
        } catch (Exception e) {
            throw rows.cluster().unwrapped(e);
        }
    }

    private static Seen look(PartitionShards shards, int classes, int ofShard, long everyHash) {
        Seen seen = new Seen();
        for (Part part : Part.values()) {
            long[] counts = new long[classes];
            boolean compared = everyHash > 0 && part != Part.VALIDATION;
            long[] hashes = new long[compared ? rows(shards.of(part)) : 0];
            int kept = 0;
            for (PartitionShards.Shard shard : shards.of(part)) {
                for (int i = 0; i < shard.count(); i++) {
                    counts[classes == 1 ? 0 : shard.rows().label(shard.position(i))]++;
                    if (compared) {
                        hashes[kept] = shard.rows().valuesHash(shard.position(i));
                        kept += Long.remainderUnsigned(hashes[kept], everyHash) == 0 ? 1 : 0;
                    }
                }
                if (part == Part.TRAIN) {
                    int[] chosen = Sampling.evenlySpaced(ofShard, shard.count());
                    Arrays.setAll(chosen, i -> shard.position(chosen[i]));
                    seen.sample.add(shard.rows().select(chosen));
                }
            }
            seen.rowsOfClass.put(part, counts);
            seen.hashes.put(part, Arrays.copyOf(hashes, kept));
        }
        return seen;
    }

    private static int rows(List<PartitionShards.Shard> shards) {
        return shards.stream().mapToInt(PartitionShards.Shard::count).sum();
    }

    private static ValueBins bins(Shape shape, List<Rows> sample) {
        List<float[]> rows = new ArrayList<>();
        int ofEach = Math.max(1, ROWS_FOR_BINS / sample.size());
        for (Rows some : sample) {
            for (int row : Sampling.evenlySpaced(ofEach, some.count())) {
                float[] values = new float[shape.features()];
                some.scaleInto(row, Scaling.none(), values, 0);
                rows.add(values);
            }
        }
        return ValueBins.deciles(new FeatureBlocks(shape), rows);
    }

    private static long[] hashes(List<Seen> seen, Part part) {
        return seen.stream()
                .flatMapToLong(one -> Arrays.stream(one.hashes.get(part)))
                .sorted()
                .toArray();
    }

    /** How many of the first numbers are among the others; both ascending. */
    private static long found(long[] numbers, long[] others) {
        long found = 0;
        for (int i = 0, j = 0; i < numbers.length && j < others.length; ) {
            if (numbers[i] == others[j]) {
                found++;
                i++;
            } else if (numbers[i] < others[j]) {
                i++;
            } else {
                j++;
            }
        }
        return found;
    }

    private static long[] sum(long[] left, long[] right) {
        Arrays.setAll(left, label -> left[label] + right[label]);
        return left;
    }
}
