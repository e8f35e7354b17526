package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswerLimitTest {
    private final AnswerLimit limit = new AnswerLimit(Duration.ofMinutes(5));

    @Test
    void quickAnswersHaveTheLeastLimit() {
        assertEquals(Duration.ofMinutes(5), limit.of(60_000));
        limit.answered(128, Duration.ofMillis(1).toNanos());
        assertEquals(Duration.ofMinutes(5), limit.of(60_000));
    }

    @Test
    void aSlowMachineGetsTwentyTimesWhatItsLastAnswerLetsExpect() {
        limit.answered(100, Duration.ofSeconds(1).toNanos());
        assertEquals(Duration.ofMinutes(200), limit.of(60_000));
        limit.answered(100, Duration.ofMillis(100).toNanos());
        assertEquals(Duration.ofMinutes(20), limit.of(60_000));
    }

    @Test
    void eachWaitInVainDoublesTheLeastLimit() {
        limit.waitedInVain();
        limit.waitedInVain();
        assertEquals(Duration.ofMinutes(20), limit.of(1));
    }
}
