package io.treegrad.run;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.model.Checkpoint;
import io.treegrad.model.Fingerprint;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Network;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.ResumeChoice;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.storage.Checkpoints;
import io.treegrad.storage.CurrentVersion;
import io.treegrad.storage.HadoopStorage;
import io.treegrad.training.Optimizer;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a run begins: at its newest checkpoint if it was interrupted, otherwise before the first step. */
final class Resumption {
    private final RunContext context;
    private final Settings settings;
    private final CompletableFuture<Fingerprint> fingerprint;
    private final Checkpoints checkpoints;

    /** @param fingerprint of this run, computed in the background since it reads all files */
    Resumption(RunContext context, CompletableFuture<Fingerprint> fingerprint) {
        this.context = context;
        this.settings = context.settings();
        this.fingerprint = fingerprint;
        this.checkpoints = context.directory().checkpoints();
    }

    /** The checkpoints to continue from and to add to. */
    Checkpoints checkpoints() {
        return checkpoints;
    }

    CompletableFuture<Fingerprint> fingerprint() {
        return fingerprint;
    }

    /** What may change the result, besides the settings and the data: no machine or JDK does. */
    Map<String, String> platform() {
        return Map.of("treegrad", Platform.version());
    }

    /**
     * The first state; its parameters may be changed.
     *
     * @throws UserError BAD_CONFIGURATION if something that decides the result has changed since the run began;
     *     NO_CHECKPOINT if the run must be continued but no checkpoint can be used
     */
    TrainingState firstState(Network network, Optimizer optimizer) throws IOException {
        Optional<Checkpoint> newest = checkpoints.newest();
        if (checkpoints.damaged() > 0) {
            context.record().damagedCheckpoints = checkpoints.damaged();
        }
        if (newest.isPresent()) {
            return continued(newest.get());
        }
        if (settings.get(OutputSettings.RESUME) instanceof ResumeChoice.Run) {
            throw new UserError(
                            UserError.Kind.NO_CHECKPOINT,
                            "%s: there is no checkpoint, expected one of the run to continue. Check the ID, or give a new"
                                            .formatted(Printable.plain(checkpoints.path()))
                                    + " run another name.")
                    .fixedBy(OutputSettings.RESUME.name(), OutputSettings.RUN_ID.name());
        }
        Optional<String> model = settings.get(TrainingSettings.WARM_START);
        float[] theta = model.isPresent() ? warmStart(network, model.get()) : new Recipe(settings).parameters(network);
        return TrainingState.fresh(theta, optimizer);
    }

    private TrainingState continued(Checkpoint checkpoint) {
        requireSameTraining(checkpoint.fingerprint().differencesTo(fingerprint.join()));
        platform().forEach((name, value) -> {
            String before = checkpoint.platform().getOrDefault(name, "unknown");
            if (!before.equals(value)) {
                context.environment()
                        .warn("%s was %s and now is %s: the result may differ.".formatted(name, before, value));
            }
        });
        TrainingState state = checkpoint.state();
        context.environment().say("Continuing run %s after step %d.".formatted(context.runId(), state.step()));
        context.record().resumedAtStep = state.step();
        return state;
    }

    private void requireSameTraining(List<Fingerprint.Difference> differences) {
        if (differences.isEmpty()) {
            return;
        }
        boolean onlyData = differences.stream().allMatch(one -> one.of() == Fingerprint.Difference.Of.DATA);
        String list = differences.stream().map(Object::toString).collect(Collectors.joining("; "));
        if (!onlyData || !settings.get(OutputSettings.ALLOW_DATA_CHANGE)) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "Run %s cannot be continued: %s. Expected the same settings and data. Restore the old value%s, give the run another name, or start again with resume = never."
                                    .formatted(context.runId(), list, onlyData ? ", allow the change of data" : ""))
                    .fixedBy(Stream.of(OutputSettings.ALLOW_DATA_CHANGE, OutputSettings.RUN_ID, OutputSettings.RESUME)
                            .skip(onlyData ? 0 : 1)
                            .map(Setting::name)
                            .toArray(String[]::new));
        }
        context.environment().warn(list + ". Continuing, since changed data is allowed.");
    }

    private float[] warmStart(Network network, String path) throws IOException {
        HadoopStorage storage = context.storage();
        TrainedModel model =
                ModelFiles.read(storage, CurrentVersion.at(storage, path, TrainingSettings.WARM_START.name()));
        if (!model.network().isLike(network)) {
            throw settings.refusal(
                    TrainingSettings.WARM_START,
                    "that model is the network %s (%s), expected the network of this run, %s (%s). Change the layers, or take another model."
                            .formatted(
                                    model.network(),
                                    model.network().loss().label(),
                                    network,
                                    network.loss().label()));
        }
        context.environment().say("Beginning with the parameters " + model.weightsSha256() + ".");
        context.record().warmStart = model.weightsSha256();
        return model.parameters();
    }
}
