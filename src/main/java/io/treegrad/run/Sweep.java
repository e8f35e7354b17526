package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.RowSource;
import io.treegrad.data.StepPlan;
import io.treegrad.model.Provenance;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Network;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingGroup;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SweepSpace;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.RowStatistics;
import io.treegrad.spark.SideBySide;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Many trainings side by side, each on one thread of an executor. A training of the size of MNIST gains more from this than
 * from several executors that share its steps. Each trial ends in the weights of the same training alone.
 *
 * <p>The files of trial 7 are those of a run, {@code runs/ID-07}, with its model in {@code model}. Nothing is published. A
 * sweep that is started again under its name makes only the trials that are missing.
 */
public final class Sweep {
    /**
     * One training.
     *
     * @param title the settings in which it differs from the others
     * @param record how it ended
     */
    public record Trial(String title, String directory, RunRecord record) {
        /** The value by which trials are ranked; NaN for a trial that diverged. */
        public double value(Metric metric) {
            return record.hasSucceeded() ? record.metrics().get(rankedPart()).get(metric) : Double.NaN;
        }

        /** Validation rows, or training rows where there are none; never test rows. */
        public Part rankedPart() {
            return record.metrics().containsKey(Part.VALIDATION) ? Part.VALIDATION : Part.TRAIN;
        }
    }

    private final String id;
    private final SweepSpace space;
    private final List<Settings> trainings;
    private final RunEnvironment environment;
    private final OutputDirectory output;

    /** A trial on the executors and what the driver needs to finish its files. */
    private record Planned(SweepTrial trial, TrainingInput input, RunDirectory directory) {}

    /** The data of all trials that read the same. */
    private record Loaded(DataSet data, InputFiles files) {}

    /** @param id names the sweep and begins the names of its runs */
    public Sweep(
            String id, SweepSpace space, List<Settings> trainings, RunEnvironment environment, OutputDirectory output) {
        this.id = id;
        this.space = space;
        this.trainings = trainings;
        this.environment = environment;
        this.output = output;
    }

    /**
     * Makes all trials.
     *
     * @param onTrial receives each as it ends
     * @return all, in the order of their numbers
     * @throws UserError STOPPED after a signal: finished trials stay; whatever makes a training fail but divergence
     */
    public List<Trial> run(Consumer<Trial> onTrial) throws IOException {
        for (Settings training : trainings) {
            new Recipe(training).requirePossible(); // before anything is started
        }
        Cluster.prepareArithmetic().ifPresent(environment::say);
        output.requireWritable();
        try (StopSignal stop = StopSignal.listen();
                Lock lock = stop.interrupting(() -> output.sweep(id).lock("sweep " + id));
                Cluster cluster = Cluster.start("treegrad sweep " + id)) {
            try {
                return stop.interrupting(() -> run(cluster, lock, onTrial));
            } catch (RuntimeException e) {
                if (stop.isReceived()) {
                    throw new UserError(
                                    UserError.Kind.STOPPED,
                                    "Stopped by %s. Finished trials stay: run again under the name %s for the others."
                                            .formatted(stop.name(), id))
                            .fixedBy("run-id");
                }
                throw e;
            }
        }
    }

