package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatesTest {
    private static Gates gates(String task, String gate) {
        Settings settings = SettingsResolver.resolve(
                Command.TRAIN,
                Map.of(DataSettings.TASK, task, OutputSettings.GATES, gate),
                Optional.empty(),
                Map.of(),
                Path.of(""));
        return new Gates(settings, null);
    }

    @ParameterizedTest
    @CsvSource({
        "regression, accuracy>=0.9, no accuracy of a model which predicts numbers",
        "regression, champion:recall:7-0.1, no recall of class \"7\" of a model which predicts numbers",
        "classification, rmse<=2, no RMSE of a model which predicts classes"
    })
    void aGateThatNoModelOfTheTaskCanHaveIsRefusedBeforeAnythingIsStarted(String task, String gate, String reason) {
        UserError refusal =
                assertThrows(UserError.class, () -> gates(task, gate).requirePossible());
        assertEquals(UserError.Kind.USAGE, refusal.kind());
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    @Test
    void aLossCanBeThatOfAnyTask() {
        gates("regression", "loss<=1,r2>=0.5").requirePossible();
        gates("classification", "loss<=1,champion:accuracy-0.1").requirePossible();
    }
}
