package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /** 2^24 + 1 is 2^24: the order of additions shows. */
    @Test
    void laterAdditionsAreThoseOfTheTreeInItsOrder() {
        GradientSum total = sum(1, 0, 1, 1, 0);
        GradientSum right = sum(1, 0, 1, 0x1p24f, 0);
        right.addLater(sum(1, 0, 1, -0x1p24f, 0));
        total.addLater(sum(1, 0, 1, 1, 0));
        total.addLater(right);
        assertEquals(4, total.counts().rows());
        assertArrayEquals(new float[] {2, 0}, total.gradient());
        assertArrayEquals(new float[] {2, 0}, total.gradient(), "added once");
    }

    @Test
    void anAdditionThatIsMadeAtOnceComesAfterThoseThatAreLeft() {
        GradientSum total = sum(1, 0, 1, 1);
        total.addLater(sum(1, 0, 1, 0x1p24f));
        total.add(sum(1, 0, 1, -0x1p24f));
        assertArrayEquals(new float[] {0}, total.gradient());
        GradientSum other = sum(1, 0, 1, 3);
        other.addLater(sum(1, 0, 1, 4));
        total.add(other);
        assertArrayEquals(new float[] {7}, total.gradient());
    }

    @Test
    void laterAdditionsAreMadeInOnePassWithTheirUseByTheThreadsThatWereLent() {
        int parameters = 5000;
        GradientSum sum = new GradientSum(parameters);
        GradientSum other = new GradientSum(parameters);
        Arrays.fill(other.gradient(), 3);
        sum.addLater(other);
        List<Integer> slices = new ArrayList<>();
        sum.setSlices((elements, action) -> {
            for (int from = 0; from < elements; from += 2500) {
                slices.add(from);
                action.accept(from, from + 2500);
            }
        });
        sum.forEachBlock((from, to) -> {
            for (int i = from; i < to; i++) {
                sum.gradient()[i] *= 2;
            }
        });
        float[] expected = new float[parameters];
        Arrays.fill(expected, 6);
        assertArrayEquals(expected, sum.gradient());
        assertEquals(List.of(0, 2500), slices);
    }

    @Test
    void laterAdditionsTravelAsTheirSum() throws Exception {
        GradientSum sum = sum(2.5, 3, 7, 1, -2);
        sum.addLater(sum(0.25, 1, 2, 0.5f, 4));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sum);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertArrayEquals(new float[] {1.5f, 2}, ((GradientSum) in.readObject()).gradient());
        }
    }

    @Test
    void whoOverwritesASumForgetsWhatWasToBeAdded() {
        GradientSum sum = sum(2.5, 3, 7, 1, -2);
        sum.addLater(sum(0.25, 1, 2, 0.5f, 4));
        sum.overwrite()[0] = 8;
        assertArrayEquals(new float[] {8, -2}, sum.gradient());
    }

    private static GradientSum sum(double lossSum, long correct, long rows, float... gradient) {
        GradientSum sum = new GradientSum(gradient.length);
        System.arraycopy(gradient, 0, sum.gradient(), 0, gradient.length);
        sum.setCounts(Sums.unweighted(lossSum, correct, rows));
        return sum;
    }
}
