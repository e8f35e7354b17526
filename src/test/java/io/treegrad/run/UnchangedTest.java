package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.Part;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.Fingerprint;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.OutputDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a run may take the published model for its own; every doubt means that it trains. */
class UnchangedTest {
    private static final Map<String, String> FILES = Map.of("a.csv", "0".repeat(64));
    private static final Map<String, String> OTHER_FILES = Map.of("a.csv", "1".repeat(64));

    @TempDir
    private Path directory;

    /** A model that a run with these settings has published, which a deadline may have ended. */
    private static TrainedModel published(InterruptedRun run, String program, Long stoppedAtStep) {
        TrainedModel like = SmallRun.model(1);
        Provenance provenance = like.provenance();
        return new TrainedModel(
                like.network(),
                like.parameters(),
                like.scaling(),
                like.labels(),
                new Provenance(
                        new DataProvenance("csv", "ten points", Map.of(Part.TRAIN, 10L), FILES, Map.of(), null),
                        run.context().settings().redacted(),
                        1,
                        1,
                        "tree",
                        "portable",
                        "a CPU",
                        "17",
                        "4.1.0",
                        program,
                        provenance.started(),
                        1,
                        provenance.metrics(),
                        stoppedAtStep));
    }

    /** @param files of the run, whose other settings and data are those of the model */
    private static Optional<RunOutcome> outcome(InterruptedRun run, TrainedModel model, Map<String, String> files) {
        Fingerprint before = Unchanged.fingerprintOf(model);
        return new Unchanged(run.context())
                .outcome(
                        Optional.of(new OutputDirectory.Published("versions/v", model)),
                        sha256 -> new Fingerprint(before.recipe(), before.data(), before.rows(), sha256),
                        CompletableFuture.completedFuture(files));
    }

    private boolean isUnchanged(Map<Setting<?>, String> options) {
        try (InterruptedRun run = new InterruptedRun(directory, options)) {
            return outcome(run, published(run, Platform.build().orElseThrow(), null), FILES)
                    .isPresent();
        }
    }

    @Test
    void whatWouldComeOutAgainIsNotTrainedAgain() {
        try (InterruptedRun run = new InterruptedRun(directory, Map.of())) {
            TrainedModel model = published(run, Platform.build().orElseThrow(), null);
            RunRecord record = outcome(run, model, FILES).orElseThrow().record();
            assertTrue(record.unchanged);
            assertEquals("versions/v", record.model);
            assertEquals(model.weightsSha256(), record.weightsSha256);
            assertEquals(model.provenance().metrics(), record.metrics);
            assertTrue(run.said().startsWith("Nothing new: data, settings and program"), run.said());
        }
    }

    @Test
    void otherFilesAnotherProgramAndATrainingThatWasCutShortAreTrainedAgain() {
        try (InterruptedRun run = new InterruptedRun(directory, Map.of())) {
            String program = Platform.build().orElseThrow();
            assertFalse(outcome(run, published(run, program, null), OTHER_FILES).isPresent());
            assertFalse(outcome(run, published(run, "0.1.0", null), FILES).isPresent());
            assertFalse(outcome(run, published(run, program, 7L), FILES).isPresent());
            assertEquals("", run.said());
        }
    }

    /** Reading all files takes long, and is for nothing where something else has changed. */
    @Test
    void filesAreNotWaitedForWhereASettingDiffers() {
        try (InterruptedRun run = new InterruptedRun(directory, Map.of())) {
            TrainedModel model = published(run, Platform.build().orElseThrow(), null);
            assertFalse(new Unchanged(run.context())
                    .outcome(
                            Optional.of(new OutputDirectory.Published("versions/v", model)),
                            sha256 -> new Fingerprint(Map.of("seed", "2"), "csv", Map.of(Part.TRAIN, 10L), sha256),
                            CompletableFuture.failedFuture(new AssertionError("waited for")))
                    .isPresent());
        }
    }

    @Test
    void whoAsksForATrainingGetsOne() {
        assertTrue(isUnchanged(Map.of()));
        assertFalse(isUnchanged(Map.of(OutputSettings.ALWAYS, "true")));
        assertFalse(isUnchanged(Map.of(OutputSettings.RESUME, "never")));
        assertFalse(isUnchanged(Map.of(TrainingSettings.WARM_START, "elsewhere")));
        try (InterruptedRun run = new InterruptedRun(directory, Map.of())) {
            run.save(10, Platform.version());
        }
        assertFalse(isUnchanged(Map.of()), "an interrupted run goes on");
    }

    @Test
    void aModelThatPassedOtherGatesIsTrainedAgain() {
        TrainedModel model;
        try (InterruptedRun before = new InterruptedRun(directory, Map.of())) {
            model = published(before, Platform.build().orElseThrow(), null);
        }
        try (InterruptedRun run = new InterruptedRun(directory, Map.of(OutputSettings.MIN_ACCURACY, "0.9"))) {
            assertFalse(outcome(run, model, FILES).isPresent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate", "min-accuracy", "max-regression", "max-duplicates"})
    void aModelThatPassedAnotherLimitIsTrainedAgain(String limit) {
        assertFalse(Unchanged.hasSameGates(Map.of(limit, "0.1"), Map.of(limit, "none")));
    }

    @Test
    void whatIsNoLimitDoesNotMatter() {
        assertTrue(Unchanged.hasSameGates(
                Map.of("gate", "none", "progress", "bar"), Map.of("gate", "none", "progress", "off")));
    }
}
