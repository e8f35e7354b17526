package io.treegrad.network;

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
        EvaluationSum sum = new EvaluationSum(2);
        sum.addLoss(lossSum);
        for (long row = 0; row < rows; row++) {
            sum.count(0, row < correct ? 0 : 1);
        }
        return sum;
    }
}
