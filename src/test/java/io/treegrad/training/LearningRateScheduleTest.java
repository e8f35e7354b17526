package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    /** So that a schedule which is spelt in epochs counts in steps. */
    private static final TrainingLength STEP_AN_EPOCH = new TrainingLength(1, 1000, 1);

    private static final TrainingLength THREE_EPOCHS = new TrainingLength(100, 3, 1);

    @Test
    void constantIsConstant() {
        LearningRateSchedule schedule = new LearningRateSchedule.Constant();
        assertEquals(0.1, schedule.at(0.1, 0, THREE_EPOCHS));
        assertEquals(0.1, schedule.at(0.1, Long.MAX_VALUE, THREE_EPOCHS));
    }

    @Test
    void stepDecayDropsAfterEachFullPeriod() {
        LearningRateSchedule schedule = new LearningRateSchedule.Step(1, 0.5);
        assertEquals(0.8, schedule.at(0.8, 0, THREE_EPOCHS));
        assertEquals(0.8, schedule.at(0.8, 99, THREE_EPOCHS));
        assertEquals(0.4, schedule.at(0.8, 100, THREE_EPOCHS));
        assertEquals(0.2, schedule.at(0.8, 200, THREE_EPOCHS));
        assertEquals(0.1, schedule.at(0.8, 399, THREE_EPOCHS));
    }

    @Test
    void cosineFallsFromTheRateToTheFloorAndStaysThere() {
        LearningRateSchedule schedule = new LearningRateSchedule.Cosine(0.2);
        assertEquals(1, schedule.at(1, 0, THREE_EPOCHS));
        assertEquals(0.8, schedule.at(1, 100, THREE_EPOCHS), 1e-15); // 0.2 + 0.8 (1 + cos 60°) / 2
        assertEquals(0.6, schedule.at(1, 150, THREE_EPOCHS), 1e-15);
        assertEquals(0.4, schedule.at(1, 200, THREE_EPOCHS), 1e-15);
        assertEquals(0.2, schedule.at(1, 300, THREE_EPOCHS));
        assertEquals(0.2, schedule.at(1, 1_000_000, THREE_EPOCHS));
        for (long step = 0; step < 300; step++) {
            assertTrue(schedule.at(1, step + 1, THREE_EPOCHS) < schedule.at(1, step, THREE_EPOCHS), "rises at " + step);
        }
    }

    @Test
    void aShorterTrainingHasTheRatesOfTheFirstEpochsOfALongOne() {
        TrainingLength oneEpoch = new TrainingLength(100, 1, 1);
        LearningRateSchedule schedule = new LearningRateSchedule.Warmup(0.5, new LearningRateSchedule.Cosine(0.2));
        for (long step = 0; step < 100; step++) {
            assertEquals(schedule.at(1, step, THREE_EPOCHS), schedule.over(3).at(1, step, oneEpoch));
        }
        LearningRateSchedule steps = new LearningRateSchedule.Step(1, 0.5);
        assertEquals(steps, steps.over(3), "it does not depend on the length");
    }

    @Test
    void aCosineOfItsOwnLengthStaysAtTheFloorBehindIt() {
        LearningRateSchedule schedule = new LearningRateSchedule.Cosine(0.2, Optional.of(1.5));
        assertEquals(0.6, schedule.at(1, 75, THREE_EPOCHS), 1e-15);
        assertEquals(0.2, schedule.at(1, 150, THREE_EPOCHS));
        assertEquals(0.2, schedule.at(1, 299, THREE_EPOCHS));
        assertEquals(schedule, schedule.over(7));
    }

    @Test
    void floorIsAShareOfTheRate() {
        assertEquals(0.1, new LearningRateSchedule.Cosine(0.2).at(0.5, 300, THREE_EPOCHS));
    }

    @Test
    void warmupRisesInEqualPartsToWhatFollows() {
        LearningRateSchedule schedule = new LearningRateSchedule.Warmup(3, new LearningRateSchedule.Constant());
        assertEquals(0.2, schedule.at(0.8, 0, STEP_AN_EPOCH));
        assertEquals(0.4, schedule.at(0.8, 1, STEP_AN_EPOCH));
        assertEquals(0.6, schedule.at(0.8, 2, STEP_AN_EPOCH), 1e-15);
        assertEquals(0.8, schedule.at(0.8, 3, STEP_AN_EPOCH));
        assertEquals(0.8, schedule.at(0.8, 1000, STEP_AN_EPOCH));
    }

    @Test
    void warmupScalesTheScheduleBehindIt() {
        LearningRateSchedule then = new LearningRateSchedule.Step(2, 0.5);
        LearningRateSchedule schedule = new LearningRateSchedule.Warmup(3, then);
        assertEquals(0.25, schedule.at(1, 0, STEP_AN_EPOCH));
        assertEquals(0.5 * 0.75, schedule.at(1, 2, STEP_AN_EPOCH));
        assertEquals(then.at(1, 5, STEP_AN_EPOCH), schedule.at(1, 5, STEP_AN_EPOCH));
    }

    @Test
    void partsOfEpochsAreWholeStepsAndAtLeastOne() {
        // 0.016 of 100 steps are 2 steps; 0.001 would be none
        LearningRateSchedule twoSteps = new LearningRateSchedule.Step(0.016, 0.5);
        assertEquals(1, twoSteps.at(1, 1, THREE_EPOCHS));
        assertEquals(0.5, twoSteps.at(1, 2, THREE_EPOCHS));
        LearningRateSchedule oneStep = new LearningRateSchedule.Step(0.001, 0.5);
        assertEquals(1, oneStep.at(1, 0, THREE_EPOCHS));
        assertEquals(0.5, oneStep.at(1, 1, THREE_EPOCHS));
    }

    @Test
    void schedulesAreWarmupThenDecay() {
        assertParsed("constant", new LearningRateSchedule.Constant());
        assertParsed("warmup:2", new LearningRateSchedule.Warmup(2, new LearningRateSchedule.Constant()));
        assertParsed("step:5:0.5", new LearningRateSchedule.Step(5, 0.5));
        assertParsed(
                "warmup:0.5+step:5:0.5", new LearningRateSchedule.Warmup(0.5, new LearningRateSchedule.Step(5, 0.5)));
        assertParsed("cosine", new LearningRateSchedule.Cosine(0));
        assertParsed("cosine:0.1", new LearningRateSchedule.Cosine(0.1));
        assertParsed("cosine:0:6", new LearningRateSchedule.Cosine(0, Optional.of(6.0)));
    }

    private static void assertParsed(String text, LearningRateSchedule expected) {
        assertEquals(Optional.of(expected), LearningRateSchedule.parse(text), text);
        assertEquals(Optional.of(expected), LearningRateSchedule.parse(expected.text()), "its own text");
    }
}
