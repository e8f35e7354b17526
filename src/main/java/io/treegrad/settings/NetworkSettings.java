package io.treegrad.settings;

import static io.treegrad.settings.Command.CHECK_GRADIENT;
import static io.treegrad.settings.Command.PLAN;
import static io.treegrad.settings.Setting.Effect.DECIDES_RESULT;
import static io.treegrad.settings.SettingGroup.NETWORK;

import io.treegrad.network.Activation;
import io.treegrad.network.Initialization;
import io.treegrad.network.Loss;
import io.treegrad.training.ClassWeights;
import io.treegrad.training.Objective;
import java.util.List;
import java.util.Optional;

/** The network, its initial weights and the objective. */
public final class NetworkSettings {
    private static final int MOST_UNITS = 65_536;
    private static final int MOST_LAYERS = 100;

    /** Sizes of one layer or more. */
    static final ValueParser<List<Integer>> SIZES = ValueParser.listOf(
            ValueParser.whole(1, MOST_UNITS),
            MOST_LAYERS,
            "whole numbers from 1 to " + MOST_UNITS + " separated by commas",
            "100,50");

    private static final ValueParser<Activation> HIDDEN_ACTIVATIONS =
            ValueParser.oneOf(Activation.class, Activation::isForHiddenLayers);

    /** Empty for a network of a single layer. */
    public static final Setting<List<Integer>> HIDDEN = Setting.ofTrain(
            "hidden",
            NETWORK,
            "N,N,...",
            "Sizes of the hidden layers; or none",
            SIZES.or("none", List.of()),
            DECIDES_RESULT,
            CHECK_GRADIENT,
            PLAN);

    public static final Setting<List<Activation>> HIDDEN_ACTIVATION = Setting.ofTrain(
            "hidden-activation",
            NETWORK,
            "NAME,...",
            HIDDEN_ACTIVATIONS.expected() + ": one for all hidden layers, or one each",
            ValueParser.listOf(
                    HIDDEN_ACTIVATIONS,
                    MOST_LAYERS,
                    HIDDEN_ACTIVATIONS.expected() + ", one or one a hidden layer separated by commas",
                    "relu,tanh"),
            DECIDES_RESULT,
            CHECK_GRADIENT);

    public static final Setting<Activation> OUTPUT_ACTIVATION = Setting.ofTrain(
            "output-activation",
            NETWORK,
            "NAME",
            "%s",
            ValueParser.oneOf(Activation.class, Activation::isForOutputs),
            DECIDES_RESULT,
            CHECK_GRADIENT);

    public static final Setting<Optional<Integer>> OUTPUTS = Setting.ofTrain(
            "outputs",
            NETWORK,
            "N",
            "auto: one for each class; 1: a single one that tells two classes apart",
            ValueParser.matching("1", "1", "1").map(Integer::valueOf).orNothing("auto"),
            DECIDES_RESULT,
            CHECK_GRADIENT);

    public static final Setting<Loss> LOSS = Setting.ofTrain(
            "loss", NETWORK, "NAME", "%s", ValueParser.oneOf(Loss.class), DECIDES_RESULT, CHECK_GRADIENT);

    public static final Setting<Objective.Reduction> REDUCTION = Setting.ofTrain(
            "reduction",
            NETWORK,
            "NAME",
            "Loss of a batch: %s over its rows",
            ValueParser.oneOf(Objective.Reduction.class),
            DECIDES_RESULT);

    public static final Setting<Double> L2 = Setting.ofTrain(
            "l2",
            NETWORK,
            "F",
            "Weight decay: F times the weights is added to their gradient",
            ValueParser.number("a number from 0 to 1000000", "0.01", number -> number >= 0 && number <= 1e6),
            DECIDES_RESULT);

    public static final Setting<ClassWeights> CLASS_WEIGHTS = Setting.ofTrain(
            "class-weights",
            NETWORK,
            "FORM",
            "Factors of the loss by class: " + ClassWeights.FORMS + "; or none",
            new ValueParser<>(
                            ClassWeights.FORMS + " with factors above 0, at most 1000000",
                            "spam:10,ham:1",
                            ClassWeights::parse)
                    .or("none", ClassWeights.Named.NONE),
            DECIDES_RESULT);

    public static final Setting<Boolean> BIAS = Setting.ofTrain(
            "bias", NETWORK, "BOOL", "%s: layers with a bias", ValueParser.flag(), DECIDES_RESULT, CHECK_GRADIENT);

    public static final Setting<Initialization> INIT = Setting.ofTrain(
            "init",
            NETWORK,
            "FORM",
            Initialization.FORMS,
            new ValueParser<>(
                    Initialization.FORMS + " with a number greater than 0", "normal:0.1", Initialization::parse),
            DECIDES_RESULT,
            CHECK_GRADIENT);

    static final List<Setting<?>> ALL = List.of(
            HIDDEN, HIDDEN_ACTIVATION, OUTPUT_ACTIVATION, OUTPUTS, LOSS, REDUCTION, L2, CLASS_WEIGHTS, BIAS, INIT);

    private NetworkSettings() {}
}
