package io.treegrad.run;

import io.treegrad.common.Failpoint;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.StepPlan;
import io.treegrad.model.DataProvenance;
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
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.GradientSource;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import io.treegrad.worker.WorkSpec;
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
        recipe.requireJudgeable(input.parts().containsKey(Part.VALIDATION));
        Preparation.requirePossible(settings, data.trainSource());
        Optional<OutputDirectory.Published> published = context.output().published();
        Gates gates = gates(input, network, published);
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
        int slots = context.awaitSlots();
        int partitions = partitions(network, steps, slots, need);
        need.requireTasks(context.cluster().memory(), partitions, slots);
        try (DistributedRows rows =
                new DistributedRows(context.cluster(), input.parts(), partitions, context.storage())) {
            DataSurvey survey = survey(rows, input);
            DataCheck check = checked(data, survey, published);
            Preparation preparation =
                    Preparation.of(settings, data.trainSource(), Optional.of(new RowStatistics(rows)));
            preparation.scalingSentence(settings, data.trainSource()).ifPresent(context.environment()::say);
            WorkSpec spec = preparation.spec(network, steps);
            EngineDecision decision = decideEngine(partitions, slots, spec);
            TrainedModel model;
            try (StepEngine engine = decision.open(rows, spec, settings.get(ClusterSettings.TREE_DEPTH))) {
                train(engine, spec, optimizer, state, resumption, input);
                ModelAssembly assembly = new ModelAssembly(settings, input, spec, context.cluster(), context.started());
                model = evaluated(engine, state, assembly, survey, check);
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

    private Gates gates(TrainingInput input, Network network, Optional<OutputDirectory.Published> published) {
        if (input.data().isFallback()) {
            published.ifPresent(
                    found -> Publication.requireSameKind(input.data().kind(), found));
        }
        Gates gates = new Gates(settings, context.output());
        gates.requireJudgeable(
                input.parts().containsKey(Part.TEST),
                network,
                input.data().trainSource().classNames(),
                published);
        return gates;
    }

    /** Has the executors read and count all rows. */
    private DataSurvey survey(DistributedRows rows, TrainingInput input) {
        Failpoint.reach("before-load", 0);
        DataSurvey survey = DataCheck.survey(input.data(), rows);
        context.record().arithmetic = context.cluster().arithmetic();
        input.files().requireUnchanged();
        writeManifest(input.files());
        if (rows.areOnDisk()) {
            context.environment().say("Rows that have no room in memory stay on local disks.");
        }
        context.requireNotStopped();
        return survey;
    }

    private DataCheck checked(DataSet data, DataSurvey survey, Optional<OutputDirectory.Published> published) {
        DataCheck check = DataCheck.of(data, survey, published);
        context.record().dataCheck = check;
        check.findings().forEach(context.environment()::warn);
        check.requireAccepted(settings);
        return check;
    }

    private EngineDecision decideEngine(int partitions, int slots, WorkSpec spec) {
        EngineDecision decision = EngineDecision.of(
                context.cluster(),
                settings.get(ClusterSettings.ENGINE),
                partitions,
                slots,
                spec.network().parameterCount());
        context.environment().say("Engine: " + decision + ".");
        if (partitions < Math.min(slots, spec.steps().shards())) {
            context.environment()
                    .say("%d of %d cores train: expected to be the fastest for this network and batch."
                            .formatted(partitions, slots));
        }
        context.record().engine = decision.engine().label();
        return decision;
    }

    private String published(TrainedModel model, DataSet data, Gates gates, TestRows rows) {
        String runId = context.runId();
        boolean isContinued = context.record().resumedAtStep != null;
        // killed after it had published, but before it had told so
        Optional<String> before = isContinued ? context.output().versionOf(runId, model) : Optional.empty();
        String version = before.orElseGet(() -> OutputDirectory.versionName(runId, context.started()));
        return new Publication(settings, context.output(), gates, context::lockForPublishing)
                .publish(model, runId, version, data.isFallback(), rows);
    }

    private void writeManifest(InputFiles files) {
        byte[] manifest = files.manifest().toBytes();
        context.directory().write(context.lock(), InputManifest.FILE, out -> out.write(manifest));
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
            TrainingInput input) {
        RunMetrics metrics = RunMetrics.ofDriver();
        Optional<Function<float[], EvaluationSum>> validation =
                input.validation(engine).map(evaluate -> theta -> metrics.evaluate(() -> evaluate.apply(theta)));
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
                TrainingObserver observer = TrainingObserver.all(listener, log, metrics, saver, deadline);
                recipe.training(gradients, optimizer, spec.steps(), validation, observer)
                        .run(state);
                saver.finish(state);
                recipe.stoppedEarly(state).ifPresent(context.environment()::say);
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
            StepEngine engine, TrainingState state, ModelAssembly assembly, DataSurvey survey, DataCheck check) {
        RunRecord record = context.record();
        Long stoppedAtStep = record.stoppedAtStep;
        if (stoppedAtStep != null && state.epochs().isEmpty()) {
            throw Deadline.tooEarly("no epoch was finished. Nothing was published.", context.runId(), null);
        }
        String reproduce = stoppedAtStep == null
                ? settings.asCommand()
                : "Not possible: a deadline came after step " + stoppedAtStep + ".";
        // files may have been hashed until now
        DataProvenance data = assembly.input().provenance(survey.rowsSha256(), check.profile());
        TrainedModel model = assembly.measured(engine, state.chosenParameters(), data, stoppedAtStep, reproduce);
        record.weightsSha256 = model.weightsSha256();
        record.bestEpoch = state.chosenEpoch();
        record.metrics = model.provenance().metrics();
        record.data = new RunRecord.Data(data.kind(), data.rows(), data.sha256());
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
