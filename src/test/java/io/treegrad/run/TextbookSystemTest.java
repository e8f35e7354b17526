package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.FloatRows;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ShardPlan;
import io.treegrad.data.Split;
import io.treegrad.data.StepPlan;
import io.treegrad.data.TableLabel;
import io.treegrad.formats.BuiltInTable;
import io.treegrad.formats.CsvTable;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Network;
import io.treegrad.settings.Command;
import io.treegrad.settings.ConfigFile;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import io.treegrad.testing.LocalEvaluation;
import io.treegrad.testing.LocalGradientSource;
import io.treegrad.training.Metric;
import io.treegrad.training.MetricValues;
import io.treegrad.training.Training;
import io.treegrad.training.TrainingObserver;
import io.treegrad.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The presets of the textbook systems, and those that need no cluster trained without one. */
class TextbookSystemTest {
    private static final LocalStorage STORAGE = new LocalStorage();

    @Test
    void everyPresetButTheDefaultIsATextbookSystem() {
        List<String> presets = ConfigFile.PRESETS.stream()
                .filter(name -> !name.equals("default"))
                .toList();
        assertEquals(presets, TextbookSystem.presets());
        for (TextbookSystem system : TextbookSystem.ALL) {
            double known = system.reference().of(system.judged()).orElse(system.least());
            double tolerance = system.preset().equals("layers-digits") ? 1 : 0.3;
            assertEquals(known - (known == system.least() ? 0 : tolerance), system.least(), 1e-9, system.preset());
        }
    }

    @Test
    void everyPresetBuildsThePublishedNetwork() {
        Map<String, String> networks = new HashMap<>();
        Map<String, int[]> shapes = Map.of(
                "layers-digits", new int[] {64, 10},
                "generic-xor", new int[] {3, 2},
                "generic-sevensegment", new int[] {7, 10},
                "generic-sevensegment-deep", new int[] {7, 10});
        for (String preset : ConfigFile.PRESETS) {
            int[] shape = shapes.getOrDefault(preset, new int[] {784, 10});
            Settings settings = settings(preset, Map.of());
            Network network = new Recipe(settings).network(shape[0], shape[1]);
            StringBuilder form = new StringBuilder(network.toString());
            network.layers()
                    .forEach(layer -> form.append(' ').append(layer.activation().label()));
            networks.put(preset, form + " " + network.loss().label());
        }
        assertEquals(
                Map.of(
                        "default", "784-128-10 relu softmax cross-entropy",
                        "mlp-mse-fullbatch", "784-50-10 sigmoid sigmoid mse",
                        "layers-digits", "64-20-20-10 sigmoid sigmoid softmax cross-entropy",
                        "mlp-logistic-l2", "784-100-10 sigmoid sigmoid binary-cross-entropy",
                        "mlp-mse-minibatch", "784-50-10 sigmoid sigmoid mse",
                        "mlp-relu-minibatch", "784-50-10 relu sigmoid mse",
                        "generic-xor", "3-20-1 relu sigmoid mse",
                        "generic-sevensegment", "7-20-10 sigmoid sigmoid mse",
                        "generic-sevensegment-deep", "7-10-10-10 sigmoid sigmoid sigmoid mse",
                        "generic-mnist", "784-100-50-10 relu tanh sigmoid mse"),
                networks);
    }

