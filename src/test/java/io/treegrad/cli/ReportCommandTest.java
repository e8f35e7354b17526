package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.LocalStorage;
import io.treegrad.run.DataLocator;
import io.treegrad.run.DataSet;
import io.treegrad.run.RunEnvironment;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page is written again with the settings that a model records. */
class ReportCommandTest {
    @TempDir
    private Path directory;

    private DataSet data(Settings settings) throws IOException {
        return DataSet.of(
                settings, new LocalStorage(), new DataLocator(new RunEnvironment(System.err, Map.of(), directory)));
    }

    @Test
    void recordedSettingsAreThoseOfTheRunAndGiveItsRows() throws IOException {
        Path rows = Files.writeString(directory.resolve("rows.csv"), "0.5,a\n0.25,b\n".repeat(18));
        for (Map<Setting<?>, String> options : List.<Map<Setting<?>, String>>of(
                Map.of(),
                Map.of(DataSettings.VALIDATION_ROWS, "7"),
                Map.of(DataSettings.SPLIT, "0.5,0.25,0.25"),
                Map.of(TrainingSettings.OPTIMIZER, "adam"), // with which momentum has no effect
                Map.of(ClusterSettings.ENGINE, "resident"),
                Map.of(OutputSettings.RUN_ID, "nightly"))) {
            Map<Setting<?>, String> all = new HashMap<>(options);
            all.put(DataSettings.CHOICE, rows.toString());
            Settings run = SettingsResolver.resolve(Command.TRAIN, all, Optional.empty(), Map.of(), directory);
            Settings again = SettingsResolver.recorded(run.redacted());
            assertEquals(run.redacted(), again.redacted());
            assertEquals(data(run).split(), data(again).split(), options.toString());
        }
    }
}
