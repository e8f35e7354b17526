package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.settings.Command;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.storage.HadoopStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputPlaceTest {
    private static final String MODE = "spark.submit.deployMode";

    @AfterEach
    void forgetMode() {
        System.clearProperty(MODE);
    }

    private static String placeOf(String output) throws IOException {
        Settings settings = SettingsResolver.resolve(
                Command.TRAIN, Map.of(OutputSettings.DIRECTORY, output), Optional.empty(), Map.of(), Path.of(""));
        return OutputPlace.of(settings, new HadoopStorage(new Configuration())).path();
    }

    @Test
    void aDriverOfAClusterPublishesNothingIntoItsOwnDirectory() throws IOException {
        System.setProperty(MODE, "cluster");
        UserError refused = assertThrows(UserError.class, () -> placeOf("models/digits"));
        assertEquals(UserError.Kind.USAGE, refused.kind());
        assertTrue(refused.getMessage()
                .startsWith("--output is \"models/digits\": the cluster has started this driver in"));
        assertEquals("/models/digits", placeOf("/models/digits"));
        assertEquals("hdfs:///models/digits", placeOf("hdfs:///models/digits"));
    }

    @Test
    void norDoesItPredictOrExportIntoIt() throws IOException {
        System.setProperty(MODE, "cluster");
        HadoopStorage storage = new HadoopStorage(new Configuration());
        Settings export = SettingsResolver.resolve(Command.EXPORT, Map.of(), Optional.empty(), Map.of(), Path.of(""));
        UserError refused =
                assertThrows(UserError.class, () -> OutputPlace.path(export, CommandSettings.EXPORTED, storage));
        assertTrue(refused.getMessage().startsWith("output by default is \"model.onnx\": the cluster has started"));
        Settings predict = SettingsResolver.resolve(
                Command.PREDICT,
                Map.of(CommandSettings.PREDICTIONS, "/shared/predicted"),
                Optional.empty(),
                Map.of(),
                Path.of(""));
        assertEquals("/shared/predicted", OutputPlace.path(predict, CommandSettings.PREDICTIONS, storage));
    }

    @Test
    void aDriverOfTheUserDoes() throws IOException {
        assertEquals("models/digits", placeOf("models/digits"));
        System.setProperty(MODE, "client");
        assertEquals("models/digits", placeOf("models/digits"));
    }
}
