package io.treegrad.cli;

import io.treegrad.common.UserError;
import io.treegrad.network.Task;
import io.treegrad.run.FinishedRun;
import io.treegrad.run.OutputPlace;
import io.treegrad.run.Sweep;
import io.treegrad.run.TrainingJob;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.SweepRung;
import io.treegrad.settings.SweepSearch;
import io.treegrad.settings.SweepSpace;
import io.treegrad.settings.TrainingSettings;
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
        SweepSearch search = settings.get(CommandSettings.SEARCH);
        List<Settings> trainings = space.trainings(search, SettingsResolver.sparkKeys(), console.directory());
        List<SweepRung> rungs = rungs(settings, search, trainings);
        Metric metric = rankedBy(settings, trainings.get(0).get(DataSettings.TASK));
        String id = settings.get(OutputSettings.RUN_ID).orElseGet(() -> TrainingJob.newRunId(Instant.now()));
        HadoopStorage storage = Cluster.submissionStorage();
        OutputDirectory output = OutputPlace.of(settings, storage);
        console.err().printf("Sweep %s: %d trials.%n", id, trainings.size());
        List<Sweep.Trial> ended = new ArrayList<>();
        Sweep sweep = new Sweep(id, space, trainings, rungs, metric, console.forRun(), output);
        List<Sweep.Trial> ranked = sweep.run(trial -> {
            ended.add(trial);
            console.err()
                    .printf(
                            "%d ended: %s (%s): %s%n",
                            ended.size(), trial.record().runId(), trial.title(), result(trial, metric));
        });
        boolean inRungs = rungs.size() > 1;
        String page = writePage(storage, output.sweep(id), ranked, inRungs);
        console.summary()
                .put("sweep", id)
                .put("rankedBy", metric.key())
                .put(
                        "trials",
                        ranked.stream().map(trial -> facts(trial, inRungs)).toList())
                .put("page", page);
        if (!settings.get(OutputSettings.JSON)) {
            print(ranked, metric, inRungs, page, console.out());
        }
        if (ranked.stream().noneMatch(trial -> trial.record().hasSucceeded())) {
            throw new UserError(
                    UserError.Kind.DIVERGED,
                    "All %d trials of sweep %s diverged, expected one at least that does not. Lower the learning rates."
                            .formatted(ranked.size(), id));
        }
    }

    private static List<SweepRung> rungs(Settings settings, SweepSearch search, List<Settings> trainings) {
        int epochs = trainings.stream()
                .mapToInt(training -> training.get(TrainingSettings.EPOCHS))
                .min()
                .orElseThrow();
        List<SweepRung> rungs = search.rungs(trainings.size(), epochs);
        if (search instanceof SweepSearch.Halving halving && rungs.size() == 1) {
            throw settings.refusal(
                    CommandSettings.SEARCH,
                    "there are %d trials, the shortest of %d epochs, and the first rung needs at least %d trials of %d epochs to choose from. Try more values, train longer, or give another search."
                            .formatted(trainings.size(), epochs, halving.eta(), halving.eta()));
        }
        return rungs;
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

    private static String writePage(
            HadoopStorage storage, RunDirectory directory, List<Sweep.Trial> ranked, boolean inRungs)
            throws IOException {
        List<FinishedRun> runs = new ArrayList<>();
        List<Integer> rungs = new ArrayList<>();
        for (Sweep.Trial trial : ranked) {
            if (trial.record().hasSucceeded()) {
                runs.add(FinishedRun.read(storage, trial.directory()));
                rungs.add(trial.rung());
            }
        }
        if (runs.isEmpty()) {
            return null;
        }
        byte[] page = FinishedRun.comparison(runs, inRungs ? rungs : List.of(), ranked.size() - runs.size());
        try (Lock lock = directory.lock("the page of a sweep")) {
            directory.write(lock, PAGE, out -> out.write(page));
        }
        return directory.path() + "/" + PAGE;
    }

    private static Map<String, Object> facts(Sweep.Trial trial, boolean inRungs) {
        Map<String, Object> facts = new LinkedHashMap<>();
        if (inRungs) {
            facts.put("rung", trial.rung());
        }
        facts.put("run", trial.record().runId());
        facts.put("settings", trial.title());
        facts.put("record", trial.record());
        return facts;
    }

    private static void print(List<Sweep.Trial> ranked, Metric metric, boolean inRungs, String page, PrintStream out) {
        String part = ranked.get(0).rankedPart().label();
        out.printf(
                "%4s  %s%-24s %8s  %s%n",
                "rank", inRungs ? "rung  epochs  " : "", part + " " + metric.label(), "seconds", "settings");
        for (int i = 0; i < ranked.size(); i++) {
            Sweep.Trial trial = ranked.get(i);
            out.printf(
                    Locale.ROOT,
                    "%4d  %s%-24s %8.1f  %s%n",
                    i + 1,
                    inRungs
                            ? "%4d  %6d  "
                                    .formatted(trial.rung(), trial.record().epochs())
                            : "",
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
