package io.treegrad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** submit.sh with Maven's Spark, the application that was just packaged, and the JVM that Spark's launcher describes. */
class SubmitIT {
    @TempDir
    private Path directory;

    @Test
    void mavensSparkRunsTheApplicationAndPassesItsExitCode() throws Exception {
        assertEquals(0, run("--master", "local[1]", "--", "--version"));
        assertEquals(
                List.of(),
                Files.readAllLines(directory.resolve("errors")).stream()
                        .filter(line -> line.startsWith("SLF4J") || line.contains("ERROR"))
                        .toList());
        assertEquals(2, run("train", "--hidden", "100,,10"));
        assertTrue(Files.readString(directory.resolve("errors")).contains("--hidden"));
    }

    @Test
    void aRefusedOptionOfSparkIsNotRememberedAsACommand() throws Exception {
        assertTrue(run("--no-such-option", "x", "--", "train") != 0);
        assertTrue(run("--no-such-option", "x", "--", "train") != 0);
    }

    @Test
    void aMasterThatCannotBeReachedIsToldInALineAndMayBeTriedAgain() throws Exception {
        String output = directory.resolve("models").toString();
        assertEquals(75, run("--master", "spark://127.0.0.1:1", "--", "train", "--data", "xor", "--output", output));
        List<String> errors = Files.readAllLines(directory.resolve("errors")).stream()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .filter(line -> !line.startsWith("submit.sh: "))
                .toList();
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(
                errors.get(0).startsWith("treegrad: no master of spark://127.0.0.1:1 can be reached"), errors.get(0));
    }

    @Test
    void theCommandIsRememberedWhole() throws Exception {
        String[] words = {"--master", "local[1]", "--conf", "spark.treegrad.seed=a b\n$(c)", "--", "--version"};
        assertEquals(0, run(words));
        String first = Files.readString(directory.resolve("output"));
        try (Stream<Path> remembered = Files.list(Path.of("target/spark/commands"))) {
            assertTrue(remembered.findAny().isPresent());
        }
        assertEquals(0, run(words));
        assertEquals(first, Files.readString(directory.resolve("output")));
    }

    private int run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./submit.sh"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("output").toFile())
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
        return builder.start().waitFor();
    }
}
