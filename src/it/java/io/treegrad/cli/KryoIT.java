package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The serializer that many clusters set for everybody in their {@code spark-defaults.conf}. */
class KryoIT {
    private static final String SERIALIZER = "spark.serializer";
    private static final String REGISTRATION = "spark.kryo.registrationRequired";

    @TempDir
    private static Path directory;

    private static String data;
    private static String weights;

    @BeforeAll
    static void trainWithSparksOwnDefaults() throws IOException {
        data = SmallTraining.writeData(directory.resolve("rows.csv")).toString();
        weights = weightsOfATraining(directory.resolve("default"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commandsComeToTheSameWhateverSerializerIsConfigured(boolean registrationRequired) throws IOException {
        System.setProperty(SERIALIZER, "org.apache.spark.serializer.KryoSerializer");
        System.setProperty(REGISTRATION, Boolean.toString(registrationRequired));
        try {
            Path output = directory.resolve("registration required " + registrationRequired);
            assertEquals(weights, weightsOfATraining(output));
            assertEquals(
                    weights,
                    run("evaluate", "--model", output.toString(), "--data", data, "--json")
                            .json()
                            .get("weightsSha256")
                            .asText());
            Path predictions = output.resolve("predictions.csv");
            run("predict", "--model", output.toString(), "--data", data, "--output", predictions.toString());
            try (Stream<String> lines = Files.lines(predictions)) {
                assertTrue(lines.count() > 600, "a line for each row");
            }
        } finally {
            System.clearProperty(SERIALIZER);
            System.clearProperty(REGISTRATION);
        }
    }

    private static String weightsOfATraining(Path output) throws IOException {
        String trained = "";
        // rows travel another way in each engine
        for (String engine : List.of("tree", "resident")) {
            trained = run(
                            "train",
                            "--data",
                            data,
                            "--output",
                            output.toString(),
                            "--split",
                            "0.6,0.2,0.2",
                            "--scale",
                            "none",
                            "--hidden",
                            "16",
                            "--epochs",
                            "2",
                            "--engine",
                            engine,
                            "--json")
                    .json()
                    .get("weightsSha256")
                    .asText();
            assertTrue(trained.matches("[0-9a-f]{64}"), trained);
        }
        return trained;
    }

    private static Invocation run(String... words) {
        return Invocation.of(directory, Map.of(), words).succeeded();
    }
}
