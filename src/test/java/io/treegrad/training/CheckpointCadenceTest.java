package io.treegrad.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.Sums;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointCadenceTest {
    private static final Optimizer SGD = new Optimizer(null, 0, null, null, new UpdateRule.Sgd());

    private final TrainingState state = TrainingState.fresh(new float[2], SGD);

    @Test
    void countAndUnitAreRead() {
        assertEquals(Optional.of(new CheckpointCadence(CheckpointCadence.Unit.EPOCHS, 1)), parsed("1e"));
        assertEquals(Optional.of(new CheckpointCadence(CheckpointCadence.Unit.STEPS, 100)), parsed("100s"));
        assertEquals(
                Optional.of(new CheckpointCadence(CheckpointCadence.Unit.MINUTES, 999_999_999)), parsed("999999999m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e", "0e", "-1s", "1000000000m", "5", "5h", "1.5m", "5 m", "none"})
    void nothingElseIs(String text) {
        assertEquals(Optional.empty(), parsed(text));
    }

    @Test
    void epochsAreCountedAtTheirEnd() {
        CheckpointCadence everySecond = parsed("2e").orElseThrow();
        state.finishStep(Sums.gradient(1, 1, 1, 0, 0));
        endEpoch();
        assertFalse(everySecond.isDue(state, 0), "after the first epoch");
        state.finishStep(Sums.gradient(1, 1, 1, 0, 0));
        assertFalse(everySecond.isDue(state, 0), "within the second");
        endEpoch();
        assertTrue(everySecond.isDue(state, 0), "after the second");
        state.finishStep(Sums.gradient(1, 1, 1, 0, 0));
        assertFalse(everySecond.isDue(state, Long.MAX_VALUE), "within the third");
    }

    @Test
    void stepsAreCountedThroughTheEpochs() {
        CheckpointCadence everyThird = parsed("3s").orElseThrow();
        for (int step = 1; step <= 7; step++) {
            state.finishStep(Sums.gradient(1, 1, 1, 0, 0));
            assertEquals(step % 3 == 0, everyThird.isDue(state, Long.MAX_VALUE), "after step " + step);
            endEpoch();
        }
    }

    @Test
    void minutesAreThoseSinceTheLastCheckpoint() {
        CheckpointCadence twoMinutes = parsed("2m").orElseThrow();
        assertFalse(twoMinutes.isDue(state, Duration.ofMinutes(2).toNanos() - 1));
        assertTrue(twoMinutes.isDue(state, Duration.ofMinutes(2).toNanos()));
    }

    private void endEpoch() {
        state.finishEpoch(null, false);
    }

    private static Optional<CheckpointCadence> parsed(String text) {
        return CheckpointCadence.parse(text);
    }
}