    private List<Trial> run(Cluster cluster, Lock lock, Consumer<Trial> onTrial) {
        Instant started = Instant.now();
        int slots = cluster.awaitSlots();
        List<Planned> planned = planned(cluster);
        Trial[] trials = new Trial[planned.size()];
        List<SideBySide.Work<SweepTrial.Result>> missing = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < trials.length; i++) {
            trials[i] = finishedBefore(planned.get(i), cluster.storage());
            if (trials[i] == null) {
                missing.add(planned.get(i).trial);
                numbers.add(i);
            }
        }
        if (missing.size() < trials.length) {
            environment.say(
                    "%d of %d trials are finished already.".formatted(trials.length - missing.size(), trials.length));
        }
        SideBySide.run(cluster, slots, missing, (piece, result) -> {
            int number = numbers.get(piece);
            trials[number] = finished(lock, planned.get(number), result, cluster, started);
            onTrial.accept(trials[number]);
        });
        return List.of(trials);
    }

    private List<Planned> planned(Cluster cluster) {
        Map<List<String>, Loaded> data = new HashMap<>();
        Map<List<Object>, Preparation> preparations = new HashMap<>();
        List<Planned> planned = new ArrayList<>();
        int digits = Integer.toString(trainings.size()).length();
        for (Settings training : trainings) {
            List<String> reading = textsThatDecideData(training);
            Loaded loaded = data.computeIfAbsent(reading, absent -> load(training, cluster));
            Preparation.requirePossible(training, loaded.data.trainSource());
            Recipe recipe = new Recipe(training);
            StepPlan steps = recipe.steps(loaded.data.trainRows());
            TrainingInput input = TrainingInput.of(loaded.data, steps, loaded.files);
            Network network = recipe.network(
                    loaded.data.trainSource().features(),
                    loaded.data.trainSource().classes());
            Preparation preparation = preparations.computeIfAbsent(
                    List.of(reading, steps.shardPlan(), training.get(NetworkSettings.CLASS_WEIGHTS)),
                    absent -> preparation(training, input, steps, cluster));
            String runId = "%s-%0".concat(digits + "d").formatted(id, planned.size() + 1);
            planned.add(new Planned(
                    new SweepTrial(
                            runId,
                            space.title(training),
                            training,
                            preparation.spec(network, steps),
                            input.parts(),
                            cluster.storage()),
                    input,
                    output.run(runId)));
        }
        return planned;
    }

    private static List<String> textsThatDecideData(Settings training) {
        List<String> texts = new ArrayList<>();
        training.values().forEach((setting, value) -> {
            if (setting.group() == SettingGroup.DATA || setting == TrainingSettings.SEED) {
                texts.add(value.text());
            }
        });
        return texts;
    }

    private Loaded load(Settings training, Cluster cluster) {
        try {
            DataSet data = DataSet.of(training, cluster.storage(), new DataLocator(environment));
            environment.say(data.sentence());
            return new Loaded(data, InputFiles.of(data, training, cluster.storage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Preparation preparation(Settings training, TrainingInput input, StepPlan steps, Cluster cluster) {
        RowSource source = input.data().trainSource();
        if (!Preparation.needsRows(training, source)) {
            return Preparation.of(training, source, Optional.empty());
        }
        try (DistributedRows rows = new DistributedRows(cluster, input.parts(), steps.shards(), cluster.storage())) {
            rows.load();
            return Preparation.of(training, source, Optional.of(new RowStatistics(rows)));
        }
    }

    /** The trial, if an earlier start of this sweep has finished it; null if not. */
    private Trial finishedBefore(Planned planned, HadoopStorage storage) {
        boolean exists = RunRecord.parseIfWhole(planned.directory.read(RunRecord.FILE))
                .filter(RunRecord::hasSucceeded)
                .isPresent();
        if (!exists) {
            return null;
        }
        try {
            FinishedRun before = FinishedRun.read(storage, planned.directory.path());
            requireSame(planned, before.model().provenance());
            return new Trial(planned.trial.title(), planned.directory.path(), before.record());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireSame(Planned planned, Provenance before) {
        Settings now = planned.trial.settings();
        for (Setting<?> setting : now.values().keySet()) {
            String recorded = before.settings().get(setting.name());
            String wanted = now.redacted().get(setting.name());
            if (setting.effect() == Setting.Effect.DECIDES_RESULT && !wanted.equals(recorded)) {
                throw changed(planned, "its %s was %s and now is %s".formatted(setting.name(), recorded, wanted));
            }
        }
        if (!before.data().sha256().equals(planned.input.sha256().join())) {
            throw changed(planned, "its data was another");
        }
    }

    private UserError changed(Planned planned, String how) {
        return new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        "Sweep %s cannot be continued: trial %s has been made and %s. Give the sweep another name."
                                .formatted(id, planned.trial.runId(), how))
                .fixedBy("run-id");
    }

    private Trial finished(Lock lock, Planned planned, SweepTrial.Result result, Cluster cluster, Instant started) {
        RunRecord record = result.record();
        RunDirectory directory = planned.directory;
        result.files().forEach((name, bytes) -> {
            if (!name.equals(RunRecord.FILE)) {
                directory.write(lock, name, out -> out.write(bytes));
            }
        });
        TrainingInput input = planned.input;
        input.files().requireUnchanged();
        record.data = new RunRecord.Data(
                input.data().kind(), input.rows(), input.sha256().join());
        if (record.hasSucceeded()) {
            TrainedModel model = input.model(
                    planned.trial.settings(),
                    planned.trial.spec(),
                    result.parameters(),
                    Map.of(), // each trial has read its rows itself
                    null,
                    record.engine,
                    cluster,
                    started,
                    record.metrics(),
                    null);
            record.weightsSha256 = model.weightsSha256();
            record.model = directory.writeModel(lock, model);
        }
        record.write(directory, lock);
        return new Trial(planned.trial.title(), directory.path(), record);
    }

    /** Best first; trials that diverged come last. */
    public static List<Trial> ranked(List<Trial> trials, Metric metric) {
        Comparator<Double> lowest = Comparator.comparing(value -> Double.isNaN(value) ? Double.MAX_VALUE : value);
        Comparator<Double> highest = Comparator.comparing(value -> Double.isNaN(value) ? Double.MAX_VALUE : -value);
        return trials.stream()
                .sorted(Comparator.comparing(trial -> trial.value(metric), metric.lowerIsBetter() ? lowest : highest))
                .toList();
    }
}
