package io.treegrad.run;

import io.treegrad.api.Model;
import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.StepPlan;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Arithmetic;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import io.treegrad.settings.AllSettings;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.SettingGroup;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.spark.Cluster;
import io.treegrad.spark.DistributedRows;
import io.treegrad.spark.EngineDecision;
import io.treegrad.spark.RddRows;
import io.treegrad.spark.RowStatistics;
import io.treegrad.spark.StepEngine;
import io.treegrad.storage.OutputDirectory;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Trains on the rows of an RDD, within the Spark application that has it.
 *
 * <pre>
 *   Trainer trainer = new Trainer(Map.of("hidden", "100", "epochs", "5"));
 *   Model model = trainer.train(RddRows.ofClasses(rdd));
 * </pre>
 *
 * <p>The same rows in the same order, from files, end in the same weights. Nothing is written unless {@code output} is set:
 * then the model is published there if it passes its gates.
 */
public final class Trainer {
    /** Of the settings for data and output, those that are not about files or about a run that is continued. */
    private static final Set<Setting<?>> USED = Set.of(
            DataSettings.SPLIT,
            DataSettings.VALIDATION_ROWS,
            DataSettings.VALIDATION_FRACTION,
            DataSettings.SCALE,
            OutputSettings.DIRECTORY);

    /** Those of the other groups that {@code train} reads before it starts an application, or continues a run with. */
    private static final Set<Setting<?>> UNUSED =
            Set.of(TrainingSettings.WARM_START, ClusterSettings.EXCHANGE, ClusterSettings.PORT);

    /** Those that have an effect only where the model is published. */
    private static final Set<Setting<?>> OF_PUBLISHING = Set.of(
            OutputSettings.GATES,
            OutputSettings.MIN_ACCURACY,
            OutputSettings.MAX_REGRESSION,
            OutputSettings.PUBLISH_AS,
            OutputSettings.KEEP_VERSIONS);

    private final Map<Setting<?>, String> texts = new HashMap<>();

    /**
     * @param settings of {@code train}, by their names: those of the network, the training and the engine (but {@code
     *     warm-start}, {@code port} and {@code exchange}), {@code split}, {@code validation-rows},
     *     {@code validation-fraction}, {@code scale}, {@code output} and what belongs to publishing
     * @throws UserError USAGE for any other
     */
    public Trainer(Map<String, String> settings) {
        settings.forEach((name, text) -> texts.put(usable(name), text));
        texts.keySet().stream()
                .filter(setting -> OF_PUBLISHING.contains(setting) && !isPublishing())
                .findFirst()
                .ifPresent(setting -> {
                    throw new UserError(
                            UserError.Kind.USAGE,
                            "the setting " + setting.name() + " has no effect where nothing is published; set output.");
                });
    }

    private boolean isPublishing() {
        return texts.containsKey(OutputSettings.DIRECTORY);
    }

    private static Setting<?> usable(String name) {
        Setting<?> setting = AllSettings.named(name);
        boolean isOfFilesOrRuns = setting.group() == SettingGroup.DATA || setting.group() == SettingGroup.OUTPUT;
        if (!setting.belongsTo(Command.TRAIN)
                || UNUSED.contains(setting)
                || (isOfFilesOrRuns && !USED.contains(setting) && !OF_PUBLISHING.contains(setting))) {
            throw new UserError(
                    UserError.Kind.USAGE,
                    "the setting " + name + " has no effect on rows that are in memory; leave it out.");
        }
        return setting;
    }

    /**
     * Trains to the end, on all executors of the application.
     *
     * @throws UserError for what the user can fix; also GATE_NOT_MET, with nothing published
     */
    public Model train(RddRows rows) throws IOException {
        Instant started = Instant.now();
        Settings settings = settings(rows);
        Recipe recipe = new Recipe(settings);
        recipe.requirePossible();
        Arithmetic.prepare(settings.get(NetworkSettings.HIDDEN));
        try (Cluster cluster = rows.cluster()) {
            OutputDirectory output = isPublishing()
                    ? OutputPlace.of(settings, cluster.storage())
                    : new OutputDirectory(cluster.storage(), settings.get(OutputSettings.DIRECTORY));
            if (isPublishing()) {
                output.requireWritable();
            }
            DataSet data = DataSet.of(settings, cluster.storage(), rows);
            StepPlan steps = recipe.steps(data.trainRows());
            Network network = recipe.network(rows.features(), rows.classes());
            TrainingInput input = TrainingInput.of(data, steps, InputFiles.of(data, settings, cluster.storage()));
            Preparation.requirePossible(settings, rows);
            Gates gates = new Gates(settings, output);
            gates.requireJudgeable(
                    input.parts().containsKey(Part.TEST),
                    network,
                    rows.classNames(),
                    isPublishing() ? output.published() : Optional.empty());
            int slots = cluster.awaitSlots();
            int partitions = Math.min(
                    steps.shards(), settings.get(ClusterSettings.PARTITIONS).orElse(slots));
            EngineDecision decision = EngineDecision.of(
                    cluster, settings.get(ClusterSettings.ENGINE), partitions, slots, network.parameterCount());
            try (DistributedRows held = new DistributedRows(cluster, input.parts(), partitions, cluster.storage())) {
                Map<Part, String> rowsSha256 = held.load();
                WorkSpec spec = Preparation.of(settings, rows, Optional.of(new RowStatistics(held)))
                        .spec(network, steps);
                TrainedModel model;
                int depth = settings.get(ClusterSettings.TREE_DEPTH);
                try (StepEngine engine = decision.open(held, spec, depth)) {
                    TrainingState state = trained(recipe, engine, spec, input);
                    model = new ModelAssembly(settings, input, spec, cluster, started)
                            .measured(
                                    engine,
                                    state.chosenParameters(),
                                    input.provenance(rowsSha256, null),
                                    null,
                                    "Trainer, on the same RDD: " + settings.asCommand());
                }
                if (isPublishing()) {
                    String run = TrainingJob.newRunId(started);
                    new Publication(settings, output, gates, () -> output.lockForPublishing("run " + run))
                            .publish(
                                    model,
                                    run,
                                    OutputDirectory.versionName(run, started),
                                    false,
                                    new TestRows.OnExecutors(held, depth));
                }
                return Model.of(model);
            }
        }
    }

    private Settings settings(RddRows rows) {
        Map<Setting<?>, String> options = new HashMap<>(texts);
        options.put(DataSettings.TASK, (rows.classes() == 0 ? Task.REGRESSION : Task.CLASSIFICATION).label());
        return SettingsResolver.ofProgram(options);
    }

    private static TrainingState trained(Recipe recipe, StepEngine engine, WorkSpec spec, TrainingInput input) {
        Optimizer optimizer = recipe.optimizer(spec.network(), spec.steps());
        TrainingState state = TrainingState.fresh(recipe.parameters(spec.network()), optimizer);
        return recipe.training(engine, optimizer, spec.steps(), input.validation(engine), TrainingObserver.all())
                .run(state);
    }
}
