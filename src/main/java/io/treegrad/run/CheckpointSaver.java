package io.treegrad.run;

import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.model.Checkpoint;
import io.treegrad.settings.OutputSettings;
import io.treegrad.spark.RunMetrics;
import io.treegrad.training.CheckpointCadence;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Saves checkpoints when they are due, and when a signal asks the run to stop. A background thread writes a copy of the
 * state while training goes on. The next checkpoint waits for the one before, and throws its failure if it failed.
 */
final class CheckpointSaver implements TrainingObserver, AutoCloseable {
    private static final long SECONDS_TO_END = 60;

    private final RunContext context;
    private final Resumption resumption;
    private final Optional<CheckpointCadence> cadence;
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

    /** @param firstStep step at which the run begins; it is not saved again */
    CheckpointSaver(RunContext context, Resumption resumption, long firstStep) {
        this.context = context;
        this.resumption = resumption;
        this.cadence = context.settings().get(OutputSettings.CHECKPOINT_EVERY);
        this.savedStep = firstStep;
    }

    @Override
    public void afterStep(TrainingState state) {
        Failpoint.reach("after-step", state.step() - 1);
        context.lock().requireNotLost();
        if (context.stop().isReceived()) {
            throw stopped(state, null);
        }
        if (cadence.isPresent() && cadence.get().isDue(state, System.nanoTime() - savedNanos)) {
            save(state);
        }
    }

    /**
     * Saves the state after its last step, because of a signal.
     *
     * @param cause what the signal interrupted; null if it came between two steps
     */
    UserError stopped(TrainingState state, RuntimeException cause) {
        context.stop().acknowledge();
        save(state);
        await();
        return new UserError(
                        UserError.Kind.STOPPED,
                        "Stopped by %s after step %,d, which is saved in %s. Run again under the name %s to continue."
                                .formatted(
                                        context.stop().name(),
                                        state.step(),
                                        resumption.checkpoints().path(),
                                        context.runId()),
                        cause)
                .fixedBy(OutputSettings.RUN_ID.name());
    }

    /** Saves the state at which a deadline ended the training, so that the run can go on. */
    void savePaused(TrainingState state) {
        save(state);
        await();
    }

    /** Saves the final state, so that a run that fails to publish need not train again. */
    void finish(TrainingState state) {
        if (cadence.isPresent()) {
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
        RunMetrics.ofDriver().setCheckpointSeconds(seconds());
        count++;
    }

    private void write(TrainingState state) {
        resumption
                .checkpoints()
                .save(
                        context.lock(),
                        new Checkpoint(resumption.fingerprint().join(), resumption.platform(), state),
                        context.settings().get(OutputSettings.KEEP));
    }

    /** Waits until the last checkpoint is written. */
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

    /** Waits for a checkpoint that is being written. */
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

    /** How long training waited for checkpoints, in seconds. */
    double seconds() {
        return nanos / 1e9;
    }
}
