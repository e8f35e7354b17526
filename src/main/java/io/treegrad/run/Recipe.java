package io.treegrad.run;

import io.treegrad.common.UserError;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Activation;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Meaning;
import io.treegrad.network.Network;
import io.treegrad.network.Task;
import io.treegrad.settings.ClusterSettings;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.training.ClassWeights;
import io.treegrad.training.GradientSource;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.StoppingRule;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingLength;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import io.treegrad.training.UpdateRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes the network, the optimizer and the plan of steps from the settings of {@code train}. Checks settings that
 * depend on each other.
 */
public final class Recipe {
    private final Settings settings;

    public Recipe(Settings settings) {
        this.settings = settings;
    }

    /**
     * Refuses settings that contradict each other whatever the data.
     *
     * @throws UserError for a network that cannot be, or what a regression has not
     */
    void requirePossible() {
        boolean regression = settings.get(DataSettings.TASK) == Task.REGRESSION;
        network(1, regression ? 0 : 2);
        if (regression && settings.get(TrainingSettings.TARGET_ACCURACY).isPresent()) {
            throw settings.refusal(
                    TrainingSettings.TARGET_ACCURACY, "numbers have no accuracy. Leave it out, or set patience.");
        }
        if (regression && !settings.get(NetworkSettings.CLASS_WEIGHTS).equals(ClassWeights.Named.NONE)) {
            throw settings.refusal(
                    NetworkSettings.CLASS_WEIGHTS, "there are no classes in a regression. Give none, or set weight.");
        }
    }

    /** @param classes 0 if numbers are to be predicted */
    public Network network(int features, int classes) {
        List<Integer> widths = new ArrayList<>();
        widths.add(features);
        widths.addAll(settings.get(NetworkSettings.HIDDEN));
        int hidden = widths.size() - 1;
        widths.add(outputs(classes));
        List<Activation> activations = new ArrayList<>(hiddenActivations(hidden));
        activations.add(settings.get(NetworkSettings.OUTPUT_ACTIVATION));
        return Network.dense(
                        widths, activations, settings.get(NetworkSettings.BIAS), settings.get(NetworkSettings.LOSS))
                .meaning(classes == 0 ? new Meaning.OfNumbers(0, 1) : Meaning.OfClasses.UNWEIGHTED);
    }

    private int outputs(int classes) {
        if (classes == 0) {
            return 1;
        }
        Optional<Integer> single = settings.get(NetworkSettings.OUTPUTS);
        if (single.isPresent() && classes != 2) {
            throw settings.refusal(
                    NetworkSettings.OUTPUTS,
                    "a single output tells two classes apart and the data has " + classes + ". Give auto.");
        }
        return single.orElse(classes);
    }

    private List<Activation> hiddenActivations(int layers) {
        List<Activation> activations = settings.get(NetworkSettings.HIDDEN_ACTIVATION);
        if (activations.size() == 1) {
            return Collections.nCopies(layers, activations.get(0));
        }
        if (activations.size() != layers) {
            throw settings.refusal(
                    NetworkSettings.HIDDEN_ACTIVATION,
                    "expected one for all or one for each of the " + layers + " hidden layers ("
                            + settings.nameOf(NetworkSettings.HIDDEN) + " is "
                            + settings.value(NetworkSettings.HIDDEN).text() + ").");
        }
        return activations;
    }

    /** theta before the first step. */
    public float[] parameters(Network network) {
        return settings.get(NetworkSettings.INIT).parameters(network, settings.get(TrainingSettings.SEED));
    }

    /** Which of {@code rows} training rows each step sees. */
    public StepPlan steps(long rows) {
        int batch = settings.get(TrainingSettings.BATCH_SIZE).orElse((int) Math.min(Integer.MAX_VALUE, rows));
        int shards = settings.get(ClusterSettings.SHARDS)
                .orElseGet(() -> (int) Math.min(rows, StepPlan.defaultShards(batch)));
        return new StepPlan(rows, shards, batch, settings.get(TrainingSettings.SEED));
    }

    Optimizer optimizer(Network network, StepPlan steps) {
        Objective objective =
                new Objective(network, settings.get(NetworkSettings.REDUCTION), settings.get(NetworkSettings.L2));
        return new Optimizer(
                objective,
                settings.get(TrainingSettings.LEARNING_RATE),
                settings.get(TrainingSettings.SCHEDULE),
                length(steps),
                updateRule());
    }

    UpdateRule updateRule() {
        return settings.get(TrainingSettings.OPTIMIZER).rule(settings.get(TrainingSettings.MOMENTUM));
    }

    TrainingLength length(StepPlan steps) {
        return new TrainingLength(
                steps.stepsPerEpoch(),
                settings.get(TrainingSettings.EPOCHS),
                settings.get(TrainingSettings.EVALUATE_EVERY));
    }

    /**
     * The training that these settings describe.
     *
     * @param validation evaluates parameters on the validation rows; empty if there are none
     */
    Training training(
            GradientSource gradients,
            Optimizer optimizer,
            StepPlan steps,
            Optional<Function<float[], EvaluationSum>> validation,
            TrainingObserver observer) {
        requireJudgeable(validation.isPresent());
        return new Training(gradients, optimizer, length(steps), validation.orElse(null), stopping(), observer);
    }

    /**
     * Refuses to stop early where nothing tells when.
     *
     * @param validated whether there are validation rows to judge by
     */
    void requireJudgeable(boolean validated) {
        for (Setting<? extends Optional<?>> setting :
                List.of(TrainingSettings.PATIENCE, TrainingSettings.TARGET_ACCURACY)) {
            if (settings.get(setting).isPresent() && !validated) {
                throw settings.refusal(
                        setting,
                        "it is judged on validation rows and there are none. Set " + DataSettings.VALIDATION_ROWS.name()
                                + ".");
            }
        }
    }

    /** That and why a training ended before its last epoch; empty if it did not. */
    Optional<String> stoppedEarly(TrainingState state) {
        int epochs = settings.get(TrainingSettings.EPOCHS);
        return stopping()
                .reason(state)
                .filter(reason -> state.epochs().size() < epochs)
                .map(reason -> "Stopped early, after epoch %d of %d: %s."
                        .formatted(state.epochs().size(), epochs, reason));
    }

    private StoppingRule stopping() {
        return new StoppingRule(
                settings.get(TrainingSettings.PATIENCE), settings.get(TrainingSettings.TARGET_ACCURACY));
    }
}
