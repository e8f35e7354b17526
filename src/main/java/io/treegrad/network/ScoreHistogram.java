package io.treegrad.network;

/**
 * How the scores of the rows of two classes lie in [0, 1]: weights for each class in bins of equal width, which add up
 * whatever rows they are of. A score is the probability of class 1.
 *
 * <p>The area under the ROC curve is the share of pairs, one row of each class, in which the row of class 1 has the
 * higher score; a tie counts half. A histogram knows the order of two scores of different bins and takes two of the same
 * bin for a tie (a straight line of the curve, the trapezoid rule), so its area differs from the exact one by at most
 * half the share of pairs within one bin: {@link #largestError()}.
 */
public final class ScoreHistogram implements Sum<ScoreHistogram> {
    static final int BINS = 1024;

    private static final long serialVersionUID = 1;

    /** Weights of the rows of class 0, and of class 1, by bin. */
    private final double[] zeros = new double[BINS];

    private final double[] ones = new double[BINS];

    /** @param score 0 to 1; what is no number counts as 0 */
    void count(int label, double score, double weight) {
        int bin = Math.min(BINS - 1, (int) (score * BINS));
        (label == 1 ? ones : zeros)[bin] += weight;
    }

    @Override
    public void add(ScoreHistogram other) {
        for (int bin = 0; bin < BINS; bin++) {
            zeros[bin] += other.zeros[bin];
            ones[bin] += other.ones[bin];
        }
    }

    /** Area under the ROC curve; NaN unless there are rows of both classes. */
    public double areaUnderCurve() {
        double pairsInOrder = 0;
        double zerosBelow = 0;
        for (int bin = 0; bin < BINS; bin++) {
            pairsInOrder += ones[bin] * (zerosBelow + 0.5 * zeros[bin]);
            zerosBelow += zeros[bin];
        }
        return Math.min(1, pairsInOrder / pairs()); // a sum of rounded products, which may be more
    }

    /** How far the area may be from that of the scores themselves; NaN unless there are rows of both classes. */
    public double largestError() {
        double undecided = 0;
        for (int bin = 0; bin < BINS; bin++) {
            undecided += 0.5 * ones[bin] * zeros[bin];
        }
        return undecided / pairs();
    }

    private double pairs() {
        return total(zeros) * total(ones);
    }

    private static double total(double[] counts) {
        double total = 0;
        for (double count : counts) {
            total += count;
        }
        return total;
    }
}
