package io.treegrad.model;

import io.treegrad.common.Printable;
import io.treegrad.data.FeatureBlocks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How training rows differ from those of an earlier profile. Distributions are compared by the population stability index,
 * {@code sum (p - q) ln(p / q)} over the bins, less what chance explains for so few rows. By convention a drift below 0.1 is
 * small and one above 0.25 large.
 *
 * @param ofLabels of the shares of the classes
 * @param ofClass the largest drift of any block of features among the rows of one class, for each class that both have
 * @param ofBlock of the values of each block of features
 * @param differences sentences about what no drift measures: classes, constant features, values outside the range
 */
public record DataDrift(double ofLabels, Map<String, Double> ofClass, List<Double> ofBlock, List<String> differences) {
    /** Chance exceeds the mean of an index without drift by so many standard deviations almost never. */
    private static final double DEVIATIONS = 4;

    /** A class of which fewer rows were to be expected may be missing by chance. */
    private static final double EXPECTED_ROWS = 10;

    /** Of fewer rows of a class, chance decides what class they look like. */
    private static final long ENOUGH_ROWS = 30;

    /** A feature has to differ from 0, or to be 0, in this share of the rows to count as one that varies. */
    private static final double VARIES = 0.01;

    /** The share of rows that may be outside the range of a feature, beside what chance explains. */
    private static final double OUTSIDE = 0.01;

    private static final double RECORDS_BY_CHANCE = 10;

    /** Added to each count, so that an empty bin has a logarithm. */
    private static final double HALF = 0.5;

    /**
     * Compares rows with a profile of the same shape.
     *
     * @param now in the bins of {@code before}, see {@link DataProfile#likeReference}
     * @param outside in how many rows of now each feature is outside the range that it had before
     */
    public static DataDrift between(
            DataProfile before, List<String> labelsBefore, DataProfile now, List<String> labelsNow, long[] outside) {
        List<String> labels = new ArrayList<>(labelsBefore);
        labelsNow.stream().filter(label -> !labels.contains(label)).forEach(labels::add);
        long[] rowsBefore = labels.stream()
                .mapToLong(label -> rows(before, labelsBefore, label))
                .toArray();
        long[] rowsNow =
                labels.stream().mapToLong(label -> rows(now, labelsNow, label)).toArray();
        List<Double> ofBlock = new ArrayList<>();
        for (int block = 0; block < before.blocks().size(); block++) {
            ofBlock.add(drift(
                    total(before.blocks().get(block)),
                    before.rows(),
                    total(now.blocks().get(block)),
                    now.rows()));
        }
        Map<String, Double> ofClass = new LinkedHashMap<>();
        boolean byClass = countsClasses(before) && countsClasses(now);
        for (int i = 0; i < labels.size() && byClass; i++) {
            if (rowsBefore[i] > 0 && rowsNow[i] > 0) {
                ofClass.put(
                        labels.get(i),
                        ofBlocks(before, labelsBefore.indexOf(labels.get(i)), now, labelsNow.indexOf(labels.get(i)))
                                .max()
                                .orElse(0));
            }
        }
        List<String> differences = new ArrayList<>();
        addClasses(differences, labels, rowsBefore, before.rows(), rowsNow, now.rows());
        if (byClass) {
            addExchanged(differences, before, labelsBefore, now, labelsNow);
        }
        addConstants(differences, before, now);
        addOutside(differences, before, now, outside);
        return new DataDrift(
                drift(rowsBefore, before.rows(), rowsNow, now.rows()), ofClass, ofBlock, List.copyOf(differences));
    }

    private static long rows(DataProfile profile, List<String> labels, String label) {
        int at = labels.indexOf(label);
        return at < 0 ? 0 : profile.rowsOfClass().get(at);
    }

    private static boolean countsClasses(DataProfile profile) {
        return profile.blocks().get(0).counts().size() == profile.rowsOfClass().size();
    }

    /** The drift of each block of features between the rows of two classes. */
    private static DoubleStream ofBlocks(DataProfile before, int classBefore, DataProfile now, int classNow) {
        return IntStream.range(0, before.blocks().size())
                .mapToDouble(block -> drift(
                        array(before.blocks().get(block).counts().get(classBefore)),
                        before.countedOfClass().get(classBefore),
                        array(now.blocks().get(block).counts().get(classNow)),
                        now.countedOfClass().get(classNow)));
    }

    private static long[] total(DataProfile.Block block) {
        long[] total = new long[block.edges().size() + 1];
        for (List<Long> line : block.counts()) {
            for (int bin = 0; bin < total.length; bin++) {
                total[bin] += line.get(bin);
            }
        }
        return total;
    }

