package io.treegrad.run;

import io.treegrad.cli.Console;
import io.treegrad.cli.Main;
import io.treegrad.cli.ProgressDisplay;
import io.treegrad.cli.ResultText;
import io.treegrad.cli.TrainCommand;
import io.treegrad.common.Failpoint;
import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.TrainAndTest;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.DataProvenance;
import io.treegrad.model.Fingerprint;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.Provenance;
import io.treegrad.model.Quality;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Blas;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.report.Report;
import io.treegrad.report.ReportPage;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.Engines;
import io.treegrad.spark.StepEngine;
import io.treegrad.spark.StopSignal;
import io.treegrad.spark.TreeEngine;
import io.treegrad.spark.WorkSpec;
import io.treegrad.storage.Checkpoints;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.storage.Lock;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.storage.RunDirectory;
import io.treegrad.training.GradientSource;
import io.treegrad.training.Optimizer;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One training run on a started cluster: its components are what is fixed when the run begins, its methods the stages in
 * their order.
 */
public record TrainingRun(
        Settings settings,
        Recipe recipe,
        Console console,
        Cluster cluster,
        Blas blas,
        OutputDirectory output,
        RunDirectory directory,
        Lock lock,
        StopSignal stop,
        String runId,
        Instant started) {
    private static final int SECONDS_TO_WAIT_FOR_EXECUTORS = 60;
    private static final Duration STEP_PATIENCE = Duration.ofMinutes(5);

    /** The data of the run, and what is known of it once all of it has been read. */
    private record Input(
            DataSet data,
            Map<Part, ShardedPart> parts,
            Map<Part, Long> rows,
            CompletableFuture<Map<String, String>> sha256) {}

    public void run() throws IOException {
        HadoopStorage storage = cluster.storage();
        DataSet data = DataSet.of(settings, storage, new DataLocator(console));
        console.err().println(data.sentence());
        StepPlan steps = recipe.steps(data.trainRows());
        Network network =
                recipe.network(data.trainSource().features(), data.trainSource().classes());
        Map<Part, ShardedPart> parts = data.onExecutors(steps);
        Map<Part, Long> rowsOfParts = new EnumMap<>(Part.class);
        parts.forEach((part, plan) -> rowsOfParts.put(part, plan.rows().size()));
        Input input = new Input(
                data,
                parts,
                rowsOfParts,
                CompletableFuture.supplyAsync(() -> RunIdentity.digests(storage, data.paths())));
        PublishGates gates = new PublishGates(settings);
        gates.requireJudgeable(parts.containsKey(Part.TEST));
        CompletableFuture<Fingerprint> fingerprint = input.sha256.thenApply(
                sha256 -> RunIdentity.of(settings, network, steps, data.kind(), rowsOfParts, sha256));
        Optimizer optimizer = recipe.optimizer(network, steps);
        Checkpoints checkpoints = checkpoints();
        TrainingState state = firstState(checkpoints, fingerprint, network, optimizer);
        requireNotStopped();
        int slots = awaitSlots();
        int partitions = partitions(steps, slots);
        try (DistributedRows rows = new DistributedRows(cluster, parts, partitions, storage)) {
            rows.load();
            requireNotStopped();
            new TrainAndTest(data.trainSource(), data.testSource())
                    .warnings(rows.rowsOfClass(Part.TRAIN, network.classes()))
                    .forEach(warning -> console.err().println("Warning: " + warning));
            Scaling scaling = settings.text(Setting.SCALE).equals("standard")
                    ? rows.standardScaling(network.features())
                    : Scaling.of(settings.text(Setting.SCALE), new float[0], new float[0]);
            Engines.Decision decision = Engines.decide(
                    cluster,
                    settings.choice(Setting.ENGINE, Engines.Choice.class),
                    partitions,
                    slots,
                    network.parameterCount());
            console.err().println("Engine: " + decision.reason() + ".");
            WorkSpec spec = new WorkSpec(network, scaling, steps, blas.kind());
            TrainedModel model;
            try (StepEngine engine =
                    Engines.open(decision, rows, spec, settings.integer(Setting.TREE_DEPTH), STEP_PATIENCE)) {
                console.summary().put("engine", engine.name());
                train(engine, spec, optimizer, state, checkpoints, fingerprint, parts.containsKey(Part.VALIDATION));
                model = evaluated(engine, state, spec, input);
            }
            // a resident engine fills all slots: only now can another model be evaluated
            String path = publish(model, gates, data, published -> quality(published, rows));
            if (!settings.flag(Setting.JSON)) {
                ResultText.print(console.out(), model, state, path);
            }
            if (settings.flag(Setting.REPORT_PAGE)) {
                report(model, data, rows, storage);
            }
        }
    }

    /** Writes the page of the run. The model is published by now: a page that fails is a pity, no failure. */
    private void report(TrainedModel model, DataSet data, DistributedRows rows, HadoopStorage storage) {
        try {
            List<Report.Setting> shown = settings.values().entrySet().stream()
                    .map(entry -> new Report.Setting(
                            entry.getKey().title(),
                            Printable.redacted(entry.getValue().text()),
                            entry.getValue().source()))
                    .toList();
            Report report = new RunReport(console.summary(), directory, model, shown)
                    .of(data, rows, storage, blas, settings.longInteger(Setting.SEED));
            byte[] page = ReportPage.html(report).getBytes(StandardCharsets.UTF_8);
            Failpoint.reach("before-report", 0);
            directory.write(RunReport.FILE, out -> out.write(page));
            Failpoint.reach("after-report", 0);
            console.err().println("Report: " + directory.path() + "/" + RunReport.FILE);
        } catch (IOException | RuntimeException e) {
            String reason = e instanceof UserError ? e.getMessage() : e.toString();
            console.err().println("Warning: the report could not be written: " + reason);
        }
    }

    private int awaitSlots() {
        try {
            return stop.interrupting(() -> cluster.awaitSlots(SECONDS_TO_WAIT_FOR_EXECUTORS));
        } catch (UserError e) {
            requireNotStopped();
            throw e;
        }
    }

    private void requireNotStopped() {
        if (stop.isReceived()) {
            throw new UserError(
                    UserError.Kind.STOPPED,
                    "Stopped by %s before a step was taken. Run again with --run-id %s.".formatted(stop.name(), runId));
        }
    }

    private Checkpoints checkpoints() {
        return settings.text(Setting.RESUME).equals("never") ? directory.newCheckpoints() : directory.checkpoints();
    }

    /** The state that the run had when it was interrupted, or else that before the first step. */
    private TrainingState firstState(
            Checkpoints checkpoints, CompletableFuture<Fingerprint> fingerprint, Network network, Optimizer optimizer)
            throws IOException {
        Optional<Checkpoint> newest = checkpoints.newest();
        if (checkpoints.damaged() > 0) {
            console.summary().put("damagedCheckpoints", checkpoints.damaged());
        }
        if (newest.isPresent()) {
            return continued(newest.get(), fingerprint.join());
        }
        if (settings.isGiven(Setting.RESUME) && !settings.text(Setting.RESUME).equals("never")) {
            throw new UserError(
                    UserError.Kind.NO_CHECKPOINT,
                    "%s: there is no checkpoint, expected one of the run to continue. Check the ID, or name a new run with"
                                    .formatted(Printable.plain(checkpoints.path()))
                            + " --run-id.");
        }
        return TrainingState.fresh(
                settings.isGiven(Setting.WARM_START) ? warmStart(network) : recipe.parameters(network), optimizer);
    }

    private TrainingState continued(Checkpoint checkpoint, Fingerprint now) {
        List<Fingerprint.Difference> differences = checkpoint.fingerprint().differencesTo(now);
        boolean onlyData = differences.stream().allMatch(one -> one.of() == Fingerprint.Difference.Of.DATA);
        String list = differences.stream().map(Object::toString).collect(Collectors.joining("; "));
        if (!differences.isEmpty() && !(onlyData && settings.flag(Setting.ALLOW_DATA_CHANGE))) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "Run %s cannot be continued: %s. Expected nothing to differ that decides the result. Take the old value%s, name another --run-id, or begin anew with --resume never."
                            .formatted(runId, list, onlyData ? ", add --allow-data-change" : ""));
        }
        if (!differences.isEmpty()) {
            console.err().println("Warning: " + list + ". Continuing, as --allow-data-change asks.");
        }
        platform().forEach((name, value) -> {
            String before = checkpoint.platform().getOrDefault(name, "unknown");
            if (!before.equals(value)) {
                console.err()
                        .printf(
                                "Warning: %s was %s and now is %s: the result may differ in its last bits.%n",
                                name, before, value);
            }
        });
        TrainingState state = checkpoint.state();
        console.err().printf("Continuing run %s after step %d.%n", runId, state.step());
        console.summary().put("resumedAtStep", state.step());
        return state;
    }

    /** What may change a bit although no setting says so. */
    private Map<String, String> platform() {
        return Map.of("blas", blas.name(), "cpu", Machine.cpu(), "treegrad", Main.version());
    }

    private float[] warmStart(Network network) throws IOException {
        HadoopStorage storage = cluster.storage();
        TrainedModel model =
                ModelFiles.read(storage, OutputDirectory.versionAt(storage, settings.text(Setting.WARM_START)));
        if (!model.network().equals(network)) {
            throw settings.refusal(
                    Setting.WARM_START,
                    "that model is the network %s (%s), expected %s (%s) as this run trains. Change --hidden and the like, or take another model."
                            .formatted(
                                    model.network(),
                                    model.network().loss().label(),
                                    network,
                                    network.loss().label()));
        }
        console.err().println("Beginning with the parameters " + model.weightsSha256() + ".");
        console.summary().put("warmStart", model.weightsSha256());
        return model.parameters();
    }

    private int partitions(StepPlan steps, int slots) {
        int partitions = settings.optionalInteger(Setting.PARTITIONS).orElse(Math.min(steps.shards(), slots));
        if (partitions > steps.shards()) {
            throw settings.refusal(
                    Setting.PARTITIONS,
                    "a partition holds whole shards and there are %d. Give at most as many, or set --shards (which"
                                    .formatted(steps.shards())
                            + " is part of the result).");
        }
        return partitions;
    }

    private void train(
            StepEngine engine,
            WorkSpec spec,
            Optimizer optimizer,
            TrainingState state,
            Checkpoints checkpoints,
            CompletableFuture<Fingerprint> fingerprint,
            boolean validated) {
        Function<float[], EvaluationSum> validation =
                validated ? theta -> engine.evaluate(theta, Part.VALIDATION) : null;
        GradientSource gradients = (theta, step) -> {
            Failpoint.reach("before-step", step);
            return engine.sumAt(theta, step);
        };
        Training.Length length = recipe.length(spec.steps());
        RunLog log = new RunLog(directory, state, length.stepsPerEpoch(), console.err());
        long before = System.nanoTime();
        CheckpointSaver saver =
                new CheckpointSaver(checkpoints, fingerprint, platform(), settings, lock, stop, runId, state.step());
        try (saver;
                ProgressDisplay progress = ProgressDisplay.on(
                        console.err(),
                        settings.choice(Setting.PROGRESS, ProgressDisplay.Mode.class),
                        console.environment())) {
            progress.start(
                    length.stepsPerEpoch() * length.epochs(),
                    length.stepsPerEpoch(),
                    spec.steps().rows());
            log.start();
            new Training(
                            gradients,
                            optimizer,
                            length,
                            validation,
                            recipe.stopping(validated),
                            TrainingObserver.all(progress, log, saver))
                    .run(state);
            saver.finish(state);
        } finally {
            log.flush(state);
            console.summary()
                    .put("steps", state.step())
                    .put("epochs", state.epochs().size())
                    .put("rowsPerSecond", Math.round(log.rowsPerSecond()))
                    .put(
                            "seconds",
                            Map.of(
                                    "total",
                                    secondsSinceStart(),
                                    "train",
                                    rounded((System.nanoTime() - before) / 1e9),
                                    "checkpoints",
                                    rounded(saver.seconds())))
                    .put("checkpoints", saver.count());
        }
    }

    private TrainedModel evaluated(StepEngine engine, TrainingState state, WorkSpec spec, Input input) {
        float[] theta = state.chosenParameters();
        Map<Part, Quality> metrics = new EnumMap<>(Part.class);
        for (Part part : input.parts.keySet()) {
            EvaluationSum sum = engine.evaluate(theta, part);
            metrics.put(part, new Quality(sum.meanLoss(), sum.accuracy()));
        }
        Map<String, String> sha256 = input.sha256.join();
        DataProvenance dataProvenance =
                new DataProvenance(input.data.kind(), input.data.sentence(), input.rows, sha256);
        Provenance provenance = new Provenance(
                dataProvenance,
                settings.values().entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> entry.getKey().title(),
                                entry -> Printable.redacted(entry.getValue().text()))),
                settings.longInteger(Setting.SEED),
                spec.steps().shards(),
                engine.name(),
                blas.name(),
                Machine.cpu(),
                System.getProperty("java.version"),
                cluster.sparkVersion(),
                Main.version(),
                started.truncatedTo(ChronoUnit.SECONDS).toString(),
                secondsSinceStart(),
                metrics);
        TrainedModel model = new TrainedModel(
                spec.network(),
                theta,
                spec.scaling(),
                TrainedModel.numbered(spec.network().classes()),
                provenance);
        console.summary()
                .put("weightsSha256", model.weightsSha256())
                .put("bestEpoch", state.chosenEpoch())
                .put("metrics", byName(metrics))
                .put("data", Map.of("kind", input.data.kind(), "rows", byName(input.rows), "sha256", sha256));
        return model;
    }

    private String publish(
            TrainedModel model, PublishGates gates, DataSet data, Function<TrainedModel, Quality> evaluation) {
        boolean fallback =
                settings.text(Setting.DATA).equals("auto") && data.kind().equals("synthetic");
        try (Lock right = output.lockForPublishing("run " + runId)) {
            gates.check(model.provenance().metrics().get(Part.TEST), data.kind(), fallback, output, evaluation);
            String path = output.publish(right, TrainCommand.versionName(runId, started), model);
            console.summary().put("model", path);
            settings.optionalInteger(Setting.KEEP_VERSIONS).ifPresent(keep -> output.keepVersions(right, keep));
            return path;
        }
    }

    private Quality quality(TrainedModel model, DistributedRows rows) {
        WorkSpec spec = new WorkSpec(model.network(), model.scaling(), null, blas.kind());
        try (TreeEngine engine = new TreeEngine(rows, spec, settings.integer(Setting.TREE_DEPTH))) {
            EvaluationSum sum = engine.evaluate(model.parameters(), Part.TEST);
            return new Quality(sum.meanLoss(), sum.accuracy());
        }
    }

    private double secondsSinceStart() {
        return Duration.between(started, Instant.now()).toMillis() / 1e3;
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1e3) / 1e3;
    }

    private static <V> Map<String, V> byName(Map<Part, V> values) {
        Map<String, V> named = new TreeMap<>();
        values.forEach((part, value) -> named.put(part.label(), value));
        return named;
    }
}
