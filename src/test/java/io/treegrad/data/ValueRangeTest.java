package io.treegrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ValueRangeTest {
    @Test
    void pixelsAreDividedBy255() {
        assertEquals(ScalingMethod.UNIT, method(0, 128, 0, 255));
        assertEquals(ScalingMethod.STANDARD, method(0, 128, 0, 256), "more than a byte");
        assertEquals(ScalingMethod.STANDARD, method(0, 128.5f, 0, 255), "no whole number");
        assertEquals(ScalingMethod.STANDARD, method(-1, 128, 0, 255), "negative");
        assertEquals(ScalingMethod.STANDARD, method(0, 16, 3, 7), "sixteen shades");
    }

    @Test
    void valuesWithinOneStayAsTheyAre() {
        assertEquals(ScalingMethod.NONE, method(0, 1, 0, 1));
        assertEquals(ScalingMethod.NONE, method(-1, 0.5f, 0.25f, 1));
        assertEquals(ScalingMethod.NONE, method(0, 0, 0, 0));
        assertEquals(ScalingMethod.STANDARD, method(5.1f, 3.5f, 1.4f, 0.2f), "measurements of an iris");
    }

    @Test
    void rangesOfPartsJoinToThatOfAll() {
        ValueRange first = range(0, 0, 0, 3);
        first.merge(range(0, 200, 0, 1));
        assertEquals(ScalingMethod.UNIT, first.method());
        ValueRange second = range(-0.5f, 0, 0, 0);
        second.merge(range(200, 0, 0, 0));
        assertEquals(ScalingMethod.STANDARD, second.method());
    }

    private static ScalingMethod method(float... values) {
        return range(values).method();
    }

    private static ValueRange range(float... values) {
        FloatRows rows = new FloatRows(values.length / 2, values, new int[2]);
        ValueRange range = new ValueRange();
        range.add(rows, 0);
        range.add(rows, 1);
        return range;
    }
}
