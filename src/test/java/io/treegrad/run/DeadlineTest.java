package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static Deadline of(Duration limit, Duration ago) {
        return new Deadline(Optional.ofNullable(limit), Instant.now().minus(ago), 20);
    }

    @Test
    void aTrainingEndsAfterItsTimeUnlessThereIsNothingLeftToEnd() {
        Deadline past = of(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThrows(Deadline.Reached.class, () -> past.afterStep(InterruptedRun.state(19)));
        assertDoesNotThrow(() -> past.afterStep(InterruptedRun.state(20)));
        Deadline ahead = of(Duration.ofMinutes(5), Duration.ZERO);
        assertDoesNotThrow(() -> ahead.afterStep(InterruptedRun.state(19)));
        assertDoesNotThrow(() -> of(null, Duration.ofDays(1)).afterStep(InterruptedRun.state(19)));
    }
}
