package io.treegrad.run;

import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.model.EpochLine;
import io.treegrad.model.LossCurve;
import io.treegrad.network.GradientSum;
import io.treegrad.storage.Lock;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.EpochResult;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Writes {@code metrics.jsonl} while a run goes on and {@code losses.json} at its end, each time as a whole, since some
 * storage cannot append. If they cannot be written, the run warns once and goes on, unless another run has taken over.
 */
final class RunLog implements TrainingObserver {
    private static final long NANOS_BETWEEN = TimeUnit.SECONDS.toNanos(5);

    /** Where the files go. */
    interface Files {
        Optional<byte[]> read(String name);

        /** Replaces a file. */
        void write(String name, byte[] content);

        /** @throws UserError TRY_AGAIN if another process has taken over what they belong to */
        default void requireNotLost() {}

        static Files in(RunDirectory directory, Lock lock) {
            return new Files() {
                @Override
                public Optional<byte[]> read(String name) {
                    return directory.read(name);
                }

                @Override
                public void write(String name, byte[] content) {
                    directory.write(lock, name, out -> out.write(content));
                }

                @Override
                public void requireNotLost() {
                    lock.requireNotLost();
                }
            };
        }
    }

    private final Files files;
    private final long stepsPerEpoch;
    private final RunEnvironment environment;
    private final List<EpochLine> lines = new ArrayList<>();
    private long flushedNanos = System.nanoTime();
    private long lastNanos = flushedNanos;
    private long epochNanos;
    private boolean epochIsWhole;
    private long rows;
    private long nanos;
    private boolean warned;

    /** @param state at which the run begins; its finished epochs are taken over */
    RunLog(Files files, TrainingState state, long stepsPerEpoch, RunEnvironment environment) {
        this.files = files;
        this.stepsPerEpoch = stepsPerEpoch;
        this.environment = environment;
        this.epochIsWhole = state.sums().rows() == 0;
        takeOver(state.epochs());
    }

    /** Finished epochs come from the state; only the file has their durations. */
    private void takeOver(List<EpochResult> epochs) {
        List<EpochLine> old = List.of();
        try {
            if (!epochs.isEmpty()) {
                old = files.read(EpochLine.FILE)
                        .map(bytes -> EpochLine.parse(bytes, EpochLine.FILE))
                        .orElse(List.of());
            }
        } catch (UserError e) {
            warn(e);
        }
        for (int i = 0; i < epochs.size(); i++) {
            Double seconds = i < old.size() ? old.get(i).seconds() : null;
            EpochLine line = EpochLine.of(epochs.get(i), (i + 1) * stepsPerEpoch, seconds);
            // an old file may belong to another attempt at the run
            boolean same = i < old.size() && old.get(i).train().equals(line.train());
            lines.add(same ? line : EpochLine.of(epochs.get(i), (i + 1) * stepsPerEpoch, null));
        }
    }

    /** Call when training begins: earlier time does not count. */
    void start() {
        lastNanos = System.nanoTime();
    }

    @Override
    public void afterUpdate(long step, float[] theta, GradientSum sum) {
        long now = System.nanoTime();
        rows += sum.counts().rows();
        nanos += now - lastNanos;
        epochNanos += now - lastNanos;
    }

    @Override
    public void afterEpoch(EpochResult result) {
        lines.add(EpochLine.of(result, result.epoch() * stepsPerEpoch, epochIsWhole ? epochNanos / 1e9 : null));
        epochNanos = 0;
        epochIsWhole = true;
    }

    @Override
    public void afterStep(TrainingState state) {
        if (state.sums().rows() == 0 && System.nanoTime() - flushedNanos > NANOS_BETWEEN) {
            writeLines();
        }
        lastNanos = System.nanoTime();
    }

    /** Writes both files, at the end. */
    void flush(TrainingState state) {
        writeLines();
        write(LossCurve.FILE, LossCurve.of(state.losses()).toBytes());
    }

    private void writeLines() {
        write(EpochLine.FILE, EpochLine.toBytes(lines));
        flushedNanos = System.nanoTime();
    }

    private void write(String name, byte[] bytes) {
        try {
            files.write(name, bytes);
        } catch (UserError e) {
            files.requireNotLost();
            warn(e);
        }
    }

    private void warn(UserError e) {
        if (!warned) {
            environment.warn(Redaction.redact(e.getMessage()) + " Training goes on.");
            warned = true;
        }
    }

    /** Training rows a second over the steps of this process, without evaluation and storage; 0 before the first. */
    double rowsPerSecond() {
        return nanos == 0 ? 0 : rows * 1e9 / nanos;
    }
}
