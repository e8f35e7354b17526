package io.treegrad.run;

import io.treegrad.common.Ending;
import io.treegrad.common.Printable;
import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.model.EpochLine;
import io.treegrad.model.InputManifest;
import io.treegrad.model.LossCurve;
import io.treegrad.model.ModelFiles;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.ResumeChoice;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One run from its settings to its record: names it, locks it, starts Spark, and records how it ends, in every case.
 * {@link TrainingRun} does the work.
 */
public final class TrainingJob {
    private final Settings settings;
    private final RunEnvironment environment;
    private final RunListener listener;
    private RunRecord record = new RunRecord();

    /** @param settings of {@code train} */
    public TrainingJob(Settings settings, RunEnvironment environment, RunListener listener) {
        this.settings = settings;
        this.environment = environment;
        this.listener = listener;
    }

    /** What is known so far; also valid after a failure. */
    public RunRecord record() {
        return record;
    }

    /**
     * Trains, evaluates and publishes. Does nothing if this run has already succeeded.
     *
     * @param onPublished receives the model before the page of the run is written, which takes longer
     * @throws UserError for what the user can fix; any other exception is a bug
     */
    public RunOutcome run(Consumer<RunOutcome> onPublished) throws Exception {
        new Recipe(settings).requirePossible(); // before anything is started
        Cluster.prepareArithmetic(settings.get(NetworkSettings.HIDDEN)).ifPresent(environment::say);
        Instant started = Instant.now();
        String runId = runId(started);
        HadoopStorage storage = Cluster.submissionStorage();
        OutputDirectory output = OutputPlace.of(settings, storage);
        new Gates(settings, output).requirePossible();
        output.requireWritable();
        RunDirectory directory = output.run(runId);
        if (hasFinishedBefore(directory)) {
            return nothingToDo(storage);
        }
        record.runId = runId;
        try (StopSignal stop = StopSignal.listen();
                Lock lock = lock(directory, runId, stop)) {
            if (hasFinishedBefore(directory)) { // while this process waited for the lock
                return nothingToDo(storage);
            }
            RunFollowers followers = new RunFollowers(settings, environment);
            try {
                begin(directory, lock);
                followers.begun(runId, started);
                RunOutcome outcome;
                try (Cluster cluster = stop.interruptible(() -> Cluster.start(
                        "treegrad train " + runId,
                        settings.get(ClusterSettings.EXCHANGE),
                        settings.get(ClusterSettings.PORT)))) {
                    record.arithmetic = cluster.arithmetic();
                    RunContext context = new RunContext(
                            settings,
                            environment,
                            record,
                            cluster,
                            cluster.storage(),
                            output,
                            directory,
                            lock,
                            stop,
                            started);
                    outcome = stop.interruptible(() -> new TrainingRun(context, listener, onPublished).run());
                }
                record.succeeded().write(directory, lock);
                followers.ended(record, directory, started);
                return outcome;
            } catch (Throwable thrown) {
                if (stop.hasInterrupted() && !isStop(thrown)) {
                    UserError stopped = RunContext.stopped(stop, "before it was done", runId, thrown);
                    writeFailure(stopped, directory, lock);
                    followers.ended(record, directory, started);
                    throw stopped;
                }
                writeFailure(thrown, directory, lock);
                followers.ended(record, directory, started);
                throw thrown;
            }
        }
    }

    private RunOutcome nothingToDo(HadoopStorage storage) {
        environment.say("Run " + record.runId() + " is finished: there is nothing to do.");
        warnOfOtherSettings(storage);
        return new RunOutcome(record, Optional.empty());
    }

