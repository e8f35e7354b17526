package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treegrad.common.UserError;
import io.treegrad.network.Counts;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.training.EpochResult;
import io.treegrad.training.MetricValues;
import io.treegrad.training.TrainingState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecipeTest {
    @Test
    void whatEndsATrainingIsRefusedWithoutValidationRows() {
        for (Setting<?> setting : new Setting<?>[] {TrainingSettings.PATIENCE, TrainingSettings.TARGET_ACCURACY}) {
            Recipe recipe = recipe(Map.of(setting, "1"));
            recipe.requireJudgeable(true);
            UserError error = assertThrows(UserError.class, () -> recipe.requireJudgeable(false));
            assertEquals(UserError.Kind.USAGE, error.kind());
            assertEquals(
                    setting.option() + " is \"1\": it is judged on validation rows and there are none. Set"
                            + " validation-rows.",
                    error.getMessage());
        }
    }

    @Test
    void aTrainingThatEndsBeforeItsLastEpochTellsWhy() {
        Recipe recipe = recipe(Map.of(TrainingSettings.TARGET_ACCURACY, "0.9", TrainingSettings.EPOCHS, "2"));
        assertEquals(Optional.empty(), recipe.stoppedEarly(after(0)));
        assertEquals(
                Optional.of("Stopped early, after epoch 1 of 2: the validation accuracy is 95.00 %."),
                recipe.stoppedEarly(after(1)));
        assertEquals(Optional.empty(), recipe.stoppedEarly(after(2)), "the last epoch is not early");
        assertEquals(Optional.empty(), recipe(Map.of()).stoppedEarly(after(1)), "no rule");
    }

    private static TrainingState after(int epochs) {
        MetricValues metrics = MetricValues.ofTraining(1, 0.95);
        List<EpochResult> results = LongStream.rangeClosed(1, epochs)
                .mapToObj(epoch -> new EpochResult(epoch, 1, metrics, metrics))
                .toList();
        return new TrainingState(new float[1], new float[0][1], epochs, Counts.NONE, results, null, null);
    }

    private static Recipe recipe(Map<Setting<?>, String> options) {
        return new Recipe(SettingsResolver.resolve(
                Command.TRAIN, options, Optional.empty(), Map.of(), Path.of("").toAbsolutePath()));
    }
}
