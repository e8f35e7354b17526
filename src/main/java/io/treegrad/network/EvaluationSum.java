package io.treegrad.network;

import java.util.Optional;

/**
 * What a set of rows contributes to an evaluation, all as sums over those rows: losses, the confusion counts, and what
 * cannot be told from these. Each row counts by its weight. Who wants means divides by {@link #weight()}, or losses by
 * {@link #lossWeight()}, once.
 */
public final class EvaluationSum implements Sum<EvaluationSum> {
    private static final long serialVersionUID = 1;

    /** Nearer to 0 and 1 no probability is taken to be, as in scikit-learn: it bounds the log-loss of a row at 34.5. */
    private static final double LEAST_PROBABILITY = 1e-15;

    private final int classes;
    private final boolean probabilities;
    /** Rows.   {@code [label × predicted]} */
    private final long[] confusion;
    /** Null unless two classes have probabilities. */
    private final ScoreHistogram scores;
    /** Null unless the network predicts numbers. */
    private final ErrorSum errors;

    /** Weights of the rows that {@link #confusion} counts; null where all are 1.   {@code [label × predicted]} */
    private double[] weights;

    private long rows;
    private double weight;
    private double lossSum;
    private double lossWeight;
    private double logLossSum;
    private double inTopTwo;

    /** The sum over no rows. */
    public EvaluationSum(Network network) {
        classes = network.classes();
        probabilities = classes > 0 && network.givesProbabilities();
        confusion = new long[classes * classes];
        scores = probabilities && classes == 2 ? new ScoreHistogram() : null;
        errors = network.task() == Task.REGRESSION ? new ErrorSum() : null;
    }

    void addLoss(double sum, double weightOfLosses) {
        lossSum += sum;
        lossWeight += weightOfLosses;
    }

    /**
     * Counts the rows of a block, one after the other, so that no sum depends on where blocks begin.
     *
     * @param network the one that this sum was made for
     * @param outputs {@code a_L [rows × n_L]}
     */
    void addRows(Network network, float[] outputs, Batch batch) {
        if (batch.weights() != null && weights == null) {
            weights = new double[confusion.length];
        }
        for (int row = 0; row < batch.rows(); row++) {
            double rowWeight = batch.weights() == null ? 1 : batch.weights()[row];
            if (errors != null) {
                rows++;
                weight += rowWeight;
                errors.count(batch.targets()[row], network.number(outputs, row), rowWeight);
            } else {
                addLabelled(network, outputs, row, (int) batch.targets()[row], rowWeight);
            }
        }
    }

    void count(int label, int predicted, double rowWeight) {
        rows++;
        weight += rowWeight;
        confusion[label * classes + predicted]++;
        if (weights != null) {
            weights[label * classes + predicted] += rowWeight;
        }
    }

    private void addLabelled(Network network, float[] outputs, int row, int label, double rowWeight) {
        count(label, network.predicted(outputs, row), rowWeight);
        if (classes > 2 && isInTopTwo(outputs, row * classes, label)) {
            inTopTwo += rowWeight;
        }
        if (probabilities) {
            double p = network.probability(outputs, row, label);
            logLossSum -= rowWeight * StrictMath.log(Math.min(Math.max(p, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY));
        }
        if (scores != null) {
            scores.count(label, network.probability(outputs, row, 1), rowWeight);
        }
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
        if (other.weights != null) {
            weights = weights == null ? new double[confusion.length] : weights;
            for (int i = 0; i < confusion.length; i++) {
                weights[i] += other.weights[i];
            }
        }
        rows += other.rows;
        weight += other.weight;
        lossSum += other.lossSum;
        lossWeight += other.lossWeight;
        logLossSum += other.logLossSum;
        inTopTwo += other.inTopTwo;
        if (scores != null) {
            scores.add(other.scores);
        }
        if (errors != null) {
            errors.add(other.errors);
        }
    }

    /** 0 for a network that predicts numbers. */
    public int classes() {
        return classes;
    }

    /** Rows of class {@code label} that were taken for {@code predicted}. */
    public long confusion(int label, int predicted) {
        return confusion[label * classes + predicted];
    }

    /** The sum of their weights. */
    public double confusionWeight(int label, int predicted) {
        int cell = label * classes + predicted;
        return weights == null ? confusion[cell] : weights[cell];
    }

    /** Rows that were classified correctly. */
    public long correct() {
        long correct = 0;
        for (int label = 0; label < classes; label++) {
            correct += confusion(label, label);
        }
        return correct;
    }

    public double correctWeight() {
        double correct = 0;
        for (int label = 0; label < classes; label++) {
            correct += confusionWeight(label, label);
        }
        return Math.min(weight, correct); // added in another order, so that it may be rounded to more
    }

    public long rows() {
        return rows;
    }

    /** Sum of the weights of the rows: their number where each counts as one. */
    public double weight() {
        return weight;
    }

    /** Rows of class {@code label}. */
    public long rowsOf(int label) {
        long ofLabel = 0;
        for (int predicted = 0; predicted < classes; predicted++) {
            ofLabel += confusion(label, predicted);
        }
        return ofLabel;
    }

    public double weightOf(int label) {
        double ofLabel = 0;
        for (int predicted = 0; predicted < classes; predicted++) {
            ofLabel += confusionWeight(label, predicted);
        }
        return ofLabel;
    }

    /** Weight of the rows that were taken for {@code predicted}. */
    public double weightPredictedAs(int predicted) {
        double taken = 0;
        for (int label = 0; label < classes; label++) {
            taken += confusionWeight(label, predicted);
        }
        return taken;
    }

    /** Whether the outputs are probabilities; otherwise {@link #logLossSum} is 0 and there are no scores. */
    public boolean hasProbabilities() {
        return probabilities;
    }

    /** C of equation (3). */
    public double lossSum() {
        return lossSum;
    }

    /** By what to divide {@link #lossSum} for the mean: the sum of the weights of the losses. */
    public double lossWeight() {
        return lossWeight;
    }

    /** {@code -ln p} of the true class by the weights of the rows, whatever the loss; p at least 1e-15 from 0 and 1. */
    public double logLossSum() {
        return logLossSum;
    }

    /** Weight of the rows whose class has one of the two highest outputs, the first of equal ones; 0 for two classes. */
    public double inTopTwo() {
        return inTopTwo;
    }

    /** The probabilities of class 1; empty unless there are two classes that have probabilities. */
    public Optional<ScoreHistogram> scores() {
        return Optional.ofNullable(scores);
    }

    /** Empty unless the network predicts numbers. */
    public Optional<ErrorSum> errors() {
        return Optional.ofNullable(errors);
    }
}
