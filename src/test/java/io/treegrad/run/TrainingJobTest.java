package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.model.InputManifest;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingJobTest {
    @TempDir
    private Path output;

    /** Whether the inputs of the attempt before are still told of. */
    private boolean keepsInputs(String manifest) throws IOException {
        Path inputs = output.resolve("runs/nightly").resolve(InputManifest.FILE);
        Files.createDirectories(inputs.getParent());
        Files.write(inputs, InputManifest.of(Map.of()).toBytes());
        RunDirectory directory =
                new OutputDirectory(new HadoopStorage(new Configuration()), output.toString()).run("nightly");
        try (Lock lock = directory.lock("a test")) {
            new TrainingJob(
                            SettingsResolver.resolve(
                                    Command.TRAIN,
                                    Map.of(OutputSettings.RESUME, "never", DataSettings.MANIFEST, manifest),
                                    Optional.empty(),
                                    Map.of(),
                                    output),
                            null,
                            null)
                    .begin(directory, lock);
        }
        return Files.exists(inputs);
    }

    @Test
    void aRunThatStartsAgainForgetsItsInputsUnlessItIsToKeepToThem() throws IOException {
        assertFalse(keepsInputs("none"));
        assertFalse(keepsInputs("elsewhere/runs/other/inputs.json"));
        assertTrue(keepsInputs(output + "/runs/nightly/inputs.json"));
    }
}
