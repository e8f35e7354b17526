package io.treegrad.network;

/** What a set of rows contributes to an evaluation: loss and confusion counts, as sums over those rows. */
public final class EvaluationSum implements Sum<EvaluationSum> {
    private static final long serialVersionUID = 1;

    private final int classes;
    private final long[] confusion;
    private double lossSum;

    public EvaluationSum(int classes) {
        this.classes = classes;
        this.confusion = new long[classes * classes];
    }

    void count(int label, int predicted) {
        confusion[label * classes + predicted]++;
    }

    void addLoss(double sum) {
        lossSum += sum;
    }

    @Override
    public void add(EvaluationSum other) {
        for (int i = 0; i < confusion.length; i++) {
            confusion[i] += other.confusion[i];
        }
        lossSum += other.lossSum;
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

    /** The loss of the last sums divided by the rows they carry. */
    public double meanLoss() {
        return lossSum / rows();
    }

    /** The share of correct rows, 0 to 1. */
    public double accuracy() {
        return (double) correct() / rows();
    }
}
