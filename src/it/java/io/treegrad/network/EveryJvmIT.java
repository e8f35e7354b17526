package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.Scaling;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.model.WeightsDigest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One short training ends in the same bits in JVMs with vectors of each width, and in those that take the plain loops: one
 * without the vector module, and one that does not compile it.
 */
class EveryJvmIT {
    private static final int ROWS = 120;
    private static final int STEPS = 30;
    private static final String MODULE = "--add-modules=jdk.incubator.vector";
    private static final String COMPILES_LITTLE = "-XX:TieredStopAtLevel=1";

    @Test
    void weightsDependOnNoVectorWidthAndNoOptionOfTheJvm() throws Exception {
        List<String> plain = inAnotherJvm(List.of());
        assertEquals("scalar", plain.get(0));
        String expected = plain.get(1);
        for (List<String> options : List.of(
                List.of(MODULE),
                List.of(MODULE, "-XX:MaxVectorSize=16"),
                List.of(MODULE, "-XX:MaxVectorSize=32"),
                List.of(MODULE, "-XX:MaxVectorSize=64"),
                List.of(MODULE, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2"),
                List.of(MODULE, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=3"),
                List.of(MODULE, COMPILES_LITTLE))) {
            List<String> answer = inAnotherJvm(options);
            boolean vectors = !options.contains(COMPILES_LITTLE);
            assertEquals(vectors, answer.get(0).startsWith("vector, "), options + " " + answer);
            assertEquals(expected, answer.get(1), options + " " + answer);
        }
    }

    private static List<String> inAnotherJvm(List<String> options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EveryJvmIT.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), command + " " + out);
        List<String> lines = out.lines().toList();
        assertEquals(2, lines.size(), out);
        return lines;
    }

    public static void main(String[] arguments) {
        Kernels kernels = KernelChoice.fastest();
        System.out.println(kernels.name());
        System.out.println(digest(kernels));
    }

    /** Of all scalings and hidden activations, on bytes and on floats. */
    private static String digest(Kernels kernels) {
        List<String> digests = new ArrayList<>();
        Rows digits = new SyntheticDigits(1, 0, ROWS).read(RowSet.range(0, ROWS), null);
        float[] mean = new float[digits.features()];
        float[] deviation = new float[digits.features()];
        Arrays.fill(mean, 30);
        Arrays.fill(deviation, 80);
        Scaling[] scalings = {Scaling.unit(), Scaling.symmetric(), Scaling.standard(mean, deviation)};
        Activation[] activations = {Activation.SIGMOID, Activation.TANH, Activation.RELU};
        for (int i = 0; i < scalings.length; i++) {
            Network network = Network.dense(
                    List.of(digits.features(), 37, 19, 10),
                    List.of(activations[i], activations[i], Activation.SOFTMAX),
                    true,
                    Loss.CROSS_ENTROPY);
            Batch ofBytes = digits.newBatch(ROWS);
            DenseBatch ofFloats = new DenseBatch(ROWS, digits.features());
            for (int row = 0; row < ROWS; row++) {
                digits.addTo(ofBytes, row, scalings[i]);
                digits.scaleInto(row, scalings[i], ofFloats.inputs(), row * digits.features());
                ofFloats.targets()[row] = digits.label(row);
            }
            ofFloats.setRows(ROWS);
            for (Batch batch : List.of(ofBytes, ofFloats)) {
                float[] theta = new Initialization.Glorot().parameters(network, 1);
                GradientSum sum = new GradientSum(theta.length);
                Backpropagation pass = new Backpropagation(network, kernels, ROWS);
                for (int step = 0; step < STEPS; step++) {
                    pass.gradient(theta, batch, sum);
                    for (int p = 0; p < theta.length; p++) {
                        theta[p] -= 0.1f / ROWS * sum.gradient()[p];
                    }
                }
                digests.add(WeightsDigest.of(network, theta));
            }
        }
        return digests.toString();
    }
}
