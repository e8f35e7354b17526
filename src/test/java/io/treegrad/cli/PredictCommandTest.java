package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PredictCommandTest {
    @Test
    void allRowsArePredictedHoweverManyUnlessThereIsALimit() {
        long moreThanAnIntCounts = 3_000_000_000L;
        assertEquals(moreThanAnIntCounts, PredictCommand.rowsToPredict(moreThanAnIntCounts, Optional.empty()));
        assertEquals(10, PredictCommand.rowsToPredict(moreThanAnIntCounts, Optional.of(10)));
        assertEquals(3, PredictCommand.rowsToPredict(3, Optional.of(10)));
    }
}
