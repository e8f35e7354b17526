package io.treegrad.run;

import io.treegrad.common.Ending;
import io.treegrad.common.Printable;
import io.treegrad.common.Redaction;
import io.treegrad.common.UserError;
import io.treegrad.network.Arithmetic;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.ResumeChoice;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

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
        new Recipe(settings).network(1, 2); // refuses an impossible network before anything is started
        Arithmetic.prepare().ifPresent(environment::say);
        Instant started = Instant.now();
        String runId = runId(started);
        OutputDirectory output =
                new OutputDirectory(Cluster.submissionStorage(), settings.get(OutputSettings.DIRECTORY));
        output.requireWritable();
        RunDirectory directory = output.run(runId);
        if (hasFinishedBefore(directory)) {
            environment.say("Run " + record.runId() + " is finished: there is nothing to do.");
            return new RunOutcome(record, Optional.empty());
        }
        record.runId = runId;
        try (Lock lock = directory.lock("run " + runId);
                StopSignal stop = StopSignal.listen()) {
            try {
                RunOutcome outcome;
                try (Cluster cluster = Cluster.start("treegrad train " + runId)) {
                    record.arithmetic = Arithmetic.name();
                    RunContext context = new RunContext(
                            settings, environment, record, cluster, output, directory, lock, stop, started);
                    outcome = new TrainingRun(context, listener, onPublished).run();
                }
                record.succeeded().write(directory);
                return outcome;
            } catch (Throwable thrown) {
                writeFailure(thrown, directory);
                throw thrown;
            }
        }
    }

    private void writeFailure(Throwable thrown, RunDirectory directory) {
        Ending ending = Ending.of(thrown);
        try {
            record.failed(ending.exitCode(), ending.message()).write(directory);
        } catch (UserError e) {
            environment.warn(Redaction.redact(e.getMessage()));
            directory.remove(RunRecord.FILE); // better no record than a wrong one
        }
    }

    /** Whether the run has already succeeded; if so, its record becomes the record of this job. */
    private boolean hasFinishedBefore(RunDirectory directory) {
        if (settings.get(OutputSettings.RESUME) instanceof ResumeChoice.Never) {
            return false;
        }
        Optional<RunRecord> before =
                RunRecord.parseIfWhole(directory.read(RunRecord.FILE)).filter(RunRecord::hasSucceeded);
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
