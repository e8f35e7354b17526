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
        assertEquals(2.75, first.lossSum());
        assertEquals(4, first.correct());
        assertEquals(9, first.rows());
    }

    @Test
    void theOtherSumStaysAsItIs() {
        GradientSum other = sum(0.25, 1, 2, 0.5f, 4);
        sum(2.5, 3, 7, 1, -2).add(other);
        assertArrayEquals(new float[] {0.5f, 4}, other.gradient());
        assertEquals(0.25, other.lossSum());
        assertEquals(1, other.correct());
        assertEquals(2, other.rows());
    }

    @Test
    void newSumIsZero() {
        GradientSum zero = new GradientSum(2);
        GradientSum sum = sum(0.25, 1, 2, 0.5f, 4);
        sum.add(zero);
        assertArrayEquals(new float[] {0.5f, 4}, sum.gradient());
        assertEquals(0.25, sum.lossSum());
        assertEquals(2, sum.rows());
        assertEquals(0, zero.rows());
    }

    private static GradientSum sum(double lossSum, long correct, long rows, float... gradient) {
        GradientSum sum = new GradientSum(gradient.length);
        System.arraycopy(gradient, 0, sum.gradient(), 0, gradient.length);
        sum.set(lossSum, correct, rows);
        return sum;
    }
}
