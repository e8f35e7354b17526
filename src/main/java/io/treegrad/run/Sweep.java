package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SweepRung;
import io.treegrad.settings.SweepSpace;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.SideBySide;
import io.treegrad.spark.StopSignal;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.Metric;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Many trainings side by side, each on one thread of an executor. A training of the size of MNIST gains more from this than
 * from several executors that share its steps. Each trial ends in the weights of the same training alone.
 *
 * <p>There are one or several rungs. In all but the last, trials are trainings of fewer epochs, and only the best go on: each
 * begins anew in the next rung, so it needs no state of the one before, and is what it would be alone.
 *
 * <p>The files of trial 7 are those of a run, {@code runs/ID-07}, with its model in {@code model}; those of its first 2 epochs,
 * in an earlier rung, {@code runs/ID-07-2e}. Nothing is published. A sweep that is started again under its name makes only the
 * trials that are missing.
 */
public final class Sweep {
    /**
     * One training.
     *
     * @param title the settings in which it differs from the others
     * @param rung in which it was trained, from 1
     * @param record how it ended
     */
    public record Trial(String title, int rung, String directory, RunRecord record) {
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
    private final List<SweepRung> rungs;
    private final Metric metric;
    private final RunEnvironment environment;
    private final OutputDirectory output;

    private record Planned(int rung, TrialFiles files) {
        Trial ended(RunRecord record) {
            return new Trial(files.trial().title(), rung, files.directory().path(), record);
        }
    }

    /** What stays the same in all rungs. */
    private record Session(Cluster cluster, Lock lock, int slots, Instant started) {}

    /**
     * @param id names the sweep and begins the names of its runs
     * @param rungs in the first of them all trainings take part
     * @param metric by which trials are ranked
     */
    public Sweep(
            String id,
            SweepSpace space,
            List<Settings> trainings,
            List<SweepRung> rungs,
            Metric metric,
            RunEnvironment environment,
            OutputDirectory output) {
        this.id = id;
        this.space = space;
        this.trainings = trainings;
        this.rungs = rungs;
        this.metric = metric;
        this.environment = environment;
        this.output = output;
    }

    /**
     * Makes all trials.
     *
     * @param onTrial receives each as it ends
     * @return each training in the last rung that it came to, best first; later rungs come before earlier ones, and in each the
     *     trials that diverged are the last
     * @throws UserError STOPPED after a signal: finished trials stay; whatever makes a training fail but divergence
     */
    public List<Trial> run(Consumer<Trial> onTrial) throws IOException {
        for (Settings training : trainings) {
            new Recipe(training).requirePossible(); // before anything is started
        }
        Cluster.prepareArithmetic().ifPresent(environment::say);
        output.requireWritable();
        try (StopSignal stop = StopSignal.listen()) {
            try (Lock lock = stop.interrupting(() -> output.sweep(id).lock("sweep " + id));
                    Cluster cluster = Cluster.start("treegrad sweep " + id)) {
                return stop.interrupting(() -> run(cluster, lock, onTrial));
            } catch (RuntimeException e) {
                if (stop.isReceived()) {
                    throw new UserError(
                                    UserError.Kind.STOPPED,
                                    "Stopped by %s. Finished trials stay: run again under the name %s for the others."
                                            .formatted(stop.name(), id))
                            .fixedBy(OutputSettings.RUN_ID.name());
                }
                throw e;
            }
        }
    }

    private List<Trial> run(Cluster cluster, Lock lock, Consumer<Trial> onTrial) {
        Instant started = Instant.now();
        int slots = cluster.awaitSlots();
        Session session = new Session(cluster, lock, slots, started);
        List<SweepPlan.Planned> plan = SweepPlan.of(trainings, environment, cluster, slots);
        Trial[] last = new Trial[plan.size()];
        List<Integer> numbers = IntStream.range(0, plan.size()).boxed().toList();
        for (int i = 0; i < rungs.size() && !numbers.isEmpty(); i++) {
            SweepRung rung = rungs.get(i);
            if (rungs.size() > 1) {
                environment.say("Rung %d of %d: %d trials%s."
                        .formatted(
                                i + 1,
                                rungs.size(),
                                numbers.size(),
                                rung.isShort() ? " of 1/" + rung.divisor() + " of their epochs" : ""));
            }
            List<Planned> planned = new ArrayList<>();
            for (int number : numbers) {
                planned.add(planned(plan.get(number), number, i, cluster.storage()));
            }
            List<Trial> ended = run(planned, session, onTrial);
            for (int j = 0; j < ended.size(); j++) {
                last[numbers.get(j)] = ended.get(j);
            }
            numbers =
                    i + 1 < rungs.size() ? best(ended, numbers, rungs.get(i + 1).trials()) : numbers;
        }
        return Arrays.stream(last)
                .sorted(Comparator.comparingInt(Trial::rung).reversed().thenComparing(bestFirst()))
                .toList();
    }

    private Planned planned(SweepPlan.Planned plan, int number, int rung, HadoopStorage storage) {
        Settings training = rungs.get(rung).of(plan.settings());
        int digits = Integer.toString(trainings.size()).length();
        String epochs = rungs.get(rung).isShort() ? "-" + training.get(TrainingSettings.EPOCHS) + "e" : "";
        String runId = "%s-%0".concat(digits + "d%s").formatted(id, number + 1, epochs);
        SweepTrial trial = new SweepTrial(
                runId,
                space.title(training),
                training,
                plan.spec(),
                plan.input().parts(),
                storage);
        return new Planned(rung + 1, new TrialFiles(trial, plan.input(), output.run(runId)));
    }

    /** The numbers of the best, ascending. */
    private List<Integer> best(List<Trial> ended, List<Integer> numbers, int most) {
        return IntStream.range(0, ended.size())
                .boxed()
                .filter(i -> ended.get(i).record().hasSucceeded())
                .sorted(Comparator.comparing(ended::get, bestFirst()))
                .limit(most)
                .map(numbers::get)
                .sorted()
                .toList();
    }

    /** Trials that diverged come last. */
    private Comparator<Trial> bestFirst() {
        return Comparator.comparingDouble(trial -> {
            double value = trial.value(metric);
            return Double.isNaN(value) ? Double.MAX_VALUE : metric.lowerIsBetter() ? value : -value;
        });
    }

    private List<Trial> run(List<Planned> planned, Session session, Consumer<Trial> onTrial) {
        Trial[] trials = new Trial[planned.size()];
        List<SideBySide.Work<SweepTrial.Result>> missing = new ArrayList<>();
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < trials.length; i++) {
            Planned one = planned.get(i);
            Optional<RunRecord> before = one.files.finishedBefore(id, session.cluster.storage());
            if (before.isPresent()) {
                trials[i] = one.ended(before.get());
            } else {
                missing.add(one.files.trial());
                indices.add(i);
            }
        }
        if (missing.size() < trials.length) {
            environment.say(
                    "%d of %d trials are finished already.".formatted(trials.length - missing.size(), trials.length));
        }
        SideBySide.run(session.cluster, session.slots, missing, (piece, result) -> {
            Planned one = planned.get(indices.get(piece));
            Trial ended = one.ended(one.files.write(result, session.cluster, session.lock, session.started));
            trials[indices.get(piece)] = ended;
            onTrial.accept(ended);
        });
        return List.of(trials);
    }
}
