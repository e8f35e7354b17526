package io.treegrad.cli;

import io.treegrad.network.Task;
import io.treegrad.run.FinishedRun;
import io.treegrad.run.Sweep;
import io.treegrad.run.TrainingJob;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.SweepSpace;
import io.treegrad.spark.Cluster;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Trains side by side with different settings and ranks the results. {@link Sweep} does the work. */
final class SweepCommand implements CommandAction {
    private static final String PAGE = "index.html";

    @Override
    public void run(Settings settings, List<String> words, Console console) throws Exception {
        SweepSpace space = new SweepSpace(words, settings.get(CommandSettings.BASE));
        List<Settings> trainings = space.trainings(
                settings.get(CommandSettings.SEARCH), SettingsResolver.sparkKeys(), console.directory());
        Metric metric = rankedBy(settings, trainings.get(0).get(DataSettings.TASK));
        String id = settings.get(OutputSettings.RUN_ID).orElseGet(() -> TrainingJob.newRunId(Instant.now()));
        HadoopStorage storage = Cluster.submissionStorage();
        OutputDirectory output = new OutputDirectory(storage, settings.get(OutputSettings.DIRECTORY));
        console.err().printf("Sweep %s: %d trials.%n", id, trainings.size());
        List<Sweep.Trial> ended = new ArrayList<>();
        List<Sweep.Trial> trials = new Sweep(id, space, trainings, console.forRun(), output).run(trial -> {
            ended.add(trial);
            console.err()
                    .printf(
                            "%d ended: %s (%s): %s%n",
                            ended.size(), trial.record().runId(), trial.title(), result(trial, metric));
        });
        List<Sweep.Trial> ranked = Sweep.ranked(trials, metric);
        String page = writePage(storage, output.sweep(id), ranked);
        console.summary()
                .put("sweep", id)
                .put("rankedBy", metric.key())
                .put("trials", ranked.stream().map(SweepCommand::facts).toList())
                .put("page", page);
        if (!settings.get(OutputSettings.JSON)) {
            print(ranked, metric, page, console.out());
        }
    }

    private static Metric rankedBy(Settings settings, Task task) {
        Metric metric =
                settings.get(CommandSettings.RANK_BY).orElse(task == Task.REGRESSION ? Metric.RMSE : Metric.ACCURACY);
        if (!metric.isFor(task)) {
            throw settings.refusal(
                    CommandSettings.RANK_BY, "it is no metric of a " + task.label() + ". Give another, or auto.");
        }
        return metric;
    }

    private static String result(Sweep.Trial trial, Metric metric) {
        return trial.record().hasSucceeded()
                ? trial.rankedPart().label() + " " + metric.label() + " " + metric.text(trial.value(metric))
                : trial.record().error();
    }

    private static String writePage(HadoopStorage storage, RunDirectory directory, List<Sweep.Trial> ranked)
            throws IOException {
        List<FinishedRun> runs = new ArrayList<>();
        for (Sweep.Trial trial : ranked) {
            if (trial.record().hasSucceeded()) {
                runs.add(FinishedRun.read(storage, trial.directory()));
            }
        }
        if (runs.isEmpty()) {
            return null;
        }
        byte[] page = FinishedRun.comparison(runs);
        try (Lock lock = directory.lock("the page of a sweep")) {
            directory.write(lock, PAGE, out -> out.write(page));
        }
        return directory.path() + "/" + PAGE;
    }

    private static Map<String, Object> facts(Sweep.Trial trial) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("run", trial.record().runId());
        facts.put("settings", trial.title());
        facts.put("record", trial.record());
        return facts;
    }

    private static void print(List<Sweep.Trial> ranked, Metric metric, String page, PrintStream out) {
        String part = ranked.get(0).rankedPart().label();
        out.printf("%4s  %-24s %8s  %s%n", "rank", part + " " + metric.label(), "seconds", "settings");
        for (int i = 0; i < ranked.size(); i++) {
            Sweep.Trial trial = ranked.get(i);
            out.printf(
                    Locale.ROOT,
                    "%4d  %-24s %8.1f  %s%n",
                    i + 1,
                    trial.record().hasSucceeded() ? metric.text(trial.value(metric)) : "diverged",
                    trial.record().trainSeconds().orElse(0),
                    trial.title());
        }
        Sweep.Trial best = ranked.get(0);
        if (best.record().hasSucceeded()) {
            out.printf("Best     %s%n", best.record().model());
            out.printf("Weights  %s%n", best.record().weightsSha256());
            out.printf("Page     %s%n", page);
        }
        out.flush();
    }
}
