package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.treegrad.common.UserError;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.ScalingMethod;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.network.Activation;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.SplitMix64;
import io.treegrad.run.Recipe;
import io.treegrad.settings.Command;
import io.treegrad.settings.ConfigFile;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.NetworkSettings;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.testing.OnnxRuntime;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The file as ONNX Runtime reads it, beside the network that it was made of. */
class OnnxModelTest {
    private static final int ROWS = 200;
    private static final double TOLERANCE = 1e-5;

    private static final Rows DIGITS = new SyntheticDigits(3, 1, ROWS).read(RowSet.range(0, ROWS), null);

    static Stream<String> presets() {
        return ConfigFile.PRESETS.stream();
    }

    @ParameterizedTest
    @MethodSource("presets")
    void runtimeAgreesOnTheNetworkOfEachPreset(String preset) throws Exception {
        Settings settings =
                SettingsResolver.resolve(Command.TRAIN, Map.of(), Optional.of(preset), Map.of(), Path.of(""));
        int classes = settings.get(NetworkSettings.OUTPUTS).isPresent() ? 2 : 10;
        Network network = new Recipe(settings).network(DIGITS.features(), classes);
        ScalingMethod method = settings.get(DataSettings.SCALE).orSuggested(true, () -> ScalingMethod.NONE);
        Scaling scaling = Scaling.of(method.label(), new float[0], new float[0]);
        assertAgreement(network, scaling, scaling.name().equals("none") ? binary(DIGITS) : DIGITS);
    }

    @Test
    void runtimeAgreesOnEveryScalingActivationAndOutput() throws Exception {
        float[] mean = new float[DIGITS.features()];
        float[] deviation = new float[mean.length];
        SplitMix64 random = new SplitMix64(5);
        for (int i = 0; i < mean.length; i++) {
            boolean constant = i < 28; // the first line of a picture
            mean[i] = constant ? 0 : (float) (255 * random.nextDouble());
            deviation[i] = constant ? 0 : (float) (20 + 100 * random.nextDouble());
        }
        for (Scaling scaling : List.of(Scaling.unit(), Scaling.symmetric(), Scaling.standard(mean, deviation))) {
            for (boolean bias : new boolean[] {true, false}) {
                assertAgreement(network(10, Activation.SOFTMAX, bias, Loss.CROSS_ENTROPY), scaling, DIGITS);
                assertAgreement(network(1, Activation.SIGMOID, bias, Loss.BINARY_CROSS_ENTROPY), scaling, DIGITS);
                assertAgreement(network(10, Activation.IDENTITY, bias, Loss.MSE), scaling, DIGITS);
            }
        }
    }

    @Test
    void classNamesAndDigestAreInTheMetadata() throws Exception {
        TrainedModel model = SmallModel.create();
        OnnxRuntime result = OnnxRuntime.run(bytes(model), new float[][] {{1, 2, 3}});
        assertEquals("[\"no\",\"gr\\u00F6\\u00DFer\"]", result.metadata().get("labels"));
        assertEquals(model.weightsSha256(), result.metadata().get("weightsSha256"));
    }

    @Test
    void fileIsTheSameEachTimeAndAnyRuntimeSince2020ReadsIt() throws Exception {
        byte[] file = bytes(SmallModel.create());
        assertArrayEquals(file, bytes(SmallModel.create()));
        ModelProto read = ModelProto.parseFrom(file);
        assertEquals(7, read.getIrVersion());
        assertEquals(13, read.getOpsetImport(0).getVersion());
    }

