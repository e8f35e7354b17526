package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.StepPlan;
import io.treegrad.model.Fingerprint;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Activation;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.SmallRun;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a run begins that may have been interrupted. */
class ResumptionTest {
    private static final Network NETWORK =
            Network.dense(List.of(2, 2), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);

    @TempDir
    private Path directory;

    private static TrainingState first(InterruptedRun run, Resumption resumption) throws IOException {
        Optimizer optimizer = new Recipe(run.context().settings()).optimizer(NETWORK, new StepPlan(10, 1, 1, 1));
        return resumption.firstState(NETWORK, optimizer);
    }

    private InterruptedRun run(Map<Setting<?>, String> options) {
        return new InterruptedRun(directory, options);
    }

    @Test
    void aNewRunBeginsWithTheParametersOfItsRecipe() throws IOException {
        try (InterruptedRun run = run(Map.of(TrainingSettings.SEED, "7", TrainingSettings.OPTIMIZER, "momentum"))) {
            TrainingState state = first(run, run.resumption());
            assertEquals(0, state.step());
            assertEquals(1, state.optimizerState().length);
            assertArrayEquals(new Recipe(run.context().settings()).parameters(NETWORK), state.parameters());
            assertEquals("", run.said());
            assertNull(run.context().record().resumedAtStep);
        }
    }

    @Test
    void aWarmStartBeginsWithTheParametersOfAModel() throws IOException {
        TrainedModel model = SmallRun.model(5);
        try (InterruptedRun run = run(Map.of(TrainingSettings.WARM_START, published(model)))) {
            TrainingState state = first(run, run.resumption());
            assertEquals(0, state.step());
            assertArrayEquals(model.parameters(), state.parameters());
            assertEquals(model.weightsSha256(), run.context().record().warmStart);
            assertEquals(
                    "Beginning with the parameters " + model.weightsSha256() + ".",
                    run.said().strip());
        }
    }

    @Test
    void aWarmStartWithTheParametersOfAnotherNetworkIsRefused() {
        Network wider = Network.dense(List.of(2, 3), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        try (InterruptedRun run = run(Map.of(TrainingSettings.WARM_START, published(SmallRun.model(5))))) {
            UserError error =
                    assertThrows(UserError.class, () -> run.resumption().firstState(wider, null));
            assertEquals(UserError.Kind.USAGE, error.kind());
            assertTrue(
                    error.getMessage()
                            .contains("that model is the network 2-2 (cross-entropy), expected the network of this run,"
                                    + " 2-3 (cross-entropy)."),
                    error.getMessage());
        }
    }

    /** Path of an output directory whose champion a model is. */
    private String published(TrainedModel model) {
        OutputDirectory other = new OutputDirectory(new HadoopStorage(new Configuration()), directory + "/other");
        try (Lock lock = other.lockForPublishing("a test")) {
            other.publish(lock, "20260101T000000Z-r", model);
        }
        return other.path();
    }

    @Test
    void anInterruptedOneGoesOnAtItsNewestCheckpoint() throws IOException {
        try (InterruptedRun run = run(Map.of())) {
            run.save(10, Platform.version());
            run.save(20, Platform.version());
            TrainingState state = first(run, run.resumption());
            assertEquals(20, state.step());
            assertEquals(20, state.parameters()[0]);
            assertEquals(20, run.context().record().resumedAtStep);
            assertNull(run.context().record().damagedCheckpoints);
            assertEquals("Continuing run night after step 20.", run.said().strip());
        }
    }

    @Test
    void damagedCheckpointsAreCounted() throws IOException {
        try (InterruptedRun run = run(Map.of())) {
            run.save(10, Platform.version());
            run.save(20, Platform.version());
            Files.write(directory.resolve("runs/night/checkpoints/ckpt-000000000020/meta.json"), new byte[1]);
            assertEquals(10, first(run, run.resumption()).step());
            assertEquals(1, run.context().record().damagedCheckpoints);
        }
    }

    @Test
    void aRunThatIsToBeContinuedMustHaveACheckpoint() {
        try (InterruptedRun run = run(Map.of(OutputSettings.RESUME, "night"))) {
            UserError error = assertThrows(UserError.class, () -> first(run, run.resumption()));
            assertEquals(UserError.Kind.NO_CHECKPOINT, error.kind());
            assertTrue(
                    error.getMessage().contains("runs/night/checkpoints: there is no checkpoint, expected one"),
                    error.getMessage());
        }
    }

    @Test
    void anotherVersionOfTheProgramMayGiveAnotherResultAndThatIsSaid() throws IOException {
        try (InterruptedRun run = run(Map.of())) {
            run.save(10, "0.0.1");
            assertEquals(10, first(run, run.resumption()).step());
            assertTrue(
                    run.said()
                            .contains("Warning: treegrad was 0.0.1 and now is " + Platform.version()
                                    + ": the result may differ."),
                    run.said());
        }
    }

    private static Fingerprint now(String seed, String sha256) {
        return new Fingerprint(
                Map.of("seed", seed), "csv", Map.of(Part.TRAIN, 10L), Map.of("a.csv", sha256.repeat(64)));
    }

    private void assertRefused(Fingerprint now, String mayChange, String reason, String advice, String... settings) {
        try (InterruptedRun run = run(Map.of(OutputSettings.ALLOW_DATA_CHANGE, mayChange))) {
            run.save(10, Platform.version());
            UserError error = assertThrows(UserError.class, () -> first(run, run.resumption(now)));
            assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
            assertTrue(error.getMessage().startsWith("Run night cannot be continued: " + reason), error.getMessage());
            assertTrue(error.getMessage().contains(advice), error.getMessage());
            assertEquals(List.of(settings), error.settings());
            assertNull(run.context().record().resumedAtStep);
        }
    }

    @Test
    void anotherSettingIsRefusedWithBothValuesAlsoWhereDataMayChange() {
        String advice = "Restore the old value, give the run another name";
        assertRefused(now("2", "0"), "false", "seed was 1 and now is 2. Expected", advice, "run-id", "resume");
        assertRefused(
                now("2", "1"),
                "true",
                "seed was 1 and now is 2; the SHA-256 of a.csv was 0",
                advice,
                "run-id",
                "resume");
    }

    @Test
    void otherDataAreRefusedUnlessTheyMayChange() throws IOException {
        assertRefused(
                now("1", "1"),
                "false",
                "the SHA-256 of a.csv was " + "0".repeat(64) + " and now is " + "1".repeat(64) + ". Expected",
                "Restore the old value, allow the change of data, give the run another name",
                "allow-data-change",
                "run-id",
                "resume");
        try (InterruptedRun run = run(Map.of(OutputSettings.ALLOW_DATA_CHANGE, "true"))) {
            assertEquals(10, first(run, run.resumption(now("1", "1"))).step());
            assertTrue(
                    run.said().contains("Warning: the SHA-256 of a.csv was ")
                            && run.said().contains(". Continuing, since changed data is allowed."),
                    run.said());
        }
    }
}
