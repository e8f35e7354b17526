package io.treegrad.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.treegrad.common.UserError;
import io.treegrad.data.Scaling;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.Models;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.Meaning;
import io.treegrad.spark.VectorPredictor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
    /** z = (x + y, x - y), each weight of a value that is stored as 255 times its input. */
    private static final float[] PARAMETERS = {1, 1, 1, -1, 0, 0};

    @TempDir
    private Path output;

    private Model model;

    @BeforeEach
    void publish() throws IOException {
        Path version = output.resolve("versions").resolve("first");
        Models.write(version, Models.of(2, PARAMETERS, Scaling.unit(), List.of("up", "down")));
        Files.write(output.resolve("CURRENT"), ModelFiles.current("first"));
        model = Model.load(output);
    }

    @Test
    void aRowIsScaledAndClassified() {
        assertEquals(2, model.features());
        assertEquals(List.of("up", "down"), model.labels());
        // inputs 1 and 0.5: z = (1.5, 0.5), softmax 1 / (1 + e^-1)
        Prediction prediction = model.predict(new float[] {255, 127.5f});
        assertEquals("up", prediction.label());
        assertArrayEquals(new float[] {0.7310586f, 0.2689414f}, prediction.outputs(), 1e-6f);
        assertEquals("down", model.predict(new float[] {0, -255}).label());
        assertThrows(UnsupportedOperationException.class, prediction::number);
    }

    @Test
    void rowsHaveTheSameOutputsAloneAndAmongOthers() {
        float[][] rows = new float[600][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = new float[] {row % 256, (7 * row) % 256};
        }
        List<Prediction> together = model.predict(rows);
        for (int row = 0; row < rows.length; row++) {
            assertArrayEquals(
                    model.predict(rows[row]).outputs(), together.get(row).outputs());
        }
    }

    @Test
    void rowsHaveTheSameOutputsOnManyThreads() {
        float[] expected = model.predict(new float[] {255, 127.5f}).outputs();
        boolean same = IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> {
                    model.predict(new float[][] {{i % 7, 3}, {0, i % 5}});
                    return model.predict(new float[] {255, 127.5f}).outputs();
                })
                .allMatch(outputs -> Arrays.equals(expected, outputs));
        assertTrue(same);
    }

    @Test
    void vectorsOfSparkArePredicted() {
        VectorPredictor predictor = new VectorPredictor(model);
        float[] outputs = model.predict(new float[] {0, -255}).outputs();
        assertArrayEquals(outputs, predictor.predict(Vectors.dense(0, -255)).outputs());
        int[] indices = {1};
        double[] values = {-255};
        assertArrayEquals(
                outputs, predictor.predict(Vectors.sparse(2, indices, values)).outputs());
    }

    @Test
    void numbersComeInTheirOwnUnit() {
        TrainedModel numbers = Models.ofNumbers(new float[] {2, -1, 0.5f}, new Meaning.OfNumbers(100, 10));
        Prediction prediction = Model.of(numbers).predict(new float[] {3, 1});
        assertEquals(100 + 10 * 5.5f, prediction.number());
        assertArrayEquals(new float[] {155}, prediction.outputs());
        assertThrows(UnsupportedOperationException.class, prediction::label);
    }

    @Test
    void whatCannotBePredictedIsTold() {
        IllegalArgumentException short1 =
                assertThrows(IllegalArgumentException.class, () -> model.predict(new float[] {1}));
        assertEquals("a row of 1 values, expected 2 as the model was trained on", short1.getMessage());
        for (String none : List.of("nowhere", "versions", "versions/first/model.safetensors")) {
            Path nowhere = output.resolve(none);
            UserError absent = assertThrows(UserError.class, () -> Model.load(nowhere));
            assertEquals(UserError.Kind.INPUT_MISSING, absent.kind());
            assertEquals(
                    nowhere
                            + ": there is no model, expected an output directory of train, with a file CURRENT in it, or the"
                            + " directory of one of its versions. Check the path, or train first.",
                    absent.getMessage());
        }
    }

    @Test
    void aRowWithAValueThatIsNoNumberIsRefused() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> model.predict(new float[] {1, value}));
            assertEquals("a row whose value 1 is " + value + ", expected finite numbers", refusal.getMessage());
        }
    }

    /** As Spark sends it to the tasks that predict, and takes back what they predicted. */
    @Test
    void aModelThatIsSentToATaskPredictsThereTheSame() throws IOException, ClassNotFoundException {
        VectorPredictor there = (VectorPredictor) sent(new VectorPredictor(model));
        Prediction expected = model.predict(new float[] {255, 127.5f});
        Prediction prediction = (Prediction) sent(there.predict(Vectors.dense(255, 127.5)));
        assertArrayEquals(expected.outputs(), prediction.outputs());
        assertEquals("up", prediction.label());
        assertEquals(model.weightsSha256(), ((Model) sent(model)).weightsSha256());
    }

    private static Object sent(Object object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    @Test
    void neitherSparkNorHadoopIsNeeded() throws IOException, InterruptedException {
        String classPath = Stream.of(
                        Model.class, PredictOneRow.class, ObjectMapper.class, JsonFactory.class, JsonProperty.class)
                .map(ModelTest::placeOf)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        PredictOneRow.class.getName(),
                        output.toString(),
                        "255",
                        "127.5")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.startsWith("up 0.731058"), said);
    }

    private static String placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
