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

    /** By hand: weights 1, 3 and 4, of which the rows of weight 1 and 4 are right. */
    @Test
    void weightedRowsOfPartsAddUp() {
        Network network = Network.dense(List.of(1, 2), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        EvaluationSum sum = part(network, new float[] {0}, new float[] {1}, 0.75f, 0.25f);
        sum.addLoss(2, 1);
        EvaluationSum other = part(network, new float[] {1, 1}, new float[] {3, 4}, 0.75f, 0.25f, 0.25f, 0.75f);
        other.addLoss(8, 7);
        sum.add(other);
        assertEquals(3, sum.rows());
        assertEquals(8, sum.weight());
        assertEquals(5, sum.correctWeight());
        assertEquals(7, sum.weightOf(1));
        assertEquals(10, sum.lossSum());
        assertEquals(8, sum.lossWeight());
        EvaluationSum none = new EvaluationSum(network);
        none.add(sum);
        assertEquals(5, none.correctWeight());
        assertEquals(3, none.confusionWeight(1, 0));
    }

    @Test
    void noMoreThanAllWeightIsRight() {
        Network network = Network.dense(List.of(1, 2), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        SplitMix64 random = new SplitMix64(3);
        for (int table = 0; table < 100; table++) {
            float[] targets = new float[100];
            float[] weights = new float[100];
            float[] outputs = new float[200];
            for (int row = 0; row < 100; row++) {
                targets[row] = random.nextInt(2);
                weights[row] = (float) Math.pow(10, random.nextInt(1 << 20) / (double) (1 << 20) * 12 - 6);
                outputs[2 * row + (int) targets[row]] = 1;
            }
            EvaluationSum sum = part(network, targets, weights, outputs);
            assertTrue(sum.correctWeight() <= sum.weight(), () -> sum.correctWeight() + " of " + sum.weight());
            double area = sum.scores().orElseThrow().areaUnderCurve();
            assertTrue(area <= 1, () -> "the area under the curve is " + area);
        }
    }

    /** By hand: errors 1, -1 and 2 at the targets 0, 2 and 5 with the weights 1, 2 and 1; their mean is 2.25. */
    @Test
    void errorsOfPartsAddUp() {
        Network network = Network.dense(List.of(1, 1), List.of(Activation.IDENTITY), true, Loss.MSE)
                .meaning(new Meaning.OfNumbers(0, 1));
        EvaluationSum sum = part(network, new float[] {0}, new float[] {1}, 1);
        sum.add(part(network, new float[] {2, 5}, new float[] {2, 1}, 1, 7));
        sum.add(new EvaluationSum(network));
        assertEquals(3, sum.rows());
        assertEquals(4, sum.weight());
        ErrorSum errors = sum.errors().orElseThrow();
        assertEquals(5 / 4.0, errors.meanAbsoluteError());
        assertEquals(Math.sqrt(7 / 4.0), errors.rootMeanSquaredError());
        // 2.25^2 + 2 · 0.25^2 + 2.75^2 = 12.75
        assertEquals(7 / 12.75, errors.unexplainedShare(), 1e-15);
    }

    private static EvaluationSum part(Network network, float[] targets, float[] weights, float... outputs) {
        DenseBatch batch = new DenseBatch(targets.length, 1);
        batch.setWeighted();
        batch.setRows(targets.length);
        System.arraycopy(targets, 0, batch.targets(), 0, targets.length);
        System.arraycopy(weights, 0, batch.weights(), 0, targets.length);
        EvaluationSum sum = new EvaluationSum(network);
        sum.addRows(network, outputs, batch);
        return sum;
    }

    @Test
    void countsOfPartsAddUp() {
        Counts sum = new Counts(1, 2, 3, 4, 5).plus(new Counts(10, 20, 31, 40, 50));
        assertEquals(new Counts(11, 22, 34, 44, 55), sum);
        assertEquals(0.5, sum.meanLoss());
        assertEquals(34 / 44.0, sum.accuracy());
    }
}
