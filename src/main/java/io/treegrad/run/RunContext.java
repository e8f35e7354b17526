package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.time.Duration;
import java.time.Instant;

/** What does not change during a run: its settings, its environment and cluster, and where it writes. */
record RunContext(
        Settings settings,
        RunEnvironment environment,
        RunRecord record,
        Cluster cluster,
        HadoopStorage storage,
        OutputDirectory output,
        RunDirectory directory,
        Lock lock,
        StopSignal stop,
        Instant started) {

    String runId() {
        return record.runId();
    }

    /** Takes the lock for publishing; a signal ends the wait for it. */
    Lock lockForPublishing() {
        return stop.interrupting(() -> output.lockForPublishing("run " + runId(), lock));
    }

    double secondsSinceStart() {
        return Duration.between(started, Instant.now()).toMillis() / 1e3;
    }

    /** @throws UserError STOPPED if a signal asked the run to stop before it took a step */
    void requireNotStopped() {
        if (stop.isReceived()) {
            throw stopped(stop, "before a step was taken", runId(), null);
        }
    }

    /** How many tasks can run at once, see {@link Cluster#awaitSlots}; a signal ends the wait. */
    int awaitSlots() {
        try {
            return stop.interrupting(cluster::awaitSlots);
        } catch (UserError e) {
            requireNotStopped();
            throw e;
        }
    }

    /** @param when the run was stopped, as in "before a step was taken" */
    static UserError stopped(StopSignal stop, String when, String runId, Throwable cause) {
        return new UserError(
                        UserError.Kind.STOPPED,
                        "Stopped by %s %s. Run again under the name %s.".formatted(stop.name(), when, runId),
                        cause)
                .fixedBy(OutputSettings.RUN_ID.name());
    }
}
