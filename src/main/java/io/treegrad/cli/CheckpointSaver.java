package io.treegrad.cli;

import io.treegrad.model.Checkpoint;
import io.treegrad.model.Fingerprint;
import io.treegrad.network.UserError;
import io.treegrad.spark.Checkpoints;
import io.treegrad.spark.Failpoint;
import io.treegrad.spark.Lock;
import io.treegrad.spark.StopSignal;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Saves checkpoints when they are due, and when a signal asks the run to stop. */
final class CheckpointSaver implements TrainingObserver {
    private final Checkpoints checkpoints;
    private final CompletableFuture<Fingerprint> fingerprint;
    private final Map<String, String> surroundings;
    private final CheckpointCadence cadence;
    private final int keep;
    private final RunLog log;
    private final Lock lock;
    private final StopSignal stop;
    private final String runId;
    private long savedStep;
    private long savedNanos = System.nanoTime();
    private long nanos;
    private int count;

    /**
     * @param fingerprint computed while training begins: it reads all files
     * @param firstStep at which the run begins, which need not be saved again
     */
    CheckpointSaver(
            Checkpoints checkpoints,
            CompletableFuture<Fingerprint> fingerprint,
            Map<String, String> surroundings,
            Settings settings,
            RunLog log,
            Lock lock,
            StopSignal stop,
            String runId,
            long firstStep) {
        this.checkpoints = checkpoints;
        this.fingerprint = fingerprint;
        this.surroundings = surroundings;
        this.cadence = CheckpointCadence.parse(settings.text(Setting.CHECKPOINT_EVERY));
        this.keep = settings.integer(Setting.KEEP);
        this.log = log;
        this.lock = lock;
        this.stop = stop;
        this.runId = runId;
        this.savedStep = firstStep;
    }

    @Override
    public void between(TrainingState state) {
        Failpoint.reach("after-step", state.step() - 1);
        if (stop.isReceived()) {
            save(state);
            throw new UserError(
                    UserError.Kind.STOPPED,
                    "Stopped by %s after step %,d, which is saved in %s. Run again with --run-id %s to continue."
                            .formatted(stop.name(), state.step(), checkpoints.path(), runId));
        }
        if (cadence.isDue(state, System.nanoTime() - savedNanos)) {
            save(state);
        }
    }

    /** Saves the end of training, so that a run which fails to publish need not train again. */
    void finish(TrainingState state) {
        if (cadence.unit() != CheckpointCadence.Unit.NEVER) {
            save(state);
        }
    }

    private void save(TrainingState state) {
        if (state.step() == savedStep) {
            return;
        }
        long before = System.nanoTime();
        state.requireFinite();
        lock.requireHeld();
        checkpoints.save(new Checkpoint(fingerprint.join(), surroundings, state), keep);
        log.flush(state);
        savedStep = state.step();
        savedNanos = System.nanoTime();
        nanos += savedNanos - before;
        count++;
    }

    /** Checkpoints saved by this process. */
    int count() {
        return count;
    }

    /** What saving them took, in seconds. */
    double seconds() {
        return nanos / 1e9;
    }
}
