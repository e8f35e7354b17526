package io.treegrad.run;

import io.treegrad.common.UserError;
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
        OutputDirectory output,
        RunDirectory directory,
        Lock lock,
        StopSignal stop,
        Instant started) {

    HadoopStorage storage() {
        return cluster.storage();
    }

    String runId() {
        return record.runId();
    }

    double secondsSinceStart() {
        return Duration.between(started, Instant.now()).toMillis() / 1e3;
    }

    /** @throws UserError STOPPED if a signal asked the run to stop before it took a step */
    void requireNotStopped() {
        if (stop.isReceived()) {
            throw new UserError(
                            UserError.Kind.STOPPED,
                            "Stopped by %s before a step was taken. Run again under the name %s."
                                    .formatted(stop.name(), runId()))
                    .fixedBy("run-id");
        }
    }
}
