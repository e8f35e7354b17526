package io.treegrad.run;

import io.treegrad.data.StepPlan;
import io.treegrad.network.Activation;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.settings.Form;
import io.treegrad.settings.ScheduleForm;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.Objective;
import io.treegrad.training.Optimizer;
import io.treegrad.training.StoppingRule;
import io.treegrad.training.Training;
import io.treegrad.training.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Turns the settings of {@code train} into the objects of the mathematics; checks what needs more than one of them. */
public final class Recipe {
    private final Settings settings;

    public Recipe(Settings settings) {
        this.settings = settings;
    }

    public Network network(int features, int classes) {
        List<Integer> widths = new ArrayList<>();
        widths.add(features);
        Arrays.stream(settings.integers(Setting.HIDDEN)).forEach(widths::add);
        int hidden = widths.size() - 1;
        widths.add(outputs(classes));
        List<Activation> activations = new ArrayList<>(hiddenActivations(hidden));
        activations.add(settings.choice(Setting.OUTPUT_ACTIVATION, Activation.class));
        return Network.dense(
                widths, activations, settings.flag(Setting.BIAS), settings.choice(Setting.LOSS, Loss.class));
    }

    private int outputs(int classes) {
        OptionalInt single = settings.optionalInteger(Setting.OUTPUTS);
        if (single.isPresent() && classes != 2) {
            throw settings.refusal(
                    Setting.OUTPUTS,
                    "a single output tells two classes apart and the data has " + classes + ". Give auto.");
        }
        return single.orElse(classes);
    }

    private List<Activation> hiddenActivations(int layers) {
        List<Activation> activations = settings.choices(Setting.HIDDEN_ACTIVATION, Activation.class);
        if (activations.size() == 1) {
            return Collections.nCopies(layers, activations.get(0));
        }
        if (activations.size() != layers) {
            throw settings.refusal(
                    Setting.HIDDEN_ACTIVATION,
                    "expected one for all or one for each of the " + layers + " hidden layers ("
                            + settings.nameOf(Setting.HIDDEN) + " is " + settings.text(Setting.HIDDEN) + ").");
        }
        return activations;
    }

    /** theta before the first step. */
    public float[] parameters(Network network) {
        Form form = settings.form(Setting.INIT);
        Initialization initialization =
                switch (form.name()) {
                    case "glorot" -> new Initialization.Glorot();
                    case "he" -> new Initialization.He();
                    case "normal" -> new Initialization.Normal(form.argument(0, 0));
                    case "uniform" -> new Initialization.Uniform(form.argument(0, 0));
                    default -> throw new IllegalStateException("initialisation " + form);
                };
        return initialization.parameters(network, settings.longInteger(Setting.SEED));
    }

    /** Which of {@code rows} training rows each step sees. */
    public StepPlan steps(long rows) {
        int batch = settings.optionalInteger(Setting.BATCH_SIZE).orElse((int) Math.min(Integer.MAX_VALUE, rows));
        int shards = settings.optionalInteger(Setting.SHARDS)
                .orElseGet(() -> (int) Math.min(rows, StepPlan.defaultShards(batch)));
        return new StepPlan(rows, shards, batch, settings.longInteger(Setting.SEED));
    }

    Optimizer optimizer(Network network, StepPlan steps) {
        Objective objective = new Objective(
                network, settings.choice(Setting.REDUCTION, Objective.Reduction.class), settings.number(Setting.L2));
        return new Optimizer(objective, learningRate(steps.stepsPerEpoch()), rule());
    }

    private UpdateRule rule() {
        return switch (settings.text(Setting.OPTIMIZER)) {
            case "sgd" -> new UpdateRule.Sgd();
            case "momentum" -> new UpdateRule.Momentum(settings.number(Setting.MOMENTUM));
            case "nesterov" -> new UpdateRule.Nesterov(settings.number(Setting.MOMENTUM));
            case "adam" -> new UpdateRule.Adam(0.9, 0.999, 1e-8);
            default -> throw new IllegalStateException("optimizer " + settings.text(Setting.OPTIMIZER));
        };
    }

    private LearningRateSchedule learningRate(long stepsPerEpoch) {
        double rate = settings.number(Setting.LEARNING_RATE);
        ScheduleForm schedule = settings.schedule();
        Form decay = schedule.decay();
        LearningRateSchedule then =
                switch (decay.name()) {
                    case "constant" -> new LearningRateSchedule.Constant(rate);
                    case "step" ->
                        new LearningRateSchedule.StepDecay(
                                rate, steps(decay.argument(0, 1), stepsPerEpoch), decay.argument(1, 1));
                    case "cosine" ->
                        new LearningRateSchedule.Cosine(
                                rate,
                                rate * decay.argument(0, 0),
                                settings.longInteger(Setting.EPOCHS) * stepsPerEpoch);
                    default -> throw new IllegalStateException("schedule " + decay);
                };
        return schedule.warmupEpochs() == 0
                ? then
                : new LearningRateSchedule.Warmup(steps(schedule.warmupEpochs(), stepsPerEpoch), then);
    }

    private static long steps(double epochs, long stepsPerEpoch) {
        return Math.max(1, Math.round(epochs * stepsPerEpoch));
    }

    Training.Length length(StepPlan steps) {
        return new Training.Length(
                steps.stepsPerEpoch(),
                settings.longInteger(Setting.EPOCHS),
                settings.longInteger(Setting.EVALUATE_EVERY));
    }

    /** @param validated whether there are validation rows to judge by */
    StoppingRule stopping(boolean validated) {
        for (Setting setting : List.of(Setting.PATIENCE, Setting.TARGET_ACCURACY)) {
            if (settings.isGiven(setting) && !validated) {
                throw settings.refusal(
                        setting, "it is judged on validation rows and there are none. Set --validation-rows.");
            }
        }
        String patience = settings.isGiven(Setting.PATIENCE) ? settings.text(Setting.PATIENCE) : "0";
        boolean fall = patience.startsWith(Setting.FALL);
        return new StoppingRule(
                Integer.parseInt(fall ? patience.substring(Setting.FALL.length()) : patience),
                fall ? StoppingRule.Progress.FALL : StoppingRule.Progress.LOWEST,
                settings.optionalNumber(Setting.TARGET_ACCURACY).orElse(Double.POSITIVE_INFINITY));
    }
}
