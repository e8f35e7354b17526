package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EvaluationSumTest {
    @Test
    void confusionIsByLabelThenPrediction() {
        EvaluationSum sum = new EvaluationSum(3);
        sum.count(2, 0);
        sum.count(2, 0);
        sum.count(1, 1);
        sum.addLoss(0.5);
        sum.addLoss(1);
        assertEquals(2, sum.confusion(2, 0));
        assertEquals(0, sum.confusion(0, 2));
        assertEquals(1, sum.confusion(1, 1));
        assertEquals(3, sum.rows());
        assertEquals(1, sum.correct());
        assertEquals(0.5, sum.meanLoss()); // 1.5 over 3 rows
        assertEquals(1 / 3.0, sum.accuracy());
    }

    @Test
    void sumsOfPartsAreThoseOfTheWhole() {
        EvaluationSum first = new EvaluationSum(2);
        first.count(0, 0);
        first.addLoss(1);
        EvaluationSum second = new EvaluationSum(2);
        second.count(0, 1);
        second.count(1, 1);
        second.count(1, 1);
        second.addLoss(5);
        first.add(second);
        assertEquals(1, first.confusion(0, 0));
        assertEquals(1, first.confusion(0, 1));
        assertEquals(2, first.confusion(1, 1));
        assertEquals(0, first.confusion(1, 0));
        assertEquals(1.5, first.meanLoss()); // (1 + 5) / 4: a mean of means would be (1 + 5/3) / 2
        assertEquals(0.75, first.accuracy());
        assertEquals(3, second.rows());
        assertEquals(5 / 3.0, second.meanLoss());
    }
}
