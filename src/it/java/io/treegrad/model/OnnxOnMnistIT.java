package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.cli.Invocation;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.formats.IdxFiles;
import io.treegrad.network.Backpropagation;
import io.treegrad.network.Batch;
import io.treegrad.testing.OnnxRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * ONNX Runtime, on the published file and the raw pixels of all 10,000 test digits of MNIST, beside treegrad. The trainings
 * are short, since the arithmetic is the same after any number of steps; with {@code TREEGRAD_SOAK=1} they have their length.
 */
class OnnxOnMnistIT {
    private static final double TOLERANCE = 1e-5;
    private static final int BLOCK = 1000;

    @TempDir
    private static Path directory;

    private static String mnist;
    private static Rows digits;
    /** [rows × 784] */
    private static float[][] pixels;

    @BeforeAll
    static void readTheTestDigits() throws Exception {
        mnist = System.getenv("MNIST_DIR");
        assumeTrue(mnist != null, "MNIST_DIR is not set: ONNX Runtime is not tried on MNIST.");
        LocalStorage storage = new LocalStorage();
        digits = IdxFiles.mnist(storage, mnist).test().read(RowSet.range(0, 10_000), storage);
        pixels = new float[digits.count()][digits.features()];
        for (int row = 0; row < pixels.length; row++) {
            for (int feature = 0; feature < pixels[row].length; feature++) {
                pixels[row][feature] = digits.value(row, feature);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default",
                "generic-mnist",
                "mlp-logistic-l2",
                "mlp-mse-fullbatch",
                "mlp-mse-minibatch",
                "mlp-relu-minibatch"
            })
    void everyTestDigitHasTheSameClassAndOutputs(String preset) throws Exception {
        JsonNode run = train(preset);
        Path version = Path.of(run.get("model").asText());
        TrainedModel model = ModelFiles.read(new LocalStorage(), version.toString());
        OnnxRuntime runtime = OnnxRuntime.run(Files.readAllBytes(version.resolve(ModelFiles.ONNX)), pixels);
        int width = model.network().outputs();
        float[] theta = model.parameters();
        Backpropagation forward = new Backpropagation(model.network(), BLOCK);
        for (int first = 0; first < digits.count(); first += BLOCK) {
            Batch batch = digits.newBatch(BLOCK);
            for (int i = 0; i < BLOCK; i++) {
                digits.addTo(batch, first + i, model.scaling());
            }
            float[] outputs = forward.forward(theta, batch);
            for (int i = 0; i < BLOCK; i++) {
                int row = first + i;
                assertEquals(
                        model.network().predicted(outputs, i), runtime.classes().get(row), "class of digit " + row);
                for (int j = 0; j < width; j++) {
                    assertEquals(
                            outputs[i * width + j],
                            runtime.outputs().get(row)[j],
                            TOLERANCE,
                            "output " + j + " of digit " + row);
                }
            }
        }
    }

    private static JsonNode train(String preset) {
        List<String> words = new ArrayList<>(List.of("train", "--config", preset, "--json", "--report", "false"));
        words.addAll(
                List.of("--data", "mnist", "--output", directory.resolve(preset).toString()));
        if (System.getenv("TREEGRAD_SOAK") == null) {
            words.addAll(List.of("--epochs", "1"));
        }
        return Invocation.of(directory, Map.of("MNIST_DIR", mnist), words.toArray(String[]::new))
                .succeeded()
                .json();
    }
}
