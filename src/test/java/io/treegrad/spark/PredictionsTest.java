package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PredictionsTest {
    private static final int SLOTS = 2;

    @Test
    void aTaskForEachSlotSharesFewRows() {
        assertEquals(SLOTS, Predictions.tasks(100, 784, 10, SLOTS));
        assertEquals(SLOTS, Predictions.tasks(0, 1, 1, SLOTS));
    }

    /** 4 values a row, so that the rows alone would be 12 MB, and 1,000 outputs: 3 GB as floats, 12 GB with their text. */
    @Test
    void outputsOfManyClassesAreCountedAsWellAsTheValuesOfARow() {
        int tasks = Predictions.tasks(750_000, 4, 1000, SLOTS);
        long outputsOfATask = 750_000L / tasks * 1000;
        assertTrue(outputsOfATask <= 4 << 20, outputsOfATask + " outputs in each of " + tasks + " tasks");
    }

    @Test
    void rowsOfManyValuesAreShared() {
        assertEquals(1 + 60_000 / ((32 << 20) / (784 * 4 + 10 * 16)), Predictions.tasks(60_000, 784, 10, SLOTS));
    }
}