    @Test
    void networkThatNoOnnxFileCanHoldIsRefused() {
        Network huge = Network.dense(List.of(540_000, 1_000), List.of(Activation.SOFTMAX), true, Loss.CROSS_ENTROPY);
        assertTrue(!OnnxModel.canHold(huge), "2.16 GB");
        UserError refused = assertThrows(UserError.class, () -> OnnxModel.requireHeld(huge));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, refused.kind());
        assertTrue(refused.getMessage().contains("540,001,000 parameters"), refused.getMessage());
        assertTrue(OnnxModel.canHold(ofParameters(532_676_608)), "16 MiB are left for everything else");
        assertFalse(OnnxModel.canHold(ofParameters(532_676_609)));
    }

    private static Network ofParameters(int count) {
        return Network.dense(List.of(count, 1), List.of(Activation.SIGMOID), false, Loss.BINARY_CROSS_ENTROPY);
    }

    @Test
    void graphThatLacksAValueOrHoldsOtherParametersIsRefused() throws Exception {
        ModelProto whole = ModelProto.parseFrom(bytes(SmallModel.create()));
        String digest = SmallModel.create().weightsSha256();
        OnnxCheck.requireSound(whole, digest);
        ModelProto.Builder lacking = whole.toBuilder();
        lacking.getGraphBuilder().removeInitializer(lacking.getGraph().getInitializerCount() - 1);
        assertRefused(lacking.build(), digest, "layers.1.bias, which nothing computes");
        ModelProto.Builder headless = whole.toBuilder();
        headless.getGraphBuilder().removeNode(headless.getGraph().getNodeCount() - 1);
        assertRefused(headless.build(), digest, "nothing computes class");
        ModelProto.Builder doubled = whole.toBuilder();
        doubled.getGraphBuilder().addNode(whole.getGraph().getNode(0));
        assertRefused(doubled.build(), digest, "is computed twice");
        assertRefused(whole, "0".repeat(64), "its parameters are " + digest);
    }

    private static void assertRefused(ModelProto model, String digest, String reason) {
        String found = assertThrows(IllegalStateException.class, () -> OnnxCheck.requireSound(model, digest))
                .getMessage();
        assertTrue(found.contains(reason), found);
    }

    private static Network network(int outputs, Activation last, boolean bias, Loss loss) {
        return Network.dense(
                List.of(DIGITS.features(), 20, 15, 12, outputs),
                List.of(Activation.RELU, Activation.TANH, Activation.SIGMOID, last),
                bias,
                loss);
    }

    private static void assertAgreement(Network network, Scaling scaling, Rows rows) throws Exception {
        float[] theta = parameters(network);
        TrainedModel model = new TrainedModel(
                network, theta, scaling, TrainedModel.numbered(network.classes()), SmallModel.provenance());
        float[][] raw = new float[ROWS][rows.features()];
        Batch batch = rows.newBatch(ROWS);
        for (int row = 0; row < ROWS; row++) {
            for (int feature = 0; feature < raw[row].length; feature++) {
                raw[row][feature] = rows.value(row, feature);
            }
            rows.addTo(batch, row, scaling);
        }
        float[] outputs = new Backpropagation(network, ROWS).forward(theta, batch);
        OnnxRuntime result = OnnxRuntime.run(bytes(model), raw);
        for (int row = 0; row < ROWS; row++) {
            for (int j = 0; j < network.outputs(); j++) {
                assertEquals(
                        outputs[row * network.outputs() + j],
                        result.outputs().get(row)[j],
                        TOLERANCE,
                        network + " " + scaling + ", row " + row);
            }
            assertEquals(network.predicted(outputs, row), result.classes().get(row), network + ", row " + row);
        }
        double[] first =
                result.outputs().stream().mapToDouble(of -> of[0]).sorted().toArray();
        assertTrue(first[ROWS - 1] - first[0] > 100 * TOLERANCE, "all rows have the same outputs: " + network);
    }

    /** Large enough that outputs differ from row to row, as those of a trained network do. */
    private static float[] parameters(Network network) {
        SplitMix64 random = new SplitMix64(11);
        float[] theta = new float[network.parameterCount()];
        network.layers().forEach(layer -> {
            double limit = 2.5 / Math.sqrt(layer.inputs());
            for (int i = layer.weightsOffset();
                    i < layer.biasesOffset() + (layer.hasBias() ? layer.outputs() : 0);
                    i++) {
                theta[i] = (float) (limit * (2 * random.nextDouble() - 1));
            }
        });
        return theta;
    }

    /** Pixels as 0 and 1: what networks without scaling are made for. */
    private static Rows binary(Rows rows) {
        float[] values = new float[rows.count() * rows.features()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.value(i / rows.features(), i % rows.features()) > 127 ? 1 : 0;
        }
        return new FloatRows(rows.features(), values, new int[rows.count()]);
    }

    private static byte[] bytes(TrainedModel model) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OnnxModel.of(model).writeTo(out);
        return out.toByteArray();
    }
}
