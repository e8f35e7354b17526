package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.SettingsResolver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataCheckTest {
    private static final String DIFFERENCE = "The class b has no rows.";

    private static String refusal(Command command, double drift) {
        DataCheck check = new DataCheck(
                "output/versions/1",
                drift,
                "the shares of the classes",
                drift,
                0.0,
                0,
                0,
                0,
                List.of(),
                List.of(),
                null,
                List.of(DIFFERENCE));
        UserError error = assertThrows(
                UserError.class,
                () -> check.requireAccepted(SettingsResolver.resolve(
                        command, Map.of(DataSettings.MAX_DRIFT, "0.25"), Optional.empty(), Map.of(), Path.of(""))));
        assertEquals(UserError.Kind.GATE_NOT_MET, error.kind());
        assertTrue(error.getMessage().contains(DIFFERENCE), error.getMessage());
        return error.getMessage();
    }

    @Test
    void onlyWhatIsOddIsTold() {
        assertFalse(refusal(Command.TRAIN, 0.01).contains("drift of"), "the drift is fine");
        assertTrue(refusal(Command.TRAIN, 0.3).contains("drift of the shares of the classes is 0.300"));
    }

    @Test
    void checkDataDoesNotAdviseItself() {
        assertFalse(refusal(Command.CHECK_DATA, 0.3).contains("check-data"));
        assertTrue(refusal(Command.TRAIN, 0.3).contains("Look at the data with check-data"));
    }
}
