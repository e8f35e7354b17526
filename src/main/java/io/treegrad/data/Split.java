package io.treegrad.data;

import io.treegrad.common.UserError;
import io.treegrad.network.SplitMix64;
import java.util.Arrays;

/**
 * Which rows of a source are for training, validation and test: three disjoint sets that together hold every row. All
 * splits are pure functions of their arguments, so that a resumed run has the same rows. Validation and test may be
 * empty, training may not.
 */
public record Split(RowSet train, RowSet validation, RowSet test) {
    /** How far the sum of three decimal fractions may be from 1. */
    private static final double ROUNDING = 1e-6;

    /** Keeps the streams of this class apart from those of other users of the same seed. */
    private static final long STREAM = 0x53504C4954L; // "SPLIT"

    /** The last {@code count} of the rows are for validation, the others for training. */
    public static Split validationRows(long rows, long count) {
        if (count < 0 || count >= rows) {
            throw wrong("validation-rows", Long.toString(count), "0 to " + (rows - 1) + " of the " + rows + " rows");
        }
        return new Split(RowSet.range(0, rows - count), RowSet.range(rows - count, rows), RowSet.range(0, 0));
    }

    /** The last rows, this fraction of them rounded to the nearest row, are for validation. */
    public static Split validationFraction(long rows, double fraction) {
        if (!(fraction >= 0 && fraction < 1) || Math.round(fraction * rows) >= rows) {
            throw wrong("validation-fraction", Double.toString(fraction), "at least 0 and below 1");
        }
        return validationRows(rows, Math.round(fraction * rows));
    }

    /** As {@link #stratified(int[], int, int, int, long)}, the parts given as fractions that add up to 1. */
    static Split stratifiedFractions(int[] labels, double train, double validation, double test, long seed) {
        int[] counts = counts(labels.length, train, validation, test);
        return stratified(labels, counts[0], counts[1], counts[2], seed);
    }

    /**
     * Three parts of exactly these numbers of rows. In each part every class has its share of all rows, exact to one
     * row. The seed decides which rows of a class go where.
     *
     * @param labels of all rows, from 0; the three counts add up to their number
     */
    static Split stratified(int[] labels, int train, int validation, int test, long seed) {
        int[] counts = checked(new int[] {train, validation, test}, labels.length);
        int classes = Arrays.stream(labels).max().orElse(0) + 1;
        int[] rowsOfClass = new int[classes];
        for (int label : labels) {
            rowsOfClass[label]++;
        }
        int[][] quotas = new StratifiedQuotas(rowsOfClass, counts).table();
        int[][] parts = new int[classes][];
        for (int label = 0; label < classes; label++) {
            int[] parting = new int[rowsOfClass[label]];
            Arrays.fill(parting, quotas[label][0], quotas[label][0] + quotas[label][1], 1);
            Arrays.fill(parting, quotas[label][0] + quotas[label][1], parting.length, 2);
            shuffle(parting, new SplitMix64(SplitMix64.mix(seed, STREAM, label)));
            parts[label] = parting;
        }
        int[] partOf = new int[labels.length];
        int[] next = new int[classes];
        for (int row = 0; row < labels.length; row++) {
            partOf[row] = parts[labels[row]][next[labels[row]]++];
        }
        return of(partOf, counts);
    }

    private static Split of(int[] partOf, int[] counts) {
        RowSet[] sets = new RowSet[counts.length];
        for (int part = 0; part < counts.length; part++) {
            int[] members = new int[counts[part]];
            int next = 0;
            for (int row = 0; row < partOf.length; row++) {
                if (partOf[row] == part) {
                    members[next++] = row;
                }
            }
            sets[part] = RowSet.of(members);
        }
        return new Split(sets[0], sets[1], sets[2]);
    }

    private static int[] counts(int rows, double train, double validation, double test) {
        String value = train + "," + validation + "," + test;
        if (!(train > 0 && validation >= 0 && test >= 0)) {
            throw wrong("split", value, "three fractions that are not negative, the first above 0");
        }
        if (!(Math.abs(train + validation + test - 1) <= ROUNDING)) {
            throw wrong("split", value, "three fractions that add up to 1");
        }
        int first = Math.toIntExact(Math.round(train * rows));
        int second = Math.min(rows, Math.toIntExact(Math.round((train + validation) * rows)));
        return checked(new int[] {first, second - first, rows - second}, rows);
    }

    private static int[] checked(int[] counts, long rows) {
        String value = counts[0] + "," + counts[1] + "," + counts[2];
        if (counts[0] < 1 || counts[1] < 0 || counts[2] < 0) {
            throw wrong("split", value, "parts that are not negative and at least one training row");
        }
        if ((long) counts[0] + counts[1] + counts[2] != rows) {
            throw wrong("split", value, "parts that add up to the " + rows + " rows");
        }
        return counts;
    }

    private static void shuffle(int[] values, SplitMix64 random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }

    private static UserError wrong(String setting, String value, String expected) {
        return new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        setting + " is " + value + ", expected " + expected + "; change it or the data.")
                .fixedBy(setting);
    }
}
