package io.treegrad.settings;

import static io.treegrad.settings.Command.CHECK_DATA;
import static io.treegrad.settings.Command.CHECK_GRADIENT;
import static io.treegrad.settings.Setting.Effect.DECIDES_RESULT;
import static io.treegrad.settings.SettingGroup.TRAINING;

import io.treegrad.training.LearningRateSchedule;
import io.treegrad.training.StoppingRule;
import io.treegrad.training.UpdateRule;
import java.util.List;
import java.util.Optional;

/** The steps of a training and when it ends. */
public final class TrainingSettings {
    private static final int MOST_EPOCHS = 10_000_000;

    /** An accuracy as a bound. A bound of 0 would have no effect. */
    static final ValueParser<Double> ACCURACY =
            ValueParser.number("a number greater than 0, at most 1", "0.97", number -> number > 0 && number <= 1);

    public static final Setting<UpdateRule.Kind> OPTIMIZER = Setting.ofTrain(
            "optimizer", TRAINING, "NAME", "%s", ValueParser.oneOf(UpdateRule.Kind.class), DECIDES_RESULT);

    public static final Setting<Double> MOMENTUM = Setting.ofTrain(
            "momentum",
            TRAINING,
            "F",
            "Share of the last step that momentum and nesterov keep",
            ValueParser.number(
                    "a number from 0 up to but not including 1",
                    "0.9",
                    number -> number >= 0 && number.floatValue() < 1),
            DECIDES_RESULT);

    public static final Setting<Double> LEARNING_RATE = Setting.ofTrain(
            "learning-rate",
            TRAINING,
            "F",
            "Step size, before the schedule",
            ValueParser.number(
                    "a number greater than 0, at most 1000000", "0.1", number -> number > 0 && number <= 1e6),
            DECIDES_RESULT);

    public static final Setting<LearningRateSchedule> SCHEDULE = Setting.ofTrain(
            "schedule",
            TRAINING,
            "FORM",
            LearningRateSchedule.FORMS,
            new ValueParser<>(LearningRateSchedule.FORMS, "warmup:1+cosine", LearningRateSchedule::parse),
            DECIDES_RESULT);

    /** Empty for all rows. */
    public static final Setting<Optional<Integer>> BATCH_SIZE = Setting.ofTrain(
            "batch-size",
            TRAINING,
            "N",
            "Rows a step, over the whole cluster; or full",
            ValueParser.whole(1, Integer.MAX_VALUE).orNothing("full"),
            DECIDES_RESULT,
            Command.PLAN);

    public static final Setting<Integer> EPOCHS = Setting.ofTrain(
            "epochs",
            TRAINING,
            "N",
            "Passes over the training rows",
            ValueParser.whole(1, MOST_EPOCHS),
            DECIDES_RESULT);

    public static final Setting<Integer> EVALUATE_EVERY = Setting.ofTrain(
            "evaluate-every",
            TRAINING,
            "N",
            "Evaluate every N epochs",
            ValueParser.whole(1, MOST_EPOCHS),
            DECIDES_RESULT);

    public static final Setting<Optional<StoppingRule.Patience>> PATIENCE = Setting.ofTrain(
            "patience",
            TRAINING,
            "N",
            "Stop N epochs after the lowest validation loss, or (fall:N) after its last fall; keep the lowest; or none",
            new ValueParser<>(
                            "a whole number from 1 to " + MOST_EPOCHS + ", or the same after fall:",
                            "10",
                            StoppingRule.Patience::parse)
                    .orNothing("none"),
            DECIDES_RESULT);

    public static final Setting<Optional<Double>> TARGET_ACCURACY = Setting.ofTrain(
            "target-accuracy",
            TRAINING,
            "F",
            "Stop at this validation accuracy; or none",
            ACCURACY.orNothing("none"),
            DECIDES_RESULT);

    public static final Setting<Optional<String>> WARM_START = Setting.ofTrain(
            "warm-start",
            TRAINING,
            "MODEL",
            "Begin with the parameters of this model; or none",
            ValueParser.text("a path to a model", "output").orNothing("none"),
            DECIDES_RESULT);

    public static final Setting<Long> SEED = Setting.ofTrain(
            "seed",
            TRAINING,
            "N",
            "Decides initial weights, order of rows and split",
            ValueParser.wholeLong(Long.MIN_VALUE, Long.MAX_VALUE),
            DECIDES_RESULT,
            CHECK_DATA,
            CHECK_GRADIENT);

    static final List<Setting<?>> ALL = List.of(
            OPTIMIZER,
            MOMENTUM,
            LEARNING_RATE,
            SCHEDULE,
            BATCH_SIZE,
            EPOCHS,
            EVALUATE_EVERY,
            PATIENCE,
            TARGET_ACCURACY,
            WARM_START,
            SEED);

    private TrainingSettings() {}
}
