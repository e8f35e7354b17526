package io.treegrad.training;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.commons.math3.stat.inference.AlternativeHypothesis;
import org.apache.commons.math3.stat.inference.BinomialTest;

/**
 * How a new model and the champion classify the same rows, class by class. Rows that both have right, or both have wrong,
 * tell nothing about which of them is better, and are not counted apart.
 */
public final class PairedCounts implements Serializable {
    private static final long serialVersionUID = 1;

    /** {@code [class]}. */
    private final long[] rows;
    /** Rows that only the champion has right. {@code [class]} */
    private final long[] lost;
    /** Rows that only the new model has right. {@code [class]} */
    private final long[] gained;
    /** Rows that the champion has right. {@code [class]} */
    private final long[] championRight;

    public PairedCounts(int classes) {
        rows = new long[classes];
        lost = new long[classes];
        gained = new long[classes];
        championRight = new long[classes];
    }

    /** Counts one row. */
    public void count(int label, boolean isRight, boolean championIsRight) {
        rows[label]++;
        lost[label] += championIsRight && !isRight ? 1 : 0;
        gained[label] += isRight && !championIsRight ? 1 : 0;
        championRight[label] += championIsRight ? 1 : 0;
    }

    /** Adds other rows to these; returns this. */
    public PairedCounts add(PairedCounts others) {
        addTo(rows, others.rows);
        addTo(lost, others.lost);
        addTo(gained, others.gained);
        addTo(championRight, others.championRight);
        return this;
    }

    private static void addTo(long[] sums, long[] values) {
        Arrays.setAll(sums, i -> sums[i] + values[i]);
    }

    /** Rows that only the champion has right. */
    public long lost() {
        return Arrays.stream(lost).sum();
    }

    /** Rows that only the new model has right. */
    public long gained() {
        return Arrays.stream(gained).sum();
    }

    /** Of one class only. */
    public PairedCounts ofClass(int label) {
        PairedCounts one = new PairedCounts(1);
        one.rows[0] = rows[label];
        one.lost[0] = lost[label];
        one.gained[0] = gained[label];
        one.championRight[0] = championRight[label];
        return one;
    }

    /**
     * How likely the new model would look so much worse by chance alone, if it were worse by the tolerance and no more:
     * McNemar's exact test, one-sided, after as many lost rows as the tolerance allows are taken out.
     *
     * @param tolerance share of all rows that the new model may have wrong in addition
     */
    public double chanceOfLoss(double tolerance) {
        long allowed = (long) Math.floor(tolerance * Arrays.stream(rows).sum());
        int excess = Math.toIntExact(Math.max(0, lost() - allowed));
        int trials = Math.toIntExact(excess + gained());
        return trials == 0
                ? 1
                : new BinomialTest().binomialTest(trials, excess, 0.5, AlternativeHypothesis.GREATER_THAN);
    }

    /**
     * The first class that the champion recognises, in at least half of its rows, and the new model in less than half as
     * many; -1 if there is none. A class may be too small to show in an accuracy, and is missed all the same.
     */
    public int lostClass() {
        for (int label = 0; label < rows.length; label++) {
            long right = championRight[label] - lost[label] + gained[label];
            if (2 * championRight[label] >= rows[label] && 2 * right < championRight[label]) {
                return label;
            }
        }
        return -1;
    }
}
