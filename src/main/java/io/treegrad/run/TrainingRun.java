package io.treegrad.run;

import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.StepPlan;
import io.treegrad.model.DataProfile;
import io.treegrad.model.Fingerprint;
import io.treegrad.model.InputManifest;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.DataSurvey;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.EngineDecision;
import io.treegrad.spark.RowStatistics;
import io.treegrad.spark.RunMetrics;
import io.treegrad.spark.StepEngine;
import io.treegrad.spark.WorkSpec;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.GradientSource;
import io.treegrad.training.Optimizer;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** One training run on a started cluster; its methods are the stages in their order. */
final class TrainingRun {
    private final RunContext context;
    private final Settings settings;
    private final Recipe recipe;
    private final RunListener listener;
    private final Consumer<RunOutcome> onPublished;

    TrainingRun(RunContext context, RunListener listener, Consumer<RunOutcome> onPublished) {
        this.context = context;
        this.settings = context.settings();
        this.recipe = new Recipe(settings);
        this.listener = listener;
        this.onPublished = onPublished;
    }

    RunOutcome run() throws IOException {
        DataSet data = DataSet.of(settings, context.storage(), new DataLocator(context.environment()));
        context.environment().say(data.sentence());
        StepPlan steps = recipe.steps(data.trainRows());
        Network network =
                recipe.network(data.trainSource().features(), data.trainSource().classes());
        TrainingInput input = TrainingInput.of(data, steps, InputFiles.of(data, settings, context.storage()));
        Preparation.requirePossible(settings, data.trainSource());
        Optional<OutputDirectory.Published> published = context.output().published();
        Gates gates = new Gates(settings, context.output());
        gates.requireJudgeable(
                input.parts().containsKey(Part.TEST),
                network,
                data.trainSource().classNames(),
                published);
        if (data.isFallback()) {
            published.ifPresent(found -> Publication.requireSameKind(data.kind(), found));
        }
        MemoryNeed need = MemoryNeed.ofRun(settings, network, input.parts(), steps);
        need.requireDriver(context.cluster().memory());
        Function<Map<String, String>, Fingerprint> fingerprint = fingerprint(input, network, steps);
        Optional<RunOutcome> unchanged = new Unchanged(context).outcome(published, fingerprint, input.sha256());
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Resumption resumption = new Resumption(context, input.sha256().thenApply(fingerprint));
        Optimizer optimizer = recipe.optimizer(network, steps);
        TrainingState state = resumption.firstState(network, optimizer);
        context.requireNotStopped();
        int slots = awaitSlots();
        int partitions = partitions(network, steps, slots, need);
        need.requireTasks(context.cluster().memory(), partitions, slots);
        try (DistributedRows rows =
                new DistributedRows(context.cluster(), input.parts(), partitions, context.storage())) {
            Failpoint.reach("before-load", 0);
            DataSurvey survey = DataCheck.survey(data, rows);
            context.record().arithmetic = context.cluster().arithmetic();
            input.files().requireUnchanged();
            writeManifest(input.files());
            if (rows.areOnDisk()) {
                context.environment().say("Rows that have no room in memory stay on local disks.");
            }
            context.requireNotStopped();
            DataCheck check = checked(data, survey, published);
            Preparation preparation =
                    Preparation.of(settings, data.trainSource(), Optional.of(new RowStatistics(rows)));
            preparation.scalingSentence(settings, data.trainSource()).ifPresent(context.environment()::say);
            WorkSpec spec = preparation.spec(network, steps);
            EngineDecision decision = EngineDecision.of(
                    context.cluster(),
                    settings.get(ClusterSettings.ENGINE),
                    partitions,
                    slots,
                    network.parameterCount());
            context.environment().say("Engine: " + decision + ".");
            if (partitions < Math.min(slots, steps.shards())) {
                context.environment()
                        .say("%d of %d cores train: expected to be the fastest for this network and batch."
                                .formatted(partitions, slots));
            }
            context.record().engine = decision.engine().label();
            TrainedModel model;
            try (StepEngine engine = decision.open(rows, spec, settings.get(ClusterSettings.TREE_DEPTH))) {
                train(engine, spec, optimizer, state, resumption, input.parts().containsKey(Part.VALIDATION));
                if (context.record().stoppedAtStep != null && state.epochs().isEmpty()) {
                    throw Deadline.tooEarly("no epoch was finished. Nothing was published.", context.runId(), null);
                }
                model = evaluated(engine, state, spec, input, survey.rowsSha256(), check.profile());
            }
            // a resident engine fills all slots: only now can another model be evaluated
            context.record().model = published(
                    model, data, gates, new TestRows.OnExecutors(rows, settings.get(ClusterSettings.TREE_DEPTH)));
            RunOutcome outcome = new RunOutcome(context.record(), Optional.of(model));
            onPublished.accept(outcome);
            if (settings.get(OutputSettings.REPORT_PAGE)) {
                report(model, data, rows);
            }
            return outcome;
        }
    }

    private String published(TrainedModel model, DataSet data, Gates gates, TestRows rows) {
        return new Publication(settings, context.output(), gates, context::lockForPublishing)
                .publish(model, context.runId(), context.started(), data.isFallback(), rows);
    }

    private void writeManifest(InputFiles files) {
        byte[] manifest = files.manifest().toBytes();
        context.directory().write(context.lock(), InputManifest.FILE, out -> out.write(manifest));
    }

