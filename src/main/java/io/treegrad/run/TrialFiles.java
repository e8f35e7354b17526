package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The files of a trial of a sweep, which are those of a run. */
record TrialFiles(SweepTrial trial, TrainingInput input, RunDirectory directory) {
    /**
     * How the trial ended, if an earlier start of the sweep has finished it.
     *
     * @param sweep its name, for messages
     * @throws UserError BAD_CONFIGURATION if that had other settings or data
     */
    Optional<RunRecord> finishedBefore(String sweep, HadoopStorage storage) {
        boolean exists =
                RunRecord.earlier(directory).filter(RunRecord::hasSucceeded).isPresent();
        if (!exists) {
            return Optional.empty();
        }
        try {
            FinishedRun before = FinishedRun.read(storage, directory.path());
            requireSame(sweep, before.model().provenance());
            return Optional.of(before.record());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireSame(String sweep, Provenance before) {
        Map<String, String> recorded = Settings.decidingResult(before.settings());
        trial.settings().decidingResult().forEach((name, wanted) -> {
            if (!wanted.equals(recorded.get(name))) {
                throw changed(sweep, "its %s was %s and now is %s".formatted(name, recorded.get(name), wanted));
            }
        });
        if (!before.data().sha256().equals(input.sha256().join())) {
            throw changed(sweep, "its data was another");
        }
    }

    private UserError changed(String sweep, String how) {
        return new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        "Sweep %s cannot be continued: trial %s has been made and %s. Give the sweep another name."
                                .formatted(sweep, trial.runId(), how))
                .fixedBy(OutputSettings.RUN_ID.name());
    }

    /**
     * Writes the files of a trial that has ended.
     *
     * @param lock of the sweep
     * @param started when the sweep was
     * @return how it ended, as {@code run.json} now tells
     */
    RunRecord write(SweepTrial.Result result, Cluster cluster, Lock lock, Instant started) {
        RunRecord record = result.record();
        result.files().forEach((name, bytes) -> {
            if (!name.equals(RunRecord.FILE)) {
                directory.write(lock, name, out -> out.write(bytes));
            }
        });
        input.files().requireUnchanged();
        record.data = new RunRecord.Data(
                input.data().kind(), input.rows(), input.sha256().join());
        if (record.hasSucceeded()) {
            // each trial has read its rows itself
            DataProvenance data = input.provenance(Map.of(), null);
            TrainedModel model = new ModelAssembly(trial.settings(), input, trial.spec(), cluster, started)
                    .model(record.engine, result.parameters(), data, record.metrics(), null);
            record.weightsSha256 = model.weightsSha256();
            record.model = directory.writeModel(lock, model);
        }
        record.write(directory, lock);
        return record;
    }
}
