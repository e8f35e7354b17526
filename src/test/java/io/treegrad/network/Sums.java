package io.treegrad.network;

import java.util.Arrays;
import java.util.List;

/** Sums with chosen content, for the tests of other packages. */
public final class Sums {
    private Sums() {}

    /** Of rows that all have the weight 1. */
    public static Counts unweighted(double lossSum, long correct, long rows) {
        return new Counts(lossSum, rows, correct, rows, rows);
    }

    public static GradientSum gradient(double lossSum, long correct, long rows, float... gradient) {
        GradientSum sum = new GradientSum(gradient.length);
        System.arraycopy(gradient, 0, sum.gradient(), 0, gradient.length);
        sum.setCounts(unweighted(lossSum, correct, rows));
        return sum;
    }

    /** Of two classes and {@code rows} rows, the first {@code correct} of them right. */
    public static EvaluationSum evaluation(double lossSum, long correct, long rows) {
        return evaluation(lossSum, new long[][] {{correct, rows - correct}, {0, 0}});
    }

    /** Of outputs that are no probabilities. {@code confusion [label × predicted]}. */
    public static EvaluationSum evaluation(double lossSum, long[][] confusion) {
        EvaluationSum sum = new EvaluationSum(network(Activation.IDENTITY, confusion.length));
        long rows = 0;
        for (long[] ofLabel : confusion) {
            rows += Arrays.stream(ofLabel).sum();
        }
        sum.addLoss(lossSum, (double) rows);
        for (int label = 0; label < confusion.length; label++) {
            for (int predicted = 0; predicted < confusion.length; predicted++) {
                for (long row = 0; row < confusion[label][predicted]; row++) {
                    sum.count(label, predicted, 1);
                }
            }
        }
        return sum;
    }

    /** Of rows with these outputs; as many rows as labels.   {@code outputs [rows × n_L]} */
    public static EvaluationSum evaluation(Activation output, int[] labels, float... outputs) {
        Network network = network(output, outputs.length / labels.length);
        EvaluationSum sum = new EvaluationSum(network);
        DenseBatch batch = new DenseBatch(labels.length, 1);
        batch.setRows(labels.length);
        for (int row = 0; row < labels.length; row++) {
            batch.targets()[row] = labels[row];
        }
        sum.addRows(network, outputs, batch);
        return sum;
    }

    private static Network network(Activation output, int outputs) {
        return Network.dense(List.of(1, outputs), List.of(output), true, Loss.MSE);
    }
}
