package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LossTraceTest {
    @Test
    void eachStepHasItsPointWhileThereIsRoom() {
        LossTrace trace = new LossTrace();
        for (int step = 0; step < 100; step++) {
            trace.add(step);
        }
        assertEquals(100, trace.points().length);
        assertEquals(99, trace.points()[99]);
        assertEquals(1, trace.stepsPerPoint());
    }

    @Test
    void neighboursJoinWhenThereIsNoRoomLeft() {
        LossTrace trace = new LossTrace();
        int steps = 5 * (1 << 14) + 3;
        for (int step = 0; step < steps; step++) {
            trace.add(step);
        }
        assertEquals(8, trace.stepsPerPoint());
        float[] points = trace.points();
        assertEquals(steps / 8, points.length);
        for (int i = 0; i < points.length; i++) {
            assertEquals(8 * i + 3.5f, points[i], 0.04f, "mean of the steps from " + 8 * i);
        }
        assertEquals(steps % 8, trace.openSteps());
    }

    @Test
    void aTraceReadBackGoesOnAsIfNothingHadHappened() {
        LossTrace whole = new LossTrace();
        LossTrace resumed = new LossTrace();
        for (int step = 0; step < 200_000; step++) {
            whole.add(1.0 / (step + 1));
            resumed.add(1.0 / (step + 1));
            if (step % 7_919 == 0) {
                resumed = new LossTrace(
                        resumed.points(), resumed.stepsPerPoint(), resumed.openSum(), resumed.openSteps());
            }
        }
        assertArrayEquals(whole.points(), resumed.points());
        assertEquals(whole.openSum(), resumed.openSum());
    }

    @Test
    void hugeLossesStayFinite() {
        LossTrace trace = new LossTrace();
        trace.add(1e300);
        assertEquals(Float.MAX_VALUE, trace.points()[0]);
    }

    @Test
    void impossibleTracesAreRefused() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> new LossTrace(new float[3], 2, 0, 2));
        assertTrue(error.getMessage().startsWith("3 points of 2 steps and 2 steps after them"), error.getMessage());
    }
}
