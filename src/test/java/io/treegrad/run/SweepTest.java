package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SweepSearch;
import io.treegrad.settings.SweepSpace;
import io.treegrad.training.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepTest {
    /** There is no output: whoever goes on fails. */
    @ParameterizedTest
    @CsvSource({
        "loss=binary-cross-entropy, a number is predicted by one output",
        "target-accuracy=0.9, numbers have no accuracy",
        "class-weights=balanced, no classes in a regression"
    })
    void aRegressionThatCannotBeIsRefusedBeforeAnythingIsStarted(String word, String reason) {
        List<String> words = word.startsWith("loss")
                ? List.of("task=regression", word, "output-activation=sigmoid")
                : List.of("task=regression", word);
        SweepSpace space = new SweepSpace(words, Optional.empty());
        List<Settings> trainings = space.trainings(new SweepSearch.Grid(), Map.of(), Path.of(""));
        Sweep sweep = new Sweep("s", space, trainings, List.of(), Metric.RMSE, null, null);
        UserError error = assertThrows(UserError.class, () -> sweep.run(trial -> {}));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertEquals(word.startsWith("loss") ? UserError.Kind.BAD_CONFIGURATION : UserError.Kind.USAGE, error.kind());
    }
}