    /** Who gives a finished run other settings may believe that it was trained with them. */
    private void warnOfOtherSettings(HadoopStorage storage) {
        Map<String, String> before;
        try {
            before = Settings.decidingResult(
                    ModelFiles.read(storage, record.model()).provenance().settings());
        } catch (IOException | UserError e) {
            return; // the model was removed since
        }
        String others = settings.decidingResult().entrySet().stream()
                .filter(now -> !now.getValue().equals(before.getOrDefault(now.getKey(), now.getValue())))
                .map(now -> "%s was %s and now is %s".formatted(now.getKey(), before.get(now.getKey()), now.getValue()))
                .collect(Collectors.joining("; "));
        if (!others.isEmpty()) {
            environment.warn(
                    "it was trained with other settings (%s), so these have no effect. For another training give the run another name, or start again with resume = never."
                            .formatted(others));
        }
    }

    private static Lock lock(RunDirectory directory, String runId, StopSignal stop) {
        try {
            return stop.interrupting(() -> directory.lock("run " + runId));
        } catch (RuntimeException e) {
            throw stop.isReceived() ? RunContext.stopped(stop, "before it began", runId, e) : e;
        }
    }

    /** Removes what tells of an attempt before: whoever reads it must not take it for the result of this one. */
    void begin(RunDirectory directory, Lock lock) {
        if (settings.get(OutputSettings.RESUME) instanceof ResumeChoice.Never) {
            // first: if this process is killed in between, the run has not started again
            directory.startAgain(lock);
            List.of(EpochLine.FILE, LossCurve.FILE, RunReport.FILE).forEach(file -> directory.remove(lock, file));
            if (!isExpected(directory, InputManifest.FILE)) {
                directory.remove(lock, InputManifest.FILE);
            }
        }
        directory.remove(lock, RunRecord.FILE);
    }

    /** Whether a list of inputs is the one that this attempt is told to keep to. It is replaced once it is read. */
    private boolean isExpected(RunDirectory directory, String file) {
        String run = directory.path().substring(directory.path().lastIndexOf('/'));
        return settings.get(DataSettings.MANIFEST)
                .filter(manifest -> manifest.endsWith(run + "/" + file))
                .isPresent();
    }

    private static boolean isStop(Throwable thrown) {
        return Ending.of(thrown).exitCode() == UserError.Kind.STOPPED.exitCode();
    }

    private void writeFailure(Throwable thrown, RunDirectory directory, Lock lock) {
        Ending ending = Ending.of(thrown);
        try {
            record.failed(ending.exitCode(), ending.message()).write(directory, lock);
        } catch (UserError e) {
            lock.requireNotLost();
            environment.warn(Redaction.redact(e.getMessage()));
            removeRecord(directory, lock);
        }
    }

    /** Better none than a wrong one, where it could not be replaced as a whole. */
    private void removeRecord(RunDirectory directory, Lock lock) {
        try {
            directory.remove(lock, RunRecord.FILE);
        } catch (UserError e) {
            environment.warn(Redaction.redact(e.getMessage()));
        }
    }

    /** Whether the run has already succeeded; if so, its record becomes the record of this job. */
    private boolean hasFinishedBefore(RunDirectory directory) {
        if (settings.get(OutputSettings.RESUME) instanceof ResumeChoice.Never) {
            return false;
        }
        Optional<RunRecord> before = RunRecord.earlier(directory).filter(RunRecord::hasSucceeded);
        before.ifPresent(found -> record = found);
        return before.isPresent();
    }

    private String runId(Instant started) {
        Optional<String> named = settings.get(OutputSettings.RUN_ID);
        if (settings.get(OutputSettings.RESUME) instanceof ResumeChoice.Run resumed) {
            if (named.isPresent() && !named.get().equals(resumed.id())) {
                throw settings.refusal(
                        OutputSettings.RESUME,
                        "the run is named " + Printable.quoted(named.get()) + " by "
                                + settings.nameOf(OutputSettings.RUN_ID) + ". Leave one of the two out.");
            }
            return resumed.id();
        }
        return named.orElseGet(() -> newRunId(started));
    }

    /** A name that begins with the time and ends with random letters. */
    public static String newRunId(Instant started) {
        String letters = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36);
        return OutputDirectory.TIME.format(started) + "-" + "0".repeat(4 - letters.length()) + letters;
    }
}