    private static long[] array(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * The index of two histograms of the same bins, less what chance explains; at least 0.
     *
     * @param rowsBefore and {@code rowsNow} of which the values are: values of one row are not independent
     */
    static double drift(long[] before, long rowsBefore, long[] now, long rowsNow) {
        long countBefore = sum(before);
        long countNow = sum(now);
        if (countBefore == 0 || countNow == 0) {
            return 0;
        }
        double index = 0;
        int bins = 0;
        for (int bin = 0; bin < before.length; bin++) {
            if (before[bin] + now[bin] > 0) {
                double p = (now[bin] + HALF) / (countNow + HALF * before.length);
                double q = (before[bin] + HALF) / (countBefore + HALF * before.length);
                index += (p - q) * Math.log(p / q);
                bins++;
            }
        }
        // without drift the index is distributed as chi-squared, times the sum of the inverse numbers of rows
        double freedom = bins - 1;
        double chance = (freedom + DEVIATIONS * Math.sqrt(2 * freedom)) * (1.0 / rowsBefore + 1.0 / rowsNow);
        return Math.max(0, index - chance);
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static void addClasses(
            List<String> differences, List<String> labels, long[] before, long allBefore, long[] now, long allNow) {
        for (int i = 0; i < labels.size(); i++) {
            if (now[i] == 0 && (double) before[i] / allBefore * allNow >= EXPECTED_ROWS) {
                differences.add("No training row has label %s, which %,d of %,d rows had before."
                        .formatted(Printable.plain(labels.get(i)), before[i], allBefore));
            } else if (changedByHalf(before[i], allBefore, now[i], allNow)) {
                differences.add("%.1f %% of the training rows have label %s, which %.1f %% had before."
                        .formatted(
                                100.0 * now[i] / allNow,
                                Printable.plain(labels.get(i)),
                                100.0 * before[i] / allBefore));
            } else if (before[i] == 0 && (double) now[i] / allNow * allBefore >= EXPECTED_ROWS) {
                differences.add("%,d of %,d training rows have label %s, which none had before."
                        .formatted(now[i], allNow, Printable.plain(labels.get(i))));
            }
        }
    }

    /** Whether a share has halved or doubled, and not by chance. */
    private static boolean changedByHalf(long before, long allBefore, long now, long allNow) {
        double expected = (double) before / allBefore * allNow;
        double deviation = Math.sqrt(expected * (1 + (double) allNow / allBefore));
        return before > 0
                && (now * 2 <= expected || now >= 2 * expected)
                && Math.abs(now - expected) > DEVIATIONS * Math.max(1, deviation);
    }

    /** A class whose rows look as those of another class did, as where labels are exchanged. */
    private static void addExchanged(
            List<String> differences,
            DataProfile before,
            List<String> labelsBefore,
            DataProfile now,
            List<String> labelsNow) {
        for (String label : labelsNow) {
            int own = labelsBefore.indexOf(label);
            boolean few = own < 0
                    || before.countedOfClass().get(own) < ENOUGH_ROWS
                    || now.countedOfClass().get(labelsNow.indexOf(label)) < ENOUGH_ROWS;
            double toOwn = few ? 0 : distance(before, own, now, labelsNow.indexOf(label));
            for (int other = 0; other < labelsBefore.size() && toOwn > 0; other++) {
                if (other != own && distance(before, other, now, labelsNow.indexOf(label)) < toOwn / 2) {
                    differences.add("The training rows with label %s are like those that had label %s before."
                            .formatted(Printable.plain(label), Printable.plain(labelsBefore.get(other))));
                    break;
                }
            }
        }
    }

    /** The sum of the drifts of all blocks; infinite from a class that had no rows, which none can be like. */
    private static double distance(DataProfile before, int classBefore, DataProfile now, int classNow) {
        return before.countedOfClass().get(classBefore) == 0
                ? Double.POSITIVE_INFINITY
                : ofBlocks(before, classBefore, now, classNow).sum();
    }

    private static void addConstants(List<String> differences, DataProfile before, DataProfile now) {
        List<Integer> constant = new ArrayList<>();
        for (int feature = 0; feature < before.nonZero().size(); feature++) {
            double share = (double) before.nonZero().get(feature) / before.counted();
            boolean byChance = share < 1 && share * Math.min(before.counted(), now.counted()) < EXPECTED_ROWS;
            boolean varied = !before.isConstant(feature)
                    && !byChance
                    && (share == 1 || (share >= VARIES && share <= 1 - VARIES));
            if (varied && now.isConstant(feature)) {
                constant.add(feature);
            }
        }
        if (!constant.isEmpty()) {
            int first = constant.get(0);
            differences.add(
                    "%s the same value in all training rows that were looked at: %s is %s, and was from %s to %s before."
                            .formatted(
                                    constant.size() == 1 ? "One feature has" : constant.size() + " features have",
                                    "feature " + (first + 1),
                                    now.least().get(first),
                                    before.least().get(first),
                                    before.greatest().get(first)));
        }
    }

    private static void addOutside(List<String> differences, DataProfile before, DataProfile now, long[] outside) {
        double most = now.counted() * (OUTSIDE + RECORDS_BY_CHANCE / before.counted());
        int features = 0;
        int worst = 0;
        for (int feature = 0; feature < outside.length; feature++) {
            features += outside[feature] > most ? 1 : 0;
            worst = outside[feature] > outside[worst] ? feature : worst;
        }
        if (features > 0) {
            differences.add(
                    "%s had before: feature %d in %,d of %,d training rows that were looked at, from %s to %s, before from %s to %s."
                            .formatted(
                                    features == 1
                                            ? "One feature has values outside the range that it"
                                            : features + " features have values outside the range that each",
                                    worst + 1,
                                    outside[worst],
                                    now.counted(),
                                    now.least().get(worst),
                                    now.greatest().get(worst),
                                    before.least().get(worst),
                                    before.greatest().get(worst)));
        }
    }

    /** The largest of all; 0 if there is none. */
    public double largest() {
        double largest = ofLabels;
        for (double drift : ofBlock) {
            largest = Math.max(largest, drift);
        }
        for (double drift : ofClass.values()) {
            largest = Math.max(largest, drift);
        }
        return largest;
    }

    /** What has drifted most, for messages. */
    public String mostDrifted(FeatureBlocks blocks) {
        double largest = largest();
        if (ofLabels == largest) {
            return "the shares of the classes";
        }
        int block = ofBlock.indexOf(largest);
        return block >= 0
                ? "the values of " + blocks.name(block)
                : "the values of the rows with label "
                        + Printable.plain(Collections.max(ofClass.entrySet(), Map.Entry.comparingByValue())
                                .getKey());
    }
}
