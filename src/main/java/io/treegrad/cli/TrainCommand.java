package io.treegrad.cli;

import io.treegrad.common.Failpoint;
import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.network.Blas;
import io.treegrad.network.BlasKind;
import io.treegrad.run.Recipe;
import io.treegrad.run.Summary;
import io.treegrad.run.TrainingRun;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Trains, evaluates and publishes, and sees to it that every ending is on record. The work is {@link TrainingRun}'s. */
public final class TrainCommand implements CommandAction {
    private static final String RUN_JSON = "run.json";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Override
    public void run(Settings settings, List<String> paths, Console console) throws Exception {
        Recipe recipe = new Recipe(settings);
        recipe.network(1, 2); // refuses an impossible network before anything is started
        // before Spark starts: two threads that load native libraries at once can wait for each other for ever in the
        // loader of the C library, which takes its two locks in either order
        Blas blas = Blas.load(settings.choice(Setting.BLAS, BlasKind.class));
        Instant started = Instant.now();
        String runId = runId(settings, started);
        OutputDirectory output = new OutputDirectory(Cluster.submissionStorage(), settings.text(Setting.OUTPUT));
        output.requireWritable();
        RunDirectory directory = output.run(runId);
        if (isFinished(directory, settings, console)) {
            return;
        }
        console.summary().put("runId", runId);
        try (Lock lock = directory.lock("run " + runId);
                StopSignal stop = StopSignal.listen()) {
            try {
                try (Cluster cluster = Cluster.start("treegrad train " + runId)) {
                    blas.fallbackReason().ifPresent(console.err()::println);
                    console.summary().put("blas", blas.name());
                    new TrainingRun(
                                    settings, recipe, console, cluster, blas, output, directory, lock, stop, runId,
                                    started)
                            .run();
                }
                record(directory, console.summary().succeeded());
            } catch (Throwable thrown) {
                throw recorded(thrown, directory, console);
            }
        }
    }

    /** Writes down the failure and returns what is to be thrown for it. */
    private static Exception recorded(Throwable thrown, RunDirectory directory, Console console) {
        Failure failure = Failure.of(thrown);
        try {
            record(directory, console.summary().failed(failure.exitCode(), failure.message()));
        } catch (UserError e) {
            console.err().println("Warning: " + Printable.redacted(e.getMessage()));
            directory.remove(RUN_JSON); // no record rather than one of another ending
        }
        return thrown instanceof Exception exception ? exception : new IllegalStateException(thrown);
    }

    private static void record(RunDirectory directory, Map<String, Object> summary) {
        byte[] line = (Summary.json(summary) + "\n").getBytes(StandardCharsets.UTF_8);
        Failpoint.reach("before-run-json", 0);
        directory.write(RUN_JSON, out -> out.write(line));
        Failpoint.reach("after-run-json", 0);
    }

    /** Whether the run has succeeded before; if so its summary is this one's too. */
    private static boolean isFinished(RunDirectory directory, Settings settings, Console console) {
        if (settings.text(Setting.RESUME).equals("never")) {
            return false;
        }
        Optional<byte[]> before = directory.read(RUN_JSON);
        if (before.isEmpty() || !console.summary().takeOverIfSucceeded(before.get())) {
            return false;
        }
        console.err().println("Run " + console.summary().get("runId") + " is finished: there is nothing to do.");
        if (!settings.flag(Setting.JSON)) {
            console.out().println(Summary.json(console.summary().succeeded()));
        }
        return true;
    }

    private static String runId(Settings settings, Instant started) {
        boolean resumesOther = settings.isGiven(Setting.RESUME)
                && !settings.text(Setting.RESUME).equals("never");
        if (resumesOther) {
            if (settings.isGiven(Setting.RUN_ID)
                    && !settings.text(Setting.RUN_ID).equals(settings.text(Setting.RESUME))) {
                throw settings.refusal(
                        Setting.RESUME,
                        "the run is named " + Printable.quoted(settings.text(Setting.RUN_ID)) + " by "
                                + settings.nameOf(Setting.RUN_ID) + ". Leave one of the two out.");
            }
            return settings.text(Setting.RESUME);
        }
        return settings.isGiven(Setting.RUN_ID) ? settings.text(Setting.RUN_ID) : newRunId(started);
    }

    private static String newRunId(Instant started) {
        String letters = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36);
        return TIME.format(started) + "-" + "0".repeat(4 - letters.length()) + letters;
    }

    /** The name of the version that a run publishes: the time, then the run, so that the newest is the last. */
    public static String versionName(String runId, Instant started) {
        String time = TIME.format(started);
        return runId.startsWith(time) ? runId : time + "-" + runId;
    }
}
