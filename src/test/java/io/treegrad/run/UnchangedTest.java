package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnchangedTest {
    @ParameterizedTest
    @ValueSource(strings = {"gate", "min-accuracy", "max-regression", "max-duplicates"})
    void aModelThatPassedAnotherLimitIsTrainedAgain(String limit) {
        assertFalse(Unchanged.hasSameGates(Map.of(limit, "0.1"), Map.of(limit, "none")));
    }

    @Test
    void whatIsNoLimitDoesNotMatter() {
        assertTrue(Unchanged.hasSameGates(
                Map.of("gate", "none", "progress", "bar"), Map.of("gate", "none", "progress", "off")));
    }
}
