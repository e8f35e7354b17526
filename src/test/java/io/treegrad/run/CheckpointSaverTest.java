package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.Checkpoint;
import io.treegrad.settings.OutputSettings;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the state of a run is saved, and what becomes of a failure. */
class CheckpointSaverTest {
    @TempDir
    private Path directory;

    private InterruptedRun run(String every) {
        return new InterruptedRun(directory, Map.of(OutputSettings.CHECKPOINT_EVERY, every, OutputSettings.KEEP, "9"));
    }

    private static CheckpointSaver saver(InterruptedRun run, long firstStep) {
        return new CheckpointSaver(run.context(), run.resumption(), firstStep);
    }

    @Test
    void aStateIsSavedWhenItIsDueButNotThatFromWhichTheRunContinued() throws IOException {
        try (InterruptedRun run = run("10s")) {
            CheckpointSaver saver = saver(run, 20);
            try (saver) {
                for (long step : new long[] {20, 25, 30, 31, 40}) {
                    saver.afterStep(InterruptedRun.state(step));
                }
            }
            assertEquals(List.of("30", "40"), run.saved());
            assertEquals(2, saver.count());
            assertTrue(saver.seconds() > 0 && saver.seconds() < 600, saver.seconds() + " s");
        }
    }

    @Test
    void minutesAreThoseSinceTheRunBeganOrSaved() throws IOException {
        try (InterruptedRun run = run("5m");
                CheckpointSaver saver = saver(run, 0)) {
            saver.afterStep(InterruptedRun.state(10));
            assertEquals(0, saver.count());
        }
    }

    @Test
    void whatIsSavedDoesNotChangeWhileTrainingGoesOn() {
        try (InterruptedRun run = run("1s")) {
            try (CheckpointSaver saver = saver(run, 0)) {
                TrainingState state = InterruptedRun.state(10);
                saver.afterStep(state);
                state.parameters()[0] = -1;
            }
            Checkpoint saved = run.context().directory().checkpoints().newest().orElseThrow();
            assertEquals(10, saved.state().parameters()[0]);
            assertEquals(InterruptedRun.FINGERPRINT, saved.fingerprint());
            assertEquals(Map.of("treegrad", Platform.version()), saved.platform());
        }
    }

    @Test
    void theLastStateIsSavedOnceUnlessNoneIsWanted() throws IOException {
        try (InterruptedRun run = run("100s");
                CheckpointSaver saver = saver(run, 0)) {
            saver.afterStep(InterruptedRun.state(30));
            saver.finish(InterruptedRun.state(30));
            assertEquals(List.of("30"), run.saved());
            saver.finish(InterruptedRun.state(30));
            assertEquals(1, saver.count());
        }
        try (InterruptedRun run = run("none");
                CheckpointSaver saver = saver(run, 0)) {
            saver.afterStep(InterruptedRun.state(40));
            saver.finish(InterruptedRun.state(40));
            assertEquals(List.of("30"), run.saved());
        }
    }

    @Test
    void aRunThatStopsOrPausesIsSavedInAnyCase() throws IOException {
        try (InterruptedRun run = run("none");
                CheckpointSaver saver = saver(run, 0)) {
            saver.savePaused(InterruptedRun.state(30));
            assertEquals(List.of("30"), run.saved());
            RuntimeException interrupted = new IllegalStateException("interrupted");
            UserError stopped = saver.stopped(InterruptedRun.state(1040), interrupted);
            assertEquals(List.of("1040", "30"), run.saved());
            assertEquals(UserError.Kind.STOPPED, stopped.kind());
            assertEquals(interrupted, stopped.getCause());
            assertTrue(
                    stopped.getMessage()
                            .contains("after step 1,040, which is saved in " + directory
                                    + "/runs/night/checkpoints. Run again under the name night to continue."),
                    stopped.getMessage());
        }
    }

    @Test
    void aFailureEndsTheRunAtTheNextCheckpoint() throws IOException {
        try (InterruptedRun run = run("10s");
                CheckpointSaver saver = saver(run, 0)) {
            Files.writeString(directory.resolve("runs/night/checkpoints"), "a file where a directory must go");
            saver.afterStep(InterruptedRun.state(10));
            UserError error = assertThrows(UserError.class, () -> saver.afterStep(InterruptedRun.state(20)));
            assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
            assertTrue(error.getMessage().contains("runs/night/checkpoints"), error.getMessage());
        }
    }

    @Test
    void aStateThatDivergedIsNotSaved() throws IOException {
        try (InterruptedRun run = run("10s");
                CheckpointSaver saver = saver(run, 0)) {
            TrainingState state = InterruptedRun.state(10);
            state.optimizerState()[0][5] = Float.NaN;
            UserError error = assertThrows(UserError.class, () -> saver.afterStep(state));
            assertEquals(UserError.Kind.DIVERGED, error.kind());
            assertEquals(List.of(), run.saved());
        }
    }

    @Test
    void aRunThatHasLostItsLockTakesNoMoreSteps() throws IOException {
        try (InterruptedRun run = run("none");
                CheckpointSaver saver = saver(run, 0)) {
            Files.delete(directory.resolve("runs/night/LOCK"));
            assertThrows(UserError.class, run.context().lock()::requireHeld);
            UserError error = assertThrows(UserError.class, () -> saver.afterStep(InterruptedRun.state(10)));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        }
    }
}
