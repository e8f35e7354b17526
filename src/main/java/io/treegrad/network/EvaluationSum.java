package io.treegrad.network;

import java.util.Optional;

/**
 * What a set of rows contributes to an evaluation, all as sums over those rows: losses, the confusion counts, and what
 * cannot be told from these. Who wants means divides by {@link #rows()}, once.
 */
public final class EvaluationSum implements Sum<EvaluationSum> {
    private static final long serialVersionUID = 1;

    /** Nearer to 0 and 1 no probability is taken to be, as in scikit-learn: it bounds the log-loss of a row at 34.5. */
    private static final double LEAST_PROBABILITY = 1e-15;

    private final int classes;
    private final boolean probabilities;
    /** {@code [label × predicted]}. */
    private final long[] confusion;
    /** Null unless two classes have probabilities. */
    private final ScoreHistogram scores;

    private double lossSum;
    private double logLossSum;
    private long inTopTwo;

    /** The sum over no rows. */
    public EvaluationSum(Network network) {
        classes = network.classes();
        probabilities = network.givesProbabilities();
        confusion = new long[classes * classes];
        scores = probabilities && classes == 2 ? new ScoreHistogram() : null;
    }

    void addLoss(double sum) {
        lossSum += sum;
    }

    /**
     * Counts the rows of a block, one after the other, so that no sum depends on where blocks begin.
     *
     * @param network the one that this sum was made for
     * @param outputs {@code a_L [rows × n_L]}
     */
    void addRows(Network network, float[] outputs, int[] labels, int rows) {
        for (int row = 0; row < rows; row++) {
            int label = labels[row];
            count(label, network.predicted(outputs, row));
            if (classes > 2 && isInTopTwo(outputs, row * classes, label)) {
                inTopTwo++;
            }
            if (probabilities) {
                double p = network.probability(outputs, row, label);
                logLossSum -= StrictMath.log(Math.min(Math.max(p, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY));
            }
            if (scores != null) {
                scores.count(label, network.probability(outputs, row, 1));
            }
        }
    }

    void count(int label, int predicted) {
        confusion[label * classes + predicted]++;
    }

    /** Of equal outputs the first is the higher one, as in {@link Network#predicted}. */
    private boolean isInTopTwo(float[] outputs, int first, int label) {
        int higher = 0;
        float own = outputs[first + label];
        for (int j = 0; j < classes; j++) {
            float other = outputs[first + j];
            if (other > own || (other == own && j < label)) {
                higher++;
            }
        }
        return higher < 2;
    }

    @Override
    public void add(EvaluationSum other) {
        for (int i = 0; i < confusion.length; i++) {
            confusion[i] += other.confusion[i];
        }
        lossSum += other.lossSum;
        logLossSum += other.logLossSum;
        inTopTwo += other.inTopTwo;
        if (scores != null) {
            scores.add(other.scores);
        }
    }

    public int classes() {
        return classes;
    }

    /** Rows of class {@code label} that were taken for {@code predicted}. */
    public long confusion(int label, int predicted) {
        return confusion[label * classes + predicted];
    }

    public long correct() {
        long correct = 0;
        for (int label = 0; label < classes; label++) {
            correct += confusion(label, label);
        }
        return correct;
    }

    public long rows() {
        long rows = 0;
        for (long count : confusion) {
            rows += count;
        }
        return rows;
    }

    /** Rows of class {@code label}. */
    public long rowsOf(int label) {
        long rows = 0;
        for (int predicted = 0; predicted < classes; predicted++) {
            rows += confusion(label, predicted);
        }
        return rows;
    }

    /** Rows that were taken for {@code predicted}. */
    public long predictedAs(int predicted) {
        long rows = 0;
        for (int label = 0; label < classes; label++) {
            rows += confusion(label, predicted);
        }
        return rows;
    }

    /** Whether the outputs are probabilities; otherwise {@link #logLossSum} is 0 and there are no scores. */
    public boolean hasProbabilities() {
        return probabilities;
    }

    /** C of equation (3). */
    public double lossSum() {
        return lossSum;
    }

    /** {@code -ln p} of the true class, whatever the loss of the network; p at least 1e-15 from 0 and 1. */
    public double logLossSum() {
        return logLossSum;
    }

    /** Rows whose class has one of the two highest outputs, the first of equal ones being the higher; 0 for two classes. */
    public long inTopTwo() {
        return inTopTwo;
    }

    /** The probabilities of class 1; empty unless there are two classes that have probabilities. */
    public Optional<ScoreHistogram> scores() {
        return Optional.ofNullable(scores);
    }
}
