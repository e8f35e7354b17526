package io.treegrad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.treegrad.cli.DigitFiles;
import io.treegrad.cli.Invocation;
import io.treegrad.data.IdxBytes;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import io.treegrad.testing.OtherPlatforms;
import io.treegrad.testing.ParquetTables;
import io.treegrad.testing.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar on each other version of Spark and Java that it is for: the same data and settings give the same bits as
 * on those of the build.
 */
class OtherPlatformsIT {
    private static final Path JAVA_OF_THE_BUILD = Path.of(System.getProperty("java.home"));

    @TempDir
    private static Path directory;

    private static String expected;

    /** What a training ended in, and where it says that it ran. */
    private record Trained(String weightsSha256, String spark, String java) {}

    @BeforeAll
    static void trainOnThePlatformOfTheBuild() throws Exception {
        Path digits = DigitFiles.write(directory.resolve("digits"), 600, 200);
        Path pictures = digits.resolve(DigitFiles.TRAIN_PICTURES);
        // what reads gzip is Spark's own library
        Files.write(pictures, IdxBytes.gzip(Files.readAllBytes(pictures)));
        // and so is what reads Parquet
        writePictures(directory.resolve("more.parquet"));
        Path output = directory.resolve("build");
        Invocation.of(directory, Map.of(), words(output).toArray(String[]::new)).succeeded();
        expected = modelOf(output).weightsSha256();
    }

    @Test
    void theWeightsAreTheSameOnSpark41() throws Exception {
        Path spark = directory.resolve("spark");
        boolean there = OtherPlatforms.installSpark(
                "4.1.0", Map.of("hadoop.version", "3.4.2", "parquet.version", "1.16.0"), spark);
        assumeTrue(there, "Maven cannot get Spark 4.1.0: the lines above say why");
        // its network library, RPC and barrier jobs too, which one process does without
        Trained trained = train("spark41", "local-cluster[2,1,1024]", Optional.of(spark), JAVA_OF_THE_BUILD);
        assertEquals("4.1.0", trained.spark());
        assertEquals(expected, trained.weightsSha256());
    }

    @Test
    void theWeightsAreTheSameOnJava25() throws Exception {
        Optional<Path> java = OtherPlatforms.jdk(25);
        assumeTrue(java.isPresent(), "there is no JDK 25 in /usr/lib/jvm or at $JAVA25_HOME");
        Trained trained = train("java25", "local[2]", Optional.empty(), java.get());
        assertTrue(trained.java().startsWith("25"), trained.java());
        assertEquals(expected, trained.weightsSha256());
    }

    /** As Hugging Face has them. */
    private static void writePictures(Path file) throws IOException {
        SyntheticDigits digits = new SyntheticDigits(3, 0, 50);
        Rows rows = digits.read(RowSet.range(0, 50), null);
        ParquetTables.write(
                file,
                CompressionCodecName.ZSTD,
                "message m { required group image { required binary bytes; } required int64 label; }",
                50,
                (row, group) -> {
                    group.addGroup("image").add("bytes", Binary.fromConstantByteArray(Pictures.png(rows, row, 28)));
                    group.add("label", (long) rows.label(row));
                });
    }

    /** @param spark empty for that of the build */
    private static Trained train(String name, String master, Optional<Path> spark, Path javaHome) throws Exception {
        Path output = directory.resolve(name);
        List<String> command = new ArrayList<>(List.of("./submit.sh", "--master", master, "--"));
        command.addAll(words(output));
        Path errors = directory.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("SPARK_"));
        builder.environment().putAll(environment(spark, javaHome));
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(4, TimeUnit.MINUTES), () -> "no end of " + command);
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), Files.readString(errors));
        String told = Files.readString(errors);
        assertTrue(told.contains("Engine: resident") && !told.contains("Spark's RPC"), told);
        return modelOf(output);
    }

    private static List<String> words(Path output) {
        List<String> words = new ArrayList<>(List.of("train", "--output", output.toString()));
        words.addAll(List.of("--data", directory.resolve("digits").toString()));
        words.addAll(List.of("--test-data", directory.resolve("more.parquet").toString()));
        words.addAll(List.of(
                "--partitions",
                "2",
                "--epochs",
                "1",
                "--validation-rows",
                "100",
                "--hidden",
                "20",
                "--report",
                "false"));
        return words;
    }

    private static Map<String, String> environment(Optional<Path> spark, Path javaHome) {
        Map<String, String> environment = new HashMap<>(Map.of("JAVA_HOME", javaHome.toString()));
        spark.ifPresent(home -> environment.put("SPARK_HOME", home.toString()));
        return environment;
    }

    private static Trained modelOf(Path output) throws IOException {
        Path version = output.resolve("versions")
                .resolve(Files.readString(output.resolve("CURRENT")).strip());
        JsonNode model =
                new ObjectMapper().readTree(version.resolve("model.json").toFile());
        JsonNode provenance = model.get("provenance");
        return new Trained(
                model.get("weightsSha256").asText(),
                provenance.get("spark").asText(),
                provenance.get("java").asText());
    }
}
