package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationSumTest {
    private static final double LN_2 = Math.log(2);

    @Test
    void confusionIsByLabelThenPrediction() {
        EvaluationSum sum = Sums.evaluation(1.5, new long[][] {{0, 0, 0}, {0, 1, 0}, {2, 0, 0}});
        assertEquals(2, sum.confusion(2, 0));
        assertEquals(0, sum.confusion(0, 2));
        assertEquals(1, sum.confusion(1, 1));
        assertEquals(3, sum.rows());
        assertEquals(1, sum.correct());
        assertEquals(2, sum.rowsOf(2));
        assertEquals(0, sum.rowsOf(0));
        assertEquals(2, sum.weightPredictedAs(0));
        assertEquals(1.5, sum.lossSum());
    }

    @Test
    void logLossIsOfTheProbabilityOfTheTrueClass() {
        // probabilities of a half and a quarter
        EvaluationSum sum =
                Sums.evaluation(Activation.SOFTMAX, new int[] {0, 2}, 0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f);
        assertEquals(3 * LN_2, sum.logLossSum(), 1e-15);
    }

    @Test
    void outputsOfSigmoidAreSharesOfTheirSum() {
        EvaluationSum sum = Sums.evaluation(Activation.SIGMOID, new int[] {0}, 1, 0.5f, 0.5f);
        assertEquals(LN_2, sum.logLossSum(), 1e-15);
        EvaluationSum zeros = Sums.evaluation(Activation.SIGMOID, new int[] {1}, 0, 0, 0, 0);
        assertEquals(2 * LN_2, zeros.logLossSum(), 1e-15, "all outputs zero: every class is as likely");
    }

    @Test
    void aSingleOutputIsTheProbabilityOfClassOne() {
        assertEquals(
                2 * LN_2,
                Sums.evaluation(Activation.SIGMOID, new int[] {1}, 0.25f).logLossSum(),
                1e-15);
        assertEquals(
                2 * LN_2,
                Sums.evaluation(Activation.SIGMOID, new int[] {0}, 0.75f).logLossSum(),
                1e-15);
    }

    @Test
    void aRowThatWasSureAndWrongCostsNoMoreThanTheBound() {
        assertEquals(
                -Math.log(1e-15),
                Sums.evaluation(Activation.SIGMOID, new int[] {1}, 0).logLossSum(),
                1e-12);
        assertEquals(0, Sums.evaluation(Activation.SIGMOID, new int[] {1}, 1).logLossSum(), 2e-15);
    }

    @Test
    void inTopTwoTheFirstOfEqualOutputsIsTheHigher() {
        float[] equal = {0.25f, 0.25f, 0.25f};
        assertEquals(
                1, Sums.evaluation(Activation.IDENTITY, new int[] {0}, equal).inTopTwo());
        assertEquals(
                1, Sums.evaluation(Activation.IDENTITY, new int[] {1}, equal).inTopTwo());
        assertEquals(
                0, Sums.evaluation(Activation.IDENTITY, new int[] {2}, equal).inTopTwo());
        assertEquals(
                1,
                Sums.evaluation(Activation.IDENTITY, new int[] {2}, 0.1f, 0.5f, 0.4f)
                        .inTopTwo());
        assertEquals(
                0,
                Sums.evaluation(Activation.IDENTITY, new int[] {0}, 0.1f, 0.5f, 0.4f)
                        .inTopTwo());
    }

    @Test
    void scoresAreTheProbabilitiesOfClassOneOfTwo() {
        // 0.2, 0.6 of class 0 and 0.5, 0.8 of class 1: three of four pairs in order
        int[] labels = {0, 0, 1, 1};
        EvaluationSum pairs =
                Sums.evaluation(Activation.SIGMOID, labels, 0.8f, 0.2f, 0.2f, 0.3f, 0.1f, 0.1f, 0.1f, 0.4f);
        assertEquals(0.75, pairs.scores().orElseThrow().areaUnderCurve());
        EvaluationSum singles = Sums.evaluation(Activation.SIGMOID, labels, 0.2f, 0.6f, 0.5f, 0.8f);
        assertEquals(0.75, singles.scores().orElseThrow().areaUnderCurve());
        assertTrue(Sums.evaluation(Activation.SOFTMAX, new int[] {1}, 0.2f, 0.6f, 0.2f)
                .scores()
                .isEmpty());
    }

    @Test
    void outputsThatAreNoProbabilitiesHaveNoneOfTheirSums() {
        for (Activation output : List.of(Activation.IDENTITY, Activation.TANH, Activation.RELU)) {
            EvaluationSum sum = Sums.evaluation(output, new int[] {1}, 0.5f, 0.75f);
            assertFalse(sum.hasProbabilities());
            assertEquals(0, sum.logLossSum());
            assertTrue(sum.scores().isEmpty());
        }
    }

    @Test
    void sumsOfPartsAreThoseOfTheWhole() {
        for (int width : new int[] {1, 2, 5}) {
            SplitMix64 random = new SplitMix64(width);
            int rows = 207;
            int[] labels = new int[rows];
            float[] outputs = new float[rows * width];
            for (int row = 0; row < rows; row++) {
                labels[row] = random.nextInt(Math.max(2, width));
            }
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = random.nextInt(1 << 12) / 4096f;
            }
            int cut = 98;
            EvaluationSum whole = Sums.evaluation(Activation.SIGMOID, labels, outputs);
            EvaluationSum joined = Sums.evaluation(
                    Activation.SIGMOID, Arrays.copyOf(labels, cut), Arrays.copyOf(outputs, cut * width));
            joined.addLoss(2, cut);
            EvaluationSum rest = Sums.evaluation(
                    Activation.SIGMOID,
                    Arrays.copyOfRange(labels, cut, rows),
                    Arrays.copyOfRange(outputs, cut * width, rows * width));
            rest.addLoss(3, rows - cut);
            joined.add(rest);
            String replay = "width " + width;
            assertEquals(5, joined.lossSum(), replay);
            assertEquals(whole.logLossSum(), joined.logLossSum(), 1e-9, replay);
            assertEquals(whole.inTopTwo(), joined.inTopTwo(), replay);
            assertEquals(
                    whole.scores().map(ScoreHistogram::areaUnderCurve),
                    joined.scores().map(ScoreHistogram::areaUnderCurve),
                    replay);
            for (int label = 0; label < whole.classes(); label++) {
                for (int predicted = 0; predicted < whole.classes(); predicted++) {
                    assertEquals(whole.confusion(label, predicted), joined.confusion(label, predicted), replay);
                }
            }
            assertEquals(rows - cut, rest.rows(), "the other sum stays as it is");
        }
    }
}
