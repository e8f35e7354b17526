package io.treegrad.spark;

import io.treegrad.data.FeatureBlocks;
import io.treegrad.data.Part;
import io.treegrad.data.RowCounts;
import io.treegrad.data.Rows;
import io.treegrad.data.Sampling;
import io.treegrad.data.Shape;
import io.treegrad.data.ValueBins;
import io.treegrad.worker.PartitionShards;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the rows of a data set are like. Seen in the job that reads them: each task counts the rows of each class, takes a hash
 * of each row, and brings some training rows to the driver, evenly spaced ones of each shard, which counts their values. So it
 * costs no job of its own, what the driver does takes about as long however many rows there are, and the survey is the same on
 * any cluster.
 */
public final class DataSurvey {
    private static final int SAMPLED_ROWS = 4096;
    private static final int MOST_VALUES = 1 << 22;
    private static final int ROWS_FOR_BINS = 256;
    private static final long MOST_HASHES = 1_000_000;
    private static final int BITS_OF_A_NUMBER = 64;

    /** In one partition. */
    private static final class Seen implements Serializable {
        private static final long serialVersionUID = 1;

        private final ArrayList<Rows> sample = new ArrayList<>();
        private final EnumMap<Part, long[]> rowsOfClass = new EnumMap<>(Part.class);
        private final EnumMap<Part, long[]> hashes = new EnumMap<>(Part.class);
    }

    private final Shape shape;
    private final int classes;
    private final Map<Part, String> rowsSha256;
    private final List<Seen> seen;
    private final long[] testHashes;

    private DataSurvey(Shape shape, int classes, DistributedRows.Loaded<Seen> loaded) {
        this.shape = shape;
        this.classes = classes;
        this.rowsSha256 = loaded.rowsSha256();
        this.seen = loaded.seen();
        this.testHashes = hashes(Part.TEST);
    }

    /**
     * Loads the rows, see {@link DistributedRows#load}.
     *
     * @param shape of a row
     * @param classes how many there are; one where numbers are to be predicted
     * @throws io.treegrad.common.UserError if they are refused
     */
    public static DataSurvey load(DistributedRows rows, Shape shape, int classes) {
        int sampled = Math.max(1, Math.min(SAMPLED_ROWS, MOST_VALUES / shape.features()));
        int shards = rows.shards(Part.TRAIN);
        int ofShard = (sampled + shards - 1) / shards;
        boolean compares = rows.has(Part.TEST) && rows.ofBytes(Part.TEST) == rows.ofBytes(Part.TRAIN);
        long hashed = compares ? rows.rows(Part.TRAIN) + rows.rows(Part.TEST) : 0;
        // the same share of both parts: equal rows are in both or in none
        long everyHash = compares ? 1 + hashed / MOST_HASHES : 0;
        return new DataSurvey(shape, classes, rows.load(partition -> look(partition, classes, ofShard, everyHash)));
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

    /** SHA-256 of the rows of each part, which does not depend on the partitions. */
    public Map<Part, String> rowsSha256() {
        return rowsSha256;
    }

    /** How many rows of a part have each label; of all its rows. */
    public long[] rowsOfClass(Part part) {
        long[] sums = new long[classes];
        for (Seen one : seen) {
            long[] counts = one.rowsOfClass.get(part);
            Arrays.setAll(sums, label -> sums[label] + counts[label]);
        }
        return sums;
    }

    /**
     * Counts the training rows that were brought.
     *
     * @param reference to compare them with
     */
    public RowCounts counts(Optional<RowCounts.Reference> reference) {
        List<Rows> sample = seen.stream().flatMap(one -> one.sample.stream()).toList();
        ValueBins bins = bins(shape, sample);
        RowCounts counts = sample.parallelStream()
                .collect(() -> new RowCounts(bins, classes, reference), RowCounts::count, RowCounts::add);
        counts.finish();
        return counts;
    }

    /** How many test rows were looked for among the training rows. */
    public long comparedTestRows() {
        return testHashes.length;
    }

    /** How many of them were found there. */
    public long duplicates() {
        return found(testHashes, hashes(Part.TRAIN));
    }

    private static int rows(List<PartitionShards.Shard> shards) {
        return shards.stream().mapToInt(PartitionShards.Shard::count).sum();
    }

    private static ValueBins bins(Shape shape, List<Rows> sample) {
        List<float[]> rows = new ArrayList<>();
        int ofEach = Math.max(1, ROWS_FOR_BINS / sample.size());
        int[] features = new int[shape.features()];
        float[] nonZero = new float[shape.features()];
        for (Rows some : sample) {
            for (int row : Sampling.evenlySpaced(ofEach, some.count())) {
                float[] values = new float[shape.features()];
                int count = some.nonZero(row, features, nonZero);
                for (int i = 0; i < count; i++) {
                    values[features[i]] = nonZero[i];
                }
                rows.add(values);
            }
        }
        return ValueBins.deciles(new FeatureBlocks(shape), rows);
    }

    private long[] hashes(Part part) {
        return seen.stream()
                .flatMapToLong(one -> Arrays.stream(one.hashes.get(part)))
                .toArray();
    }

    /** How many of the first numbers, which are hashes, are among the others. */
    static long found(long[] numbers, long[] others) {
        if (numbers.length == 0) {
            return 0;
        }
        // few of the others share their first bits with a number: only those are sorted
        int shift = Long.numberOfLeadingZeros((long) numbers.length * BITS_OF_A_NUMBER);
        BitSet firstBits = new BitSet();
        for (long number : numbers) {
            firstBits.set((int) (number >>> shift));
        }
        long[] candidates = new long[others.length];
        int count = 0;
        for (long other : others) {
            candidates[count] = other;
            count += firstBits.get((int) (other >>> shift)) ? 1 : 0;
        }
        Arrays.sort(candidates, 0, count);
        long found = 0;
        for (long number : numbers) {
            found += Arrays.binarySearch(candidates, 0, count, number) >= 0 ? 1 : 0;
        }
        return found;
    }
}
