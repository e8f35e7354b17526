package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    @Test
    void constantIsConstant() {
        assertEquals(0.1, new LearningRateSchedule.Constant(0.1).at(0));
        assertEquals(0.1, new LearningRateSchedule.Constant(0.1).at(Long.MAX_VALUE));
    }

    @Test
    void stepDecayDropsAfterEachFullPeriod() {
        LearningRateSchedule rate = new LearningRateSchedule.StepDecay(0.8, 100, 0.5);
        assertEquals(0.8, rate.at(0));
        assertEquals(0.8, rate.at(99));
        assertEquals(0.4, rate.at(100));
        assertEquals(0.2, rate.at(200));
        assertEquals(0.1, rate.at(399));
    }

    @Test
    void cosineFallsFromTheRateToTheFloorAndStaysThere() {
        LearningRateSchedule rate = new LearningRateSchedule.Cosine(1, 0.2, 300);
        assertEquals(1, rate.at(0));
        assertEquals(0.8, rate.at(100), 1e-15); // 0.2 + 0.8 (1 + cos 60°) / 2
        assertEquals(0.6, rate.at(150), 1e-15);
        assertEquals(0.4, rate.at(200), 1e-15);
        assertEquals(0.2, rate.at(300));
        assertEquals(0.2, rate.at(1_000_000));
        for (long step = 0; step < 300; step++) {
            assertTrue(rate.at(step + 1) < rate.at(step), "rises at " + step);
        }
    }

    @Test
    void warmupRisesInEqualPartsToWhatFollows() {
        LearningRateSchedule rate = new LearningRateSchedule.Warmup(3, new LearningRateSchedule.Constant(0.8));
        assertEquals(0.2, rate.at(0));
        assertEquals(0.4, rate.at(1));
        assertEquals(0.6, rate.at(2), 1e-15);
        assertEquals(0.8, rate.at(3));
        assertEquals(0.8, rate.at(1000));
    }

    @Test
    void warmupScalesTheScheduleBehindIt() {
        LearningRateSchedule then = new LearningRateSchedule.StepDecay(1, 2, 0.5);
        LearningRateSchedule rate = new LearningRateSchedule.Warmup(3, then);
        assertEquals(0.25, rate.at(0));
        assertEquals(0.5 * 0.75, rate.at(2));
        assertEquals(then.at(5), rate.at(5));
    }
}
