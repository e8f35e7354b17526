package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.Command;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.OutputDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model becomes whose training was ended by its deadline. */
class PublicationTest {
    @TempDir
    private Path directory;

    /** @param stoppedAtStep null for a training that ended by itself */
    private static TrainedModel model(String kind, Long stoppedAtStep) {
        TrainedModel like = SmallRun.model(1);
        Provenance provenance = like.provenance();
        return new TrainedModel(
                like.network(),
                like.parameters(),
                Scaling.none(),
                List.of("a", "b"),
                new Provenance(
                        new DataProvenance(kind, "two points", Map.of(Part.TEST, 2L), Map.of(), Map.of(), null),
                        provenance.settings(),
                        1,
                        1,
                        "tree",
                        "portable",
                        "a CPU",
                        "17",
                        "4.1.0",
                        "0.1.0",
                        provenance.started(),
                        1,
                        provenance.metrics(),
                        stoppedAtStep));
    }

    private String publish(TrainedModel model, String leastAccuracy, boolean isFallback) {
        Settings settings = SettingsResolver.resolve(
                Command.TRAIN,
                Map.of(OutputSettings.MIN_ACCURACY, leastAccuracy),
                Optional.empty(),
                Map.of(),
                directory);
        OutputDirectory output = new OutputDirectory(new HadoopStorage(new Configuration()), directory.toString());
        return new Publication(settings, output, new Gates(settings, output), () -> output.lockForPublishing("a test"))
                .publish(model, "night", "20260131T120000Z-night", isFallback, null);
    }

    @Test
    void aGateThatIsNotMetMayBeMetWithMoreTime() {
        UserError late = assertThrows(UserError.class, () -> publish(model("csv", null), "0.9", false));
        assertEquals(UserError.Kind.GATE_NOT_MET, late.kind());
        UserError early = assertThrows(UserError.class, () -> publish(model("csv", 7L), "0.9", false));
        assertEquals(UserError.Kind.TRY_AGAIN, early.kind());
        assertTrue(early.getMessage().contains("Run again under the name night"), early.getMessage());
        assertEquals(2, early.getMessage().toLowerCase(Locale.ROOT).split("nothing was published").length);
    }

    @Test
    void noTimeTurnsSyntheticDigitsIntoOthers() {
        publish(model("mnist", null), "none", false);
        UserError error = assertThrows(UserError.class, () -> publish(model("synthetic", 7L), "none", true));
        assertEquals(UserError.Kind.GATE_NOT_MET, error.kind());
    }
}