    private DataCheck checked(DataSet data, DataSurvey survey, Optional<OutputDirectory.Published> published) {
        DataCheck check = DataCheck.of(data, survey, published);
        context.record().dataCheck = check;
        check.findings().forEach(context.environment()::warn);
        check.requireAccepted(settings);
        return check;
    }

    /** Everything that decides the result of this run, from the digests of its files. */
    private Function<Map<String, String>, Fingerprint> fingerprint(
            TrainingInput input, Network network, StepPlan steps) {
        Map<String, String> deciding = new TreeMap<>(settings.decidingResult());
        deciding.put(DataSettings.LABEL.name(), input.data().labelPlace());
        deciding.put("network", network.toString());
        deciding.put(ClusterSettings.SHARDS.name(), Integer.toString(steps.shards()));
        return sha256 -> new Fingerprint(deciding, input.data().kind(), input.rows(), sha256);
    }

    private int awaitSlots() {
        try {
            return context.stop().interrupting(context.cluster()::awaitSlots);
        } catch (UserError e) {
            context.requireNotStopped();
            throw e;
        }
    }

    private int partitions(Network network, StepPlan steps, int slots, MemoryNeed need) {
        int partitions = settings.get(ClusterSettings.PARTITIONS)
                .orElseGet(() -> EngineDecision.partitions(
                        context.cluster(),
                        settings.get(ClusterSettings.ENGINE),
                        slots,
                        network,
                        steps,
                        executors -> need.rowsStayInMemory(context.cluster().memory(), executors)));
        if (partitions > steps.shards()) {
            throw settings.refusal(
                    ClusterSettings.PARTITIONS,
                    "a partition holds whole shards and there are %d. Give at most as many, or more shards (which"
                                    .formatted(steps.shards())
                            + " affect the result).");
        }
        return partitions;
    }

    private void train(
            StepEngine engine,
            WorkSpec spec,
            Optimizer optimizer,
            TrainingState state,
            Resumption resumption,
            boolean validated) {
        RunMetrics metrics = RunMetrics.ofDriver();
        Function<float[], EvaluationSum> validation =
                validated ? theta -> metrics.evaluate(() -> engine.evaluate(theta, Part.VALIDATION)) : null;
        CheckpointSaver saver = new CheckpointSaver(context, resumption, state.step());
        GradientSource gradients = (theta, step) -> {
            try {
                Failpoint.reach("before-step", step);
                return metrics.awaitGradient(() -> engine.sumAt(theta, step));
            } catch (RuntimeException e) {
                throw context.stop().hasInterrupted() ? saver.stopped(state, e) : e;
            }
        };
        TrainingLength length = recipe.length(spec.steps());
        RunLog log = new RunLog(
                RunLog.Files.in(context.directory(), context.lock()),
                state,
                length.stepsPerEpoch(),
                context.environment());
        long before = System.nanoTime();
        try (saver) {
            listener.trainingBegins(
                    length.steps(), length.stepsPerEpoch(), spec.steps().rows());
            log.start();
            metrics.begin();
            Deadline deadline = new Deadline(settings.get(OutputSettings.DEADLINE), context.started(), length.steps());
            try {
                new Training(
                                gradients,
                                optimizer,
                                length,
                                validation,
                                recipe.stopping(validated),
                                TrainingObserver.all(listener, log, metrics, saver, deadline))
                        .run(state);
                saver.finish(state);
            } catch (Deadline.Reached reached) {
                saver.savePaused(state);
                context.record().stoppedAtStep = state.step();
                context.environment()
                        .say("The deadline came after step %,d of %,d.".formatted(state.step(), length.steps()));
            }
        } finally {
            context.stop().clearInterruption();
            listener.trainingEnds();
            RunRecord record = context.record();
            record.steps = state.step();
            record.epochs = state.epochs().size();
            record.rowsPerSecond = Math.round(log.rowsPerSecond());
            record.seconds = new RunRecord.Seconds(
                    context.secondsSinceStart(), (System.nanoTime() - before) / 1e9, saver.seconds());
            record.checkpoints = saver.count();
            log.flush(state);
        }
    }

    private TrainedModel evaluated(
            StepEngine engine,
            TrainingState state,
            WorkSpec spec,
            TrainingInput input,
            Map<Part, String> rowsSha256,
            DataProfile profile) {
        float[] theta = state.chosenParameters();
        Long stoppedAtStep = context.record().stoppedAtStep;
        TrainedModel model = input.measured(
                engine,
                settings,
                spec,
                theta,
                rowsSha256,
                profile,
                context.cluster(),
                context.started(),
                stoppedAtStep,
                TrainingInput.again(settings, stoppedAtStep));
        RunRecord record = context.record();
        record.weightsSha256 = model.weightsSha256();
        record.bestEpoch = state.chosenEpoch();
        record.metrics = model.provenance().metrics();
        record.data = new RunRecord.Data(
                input.data().kind(), input.rows(), model.provenance().data().sha256());
        return model;
    }

    /** Writes the page of the run. The model is already published, so a failure here is only a warning. */
    private void report(TrainedModel model, DataSet data, DistributedRows rows) {
        try {
            String path = new RunReport(context.record(), context.directory(), model, RunReport.current(settings))
                    .write(context.lock(), data, rows, context.storage(), settings.get(TrainingSettings.SEED));
            context.environment().say("Report: " + path);
        } catch (IOException | RuntimeException e) {
            String reason = e instanceof UserError ? e.getMessage() : e.toString();
            context.environment().warn("the report could not be written: " + reason);
        }
    }
}