    @Test
    void meanIsJudgedOnTheTestRowsWhereThereAreAny() {
        TextbookSystem logistic = TextbookSystem.ALL.get(2);
        assertEquals(Part.TEST, logistic.judged());
        assertTrue(logistic.isReachedBy(97.25));
        assertTrue(logistic.isReachedBy(99));
        assertFalse(logistic.isReachedBy(97.23));
        TextbookSystem xor = TextbookSystem.ALL.get(5);
        assertEquals(Part.TRAIN, xor.judged());
        assertTrue(xor.isReachedBy(100));
        assertFalse(xor.isReachedBy(75));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sigmoid", "tanh", "relu"})
    void xorIsLearntWithEachHiddenActivation(String hidden) throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            Trained trained = trained("generic-xor", hidden, seed, BuiltInTable.open(BuiltInTable.Name.XOR), CUT_NONE);
            float[] outputs = trained.outputs();
            String found = hidden + ", seed " + seed + ": " + Arrays.toString(outputs);
            assertEquals(List.of(0, 1, 1, 0), rounded(outputs), found);
            assertEquals(1.0, trained.evaluated(trained.split.train()).get(Metric.ACCURACY), found);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sigmoid", "tanh", "relu"})
    void everySegmentDigitIsLearntWithEachHiddenActivation(String hidden) throws IOException {
        for (String preset : List.of("generic-sevensegment", "generic-sevensegment-deep")) {
            for (long seed = 1; seed <= 3; seed++) {
                Trained trained =
                        trained(preset, hidden, seed, BuiltInTable.open(BuiltInTable.Name.SEVEN_SEGMENT), CUT_NONE);
                double accuracy = trained.evaluated(trained.split.train()).get(Metric.ACCURACY);
                assertEquals(1.0, accuracy, preset + ", " + hidden + ", seed " + seed);
            }
        }
    }

    @Test
    void perLayerActivationsAreAsManyAsHiddenLayers() {
        Map<Setting<?>, String> three =
                Map.of(NetworkSettings.HIDDEN, "5,4,3", NetworkSettings.HIDDEN_ACTIVATION, "relu,tanh,sigmoid");
        assertEquals(
                List.of("relu", "tanh", "sigmoid", "softmax"),
                new Recipe(settings("default", three))
                        .network(2, 3).layers().stream()
                                .map(layer -> layer.activation().label())
                                .toList());
        Map<Setting<?>, String> two =
                Map.of(NetworkSettings.HIDDEN, "5,4,3", NetworkSettings.HIDDEN_ACTIVATION, "relu,tanh");
        UserError error = assertThrows(UserError.class, () -> new Recipe(settings("default", two)).network(2, 3));
        assertEquals(
                "--hidden-activation is \"relu,tanh\": expected one for all or one for each of the 3 hidden layers"
                        + " (--hidden is 5,4,3).",
                error.getMessage());
    }

    @Test
    void singleOutputIsForTwoClasses() {
        Recipe recipe = new Recipe(settings("generic-xor", Map.of()));
        assertEquals(1, recipe.network(3, 2).outputs());
        assertEquals(2, recipe.network(3, 2).classes());
        assertThrows(UserError.class, () -> recipe.network(3, 3));
    }

    @Test
    void digitsAreRecognisedAndTrainingStopsEarly() throws IOException {
        String directory = System.getenv("DIGITS_DIR");
        Assumptions.assumeTrue(directory != null, "DIGITS_DIR is not set: the 8x8 digits are not trained on.");
        RowSource digits = CsvTable.open(STORAGE, directory + "/digits.csv.gz", TableLabel.LAST);
        Trained trained = trained("layers-digits", "sigmoid", 1, digits, settings -> {
            return settings.get(DataSettings.SPLIT).orElseThrow().of(digits.labels(STORAGE), 1);
        });
        double accuracy = trained.evaluated(trained.split.test()).get(Metric.ACCURACY);
        assertTrue(accuracy >= 0.93, "seed 1: test accuracy " + accuracy);
        double[] costs = trained.outcome.epochs().stream()
                .mapToDouble(epoch -> epoch.validation().get(Metric.LOSS))
                .toArray();
        int last = costs.length - 1;
        assertTrue(costs.length < 300, costs.length + " epochs");
        for (int epoch = last - 2; epoch <= last; epoch++) {
            assertTrue(costs[epoch] >= costs[epoch - 1], "the cost fell in epoch " + (epoch + 1));
        }
        assertTrue(costs[last - 3] < costs[last - 4], "training could have stopped before");
        double lowest = Arrays.stream(costs).min().orElseThrow();
        assertEquals(lowest, costs[(int) trained.outcome.chosenEpoch() - 1], "the best epoch is kept");
    }

    private static final Cut CUT_NONE = settings -> null;

    @FunctionalInterface
    private interface Cut {
        Split of(Settings settings) throws IOException;
    }

    private record Trained(Network network, Scaling scaling, Rows rows, Split split, TrainingState outcome) {
        MetricValues evaluated(RowSet part) throws IOException {
            return MetricValues.of(
                    new LocalEvaluation(network, new ShardPlan(part.size(), 1), select(rows, part), scaling)
                            .apply(outcome.chosenParameters()));
        }

        float[] outputs() {
            Batch batch = rows.newBatch(rows.count());
            for (int row = 0; row < rows.count(); row++) {
                rows.addTo(batch, row, scaling);
            }
            return new Backpropagation(network, rows.count()).forward(outcome.chosenParameters(), batch);
        }
    }

    /** What {@code train --config PRESET} does, in this thread. */
    private static Trained trained(String preset, String hidden, long seed, RowSource source, Cut cut)
            throws IOException {
        Map<Setting<?>, String> options = new HashMap<>();
        options.put(NetworkSettings.HIDDEN_ACTIVATION, hidden);
        options.put(TrainingSettings.SEED, Long.toString(seed));
        if (preset.startsWith("generic-sevensegment") && hidden.equals("relu")) {
            options.put(NetworkSettings.INIT, "uniform:0.5"); // the presets say why
        }
        Settings settings = settings(preset, options);
        Recipe recipe = new Recipe(settings);
        Rows rows = source.read(RowSet.range(0, source.rows()), STORAGE);
        Split given = cut.of(settings);
        Split split = given == null ? Split.validationRows(source.rows(), 0) : given;
        Network network = recipe.network(source.features(), source.classes());
        Scaling scaling = Scaling.of(settings.get(DataSettings.SCALE).label(), new float[0], new float[0]);
        StepPlan steps = recipe.steps(split.train().size());
        Optional<Function<float[], EvaluationSum>> validation =
                split.validation().size() == 0
                        ? Optional.empty()
                        : Optional.of(new LocalEvaluation(
                                network,
                                new ShardPlan(split.validation().size(), 1),
                                select(rows, split.validation()),
                                scaling));
        Training training = recipe.training(
                new LocalGradientSource(network, steps, select(rows, split.train()), scaling),
                recipe.optimizer(network, steps),
                steps,
                validation,
                TrainingObserver.all());
        return new Trained(network, scaling, rows, split, training.run(recipe.parameters(network)));
    }

    private static Rows select(Rows rows, RowSet wanted) {
        float[] values = new float[(int) wanted.size() * rows.features()];
        int[] labels = new int[(int) wanted.size()];
        for (int i = 0; i < labels.length; i++) {
            int row = (int) wanted.at(i);
            rows.scaleInto(row, Scaling.none(), values, i * rows.features());
            labels[i] = rows.label(row);
        }
        return new FloatRows(rows.features(), values, labels);
    }

    private static List<Integer> rounded(float[] outputs) {
        return IntStream.range(0, outputs.length)
                .mapToObj(i -> Math.round(outputs[i]))
                .toList();
    }

    private static Settings settings(String preset, Map<Setting<?>, String> options) {
        return SettingsResolver.resolve(Command.TRAIN, options, Optional.of(preset), Map.of(), Path.of(""));
    }
}
