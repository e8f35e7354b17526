package io.treegrad.run;

import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.Fingerprint;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.Checkpoints;
import io.treegrad.storage.Lock;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Saves checkpoints when they are due, and when a signal asks the run to stop. A copy of the state is written by a thread
 * of its own while training goes on; the next checkpoint waits for the one before, and throws what went wrong with it.
 */
final class CheckpointSaver implements TrainingObserver, AutoCloseable {
    private static final long SECONDS_TO_END = 60;

    private final Checkpoints checkpoints;
    private final CompletableFuture<Fingerprint> fingerprint;
    private final Map<String, String> platform;
    private final CheckpointCadence cadence;
    private final int keep;
    private final Lock lock;
    private final StopSignal stop;
    private final String runId;
    private long savedStep;
    private long savedNanos = System.nanoTime();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "checkpoint writer");
        thread.setDaemon(true);
        return thread;
    });
    private Future<?> writing = CompletableFuture.completedFuture(null);
    private long nanos;
    private int count;

    /**
     * @param fingerprint computed while training begins: it reads all files
     * @param firstStep at which the run begins, which need not be saved again
     */
    CheckpointSaver(
            Checkpoints checkpoints,
            CompletableFuture<Fingerprint> fingerprint,
            Map<String, String> platform,
            Settings settings,
            Lock lock,
            StopSignal stop,
            String runId,
            long firstStep) {
        this.checkpoints = checkpoints;
        this.fingerprint = fingerprint;
        this.platform = platform;
        this.cadence = CheckpointCadence.parse(settings.text(Setting.CHECKPOINT_EVERY));
        this.keep = settings.integer(Setting.KEEP);
        this.lock = lock;
        this.stop = stop;
        this.runId = runId;
        this.savedStep = firstStep;
    }

    @Override
    public void afterStep(TrainingState state) {
        Failpoint.reach("after-step", state.step() - 1);
        if (stop.isReceived()) {
            save(state);
            await();
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
            await();
        }
    }

    private void save(TrainingState state) {
        if (state.step() == savedStep) {
            return;
        }
        long before = System.nanoTime();
        state.requireFinite();
        await();
        TrainingState copy = state.copy();
        writing = writer.submit(() -> write(copy));
        savedStep = state.step();
        savedNanos = System.nanoTime();
        nanos += savedNanos - before;
        count++;
    }

    private void write(TrainingState state) {
        lock.requireHeld();
        checkpoints.save(new Checkpoint(fingerprint.join(), platform, state), keep);
    }

    /** Until the last checkpoint is written. */
    private void await() {
        try {
            writing.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint is written", e);
        }
    }

    /** Lets a checkpoint that is being written come to its end. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Checkpoints saved by this process. */
    int count() {
        return count;
    }

    /** For how long training stood still for them, in seconds. */
    double seconds() {
        return nanos / 1e9;
    }
}
