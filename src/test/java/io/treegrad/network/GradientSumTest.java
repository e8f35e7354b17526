package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GradientSumTest {
    @Test
    void everythingIsAdded() {
        GradientSum first = sum(2.5, 3, 7, 1, -2);
        first.add(sum(0.25, 1, 2, 0.5f, 4));
        assertArrayEquals(new float[] {1.5f, 2}, first.gradient());
        assertEquals(2.75, first.counts().lossSum());
        assertEquals(4, first.counts().correct());
        assertEquals(9, first.counts().rows());
    }

    @Test
    void theOtherSumStaysAsItIs() {
        GradientSum other = sum(0.25, 1, 2, 0.5f, 4);
        sum(2.5, 3, 7, 1, -2).add(other);
        assertArrayEquals(new float[] {0.5f, 4}, other.gradient());
        assertEquals(0.25, other.counts().lossSum());
        assertEquals(1, other.counts().correct());
        assertEquals(2, other.counts().rows());
    }

    @Test
    void newSumIsZero() {
        GradientSum zero = new GradientSum(2);
        GradientSum sum = sum(0.25, 1, 2, 0.5f, 4);
        sum.add(zero);
        assertArrayEquals(new float[] {0.5f, 4}, sum.gradient());
        assertEquals(0.25, sum.counts().lossSum());
        assertEquals(2, sum.counts().rows());
        assertEquals(0, zero.counts().rows());
    }

    private static GradientSum sum(double lossSum, long correct, long rows, float... gradient) {
        GradientSum sum = new GradientSum(gradient.length);
        System.arraycopy(gradient, 0, sum.gradient(), 0, gradient.length);
        sum.setCounts(Sums.unweighted(lossSum, correct, rows));
        return sum;
    }
}
