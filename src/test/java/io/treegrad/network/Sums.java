package io.treegrad.network;

import java.util.List;

/** Sums with chosen content, for the tests of other packages. */
public final class Sums {
    private Sums() {}

    public static GradientSum gradient(double lossSum, long correct, long rows, float... gradient) {
        GradientSum sum = new GradientSum(gradient.length);
        System.arraycopy(gradient, 0, sum.gradient(), 0, gradient.length);
        sum.set(lossSum, correct, rows);
        return sum;
    }

    /** Of two classes and {@code rows} rows, the first {@code correct} of them right. */
    public static EvaluationSum evaluation(double lossSum, long correct, long rows) {
        return evaluation(lossSum, new long[][] {{correct, rows - correct}, {0, 0}});
    }

    /** Of outputs that are no probabilities. {@code confusion [label × predicted]}. */
    public static EvaluationSum evaluation(double lossSum, long[][] confusion) {
        EvaluationSum sum = new EvaluationSum(network(Activation.IDENTITY, confusion.length));
        sum.addLoss(lossSum);
        for (int label = 0; label < confusion.length; label++) {
            for (int predicted = 0; predicted < confusion.length; predicted++) {
                for (long row = 0; row < confusion[label][predicted]; row++) {
                    sum.count(label, predicted);
                }
            }
        }
        return sum;
    }

    /** Of rows with these outputs; as many rows as labels.   {@code outputs [rows × n_L]} */
    public static EvaluationSum evaluation(Activation output, int[] labels, float... outputs) {
        Network network = network(output, outputs.length / labels.length);
        EvaluationSum sum = new EvaluationSum(network);
        sum.addRows(network, outputs, labels, labels.length);
        return sum;
    }

    private static Network network(Activation output, int outputs) {
        return Network.dense(List.of(1, outputs), List.of(output), true, Loss.MSE);
    }
}
