package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.model.Models;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.Command;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.SmallRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code train} says of a run that has finished before. */
class TrainCommandTest {
    @TempDir
    private Path output;

    private final TrainedModel model = SmallRun.model(1); // of seed 1
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void aRunHasFinished() throws Exception {
        Path run = Files.createDirectories(output.resolve("runs/nightly"));
        Models.write(version(), model);
        Files.writeString(run.resolve("run.json"), """
                {"schema":1,"status":"succeeded","exitCode":0,"runId":"nightly","weightsSha256":"%s",
                 "metrics":{"test":{"loss":0.5,"accuracy":0.75}},"model":"%s"}
                """.formatted(model.weightsSha256(), version()));
    }

    private Path version() {
        return output.resolve("versions/20260131T120000Z-nightly");
    }

    private void train(String seed) throws Exception {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                output,
                new Summary());
        new TrainCommand()
                .run(
                        SettingsResolver.resolve(
                                Command.TRAIN,
                                Map.of(
                                        OutputSettings.DIRECTORY,
                                        output.toString(),
                                        OutputSettings.RUN_ID,
                                        "nightly",
                                        TrainingSettings.SEED,
                                        seed),
                                Optional.empty(),
                                Map.of(),
                                output),
                        List.of(),
                        console);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFinishedRunIsToldForAPerson() throws Exception {
        train("1");
        assertEquals(
                List.of(
                        "  test         loss 0.5000, accuracy 75.00 %",
                        "Model    " + version(), "Weights  " + model.weightsSha256()),
                out.toString(StandardCharsets.UTF_8).lines().toList());
        assertTrue(said().contains("Run nightly is finished: there is nothing to do."), said());
        assertFalse(said().contains("Warning"), said());
    }

    @Test
    void settingsThatAFinishedRunWasNotTrainedWithAreToldToHaveNoEffect() throws Exception {
        train("2");
        assertTrue(
                said().contains(
                                "Warning: it was trained with other settings (seed was 1 and now is 2), so these have no"
                                        + " effect. For another training give the run another name, or start again with resume = never."),
                said());
    }

    @Test
    void aFinishedRunWhoseModelWasRemovedIsStillFinished() throws Exception {
        Files.delete(version().resolve("_SUCCESS"));
        train("2");
        assertFalse(said().contains("Warning"), said());
    }
}
