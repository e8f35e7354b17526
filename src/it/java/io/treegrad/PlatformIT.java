package io.treegrad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.cli.DigitFiles;
import io.treegrad.data.IdxBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application as a process: odd words, odd platform, and what is on the screen. Rows 32 and 33 of the table of
 * faults.
 */
class PlatformIT {
    private static final Pattern WEIGHTS = Pattern.compile("\"weightsSha256\":\"([0-9a-f]{64})\"");

    @TempDir
    private Path directory;

    private Path digits;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void drawDigits() throws IOException {
        digits = DigitFiles.write(directory.resolve("digits"), 600, 200);
    }

    private record Result(int code, String output, String errors) {
        /** Lines of standard error that come neither from the JVM nor from Maven. */
        List<String> own() {
            return errors.lines()
                    .map(line -> line.replace("\033[0m", ""))
                    .filter(line -> !line.isBlank())
                    .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                    .filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS"))
                    .filter(line -> !line.startsWith("submit.sh: "))
                    .toList();
        }
    }

    @Test
    void progressIsPlainLinesAndTheWeightsDoNotDependOnLocaleTerminalHomeOrFonts() throws Exception {
        environment.putAll(Map.of("LC_ALL", "C.UTF-8", "TERM", "xterm"));
        Result plain = submit(training(digits, directory.resolve("plain")));
        String expected = weights(plain);
        assertPlainLines(plain);

        String hostile = "a b $(touch pwned) `touch pwned` ;'\"&|<*";
        Path sameDigits = Files.move(digits, directory.resolve(hostile));
        environment.put("LC_ALL", "C");
        environment.put("TERM", "dumb");
        environment.put("HOME", "/nonexistent");
        environment.put(
                "JAVA_TOOL_OPTIONS",
                "-Duser.language=tr -Duser.country=TR -Dsun.font.fontmanager=bad -Djava.awt.headless=true");
        Result run = submit(training(sameDigits, directory.resolve("out " + hostile)));
        assertEquals(expected, weights(run));
        assertFalse(run.errors.contains("Warning"), "the report wants a font: " + run.errors);
        assertFalse(Files.exists(Path.of("pwned")));
        try (Stream<Path> files = Files.walk(directory)) {
            assertEquals(
                    List.of(), files.filter(file -> file.endsWith("pwned")).toList(), "a path was taken for a command");
        }
        Result evaluation = submit(
                "evaluate", "--model", directory.resolve("out " + hostile).toString(), "--data", sameDigits.toString());
        assertEquals(0, evaluation.code, evaluation.errors);
    }

    /** As where standard error is no terminal. */
    private void assertPlainLines(Result run) {
        List<String> lines = run.own();
        assertEquals(4, lines.size(), run.errors);
        assertEquals("Data: " + digits + ".", lines.get(0));
        assertTrue(lines.get(1).startsWith("Engine: "), run.errors);
        assertTrue(lines.get(2).matches("1/1 \\| loss .* rows/s"), run.errors);
        assertFalse(lines.get(2).contains("\033"), run.errors);
        assertTrue(lines.get(3).startsWith("Report: "), run.errors);
    }

    @Test
    void plainSparkSubmitIsAsCalmWithoutAnyFileOfOurs() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@target/spark-jvm.args",
                "-cp",
                Path.of("target/spark/jars").toAbsolutePath() + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--class",
                "io.treegrad.cli.Main",
                applicationJar().toString()));
        submit("--version"); // builds target/spark where it is missing
        command.addAll(List.of(training(digits, directory.resolve("out"))));
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        Result run = run(command);
        assertEquals(0, run.code, run.errors);
        List<String> lines = run.own().stream()
                .filter(line -> !line.startsWith("Using Spark's default log4j profile"))
                .toList();
        assertEquals(4, lines.size(), run.errors);
        assertTrue(WEIGHTS.matcher(run.output).find(), run.output);
    }

    @Test
    void badDataThatOnlyATaskSeesIsToldInOneLine() throws Exception {
        Path pictures = digits.resolve(DigitFiles.TRAIN_PICTURES);
        byte[] zipped = IdxBytes.gzip(Files.readAllBytes(pictures));
        Files.write(pictures, IdxBytes.cut(zipped, zipped.length - 3));
        Result run = submit(training(digits, directory.resolve("out")));
        assertEquals(65, run.code, run.errors);
        assertEquals(
                List.of(
                        "Data: " + digits + ".",
                        "treegrad: " + pictures
                                + ": the compressed data ends early, expected a whole file; get it again."),
                run.own());
    }

    @Test
    void mistakesInWordsAreToldInOneLine() throws Exception {
        assertMistake(2, "on one line", "train", "--output", "a\nb");
        assertMistake(
                78,
                "Unknown Spark key \"spark.treegrad.hiden\". Did you mean spark.treegrad.hidden?",
                "--conf",
                "spark.treegrad.hiden=3",
                "--",
                "train");
        assertMistake(66, "no file $(touch pwned)", "inspect", "no file $(touch pwned)");
        assertFalse(Files.exists(Path.of("pwned")));
    }

    private void assertMistake(int code, String part, String... words) throws Exception {
        Result run = submit(words);
        assertEquals(code, run.code, run.errors);
        assertEquals(1, run.own().size(), run.errors);
        assertTrue(run.own().get(0).startsWith("treegrad: "), run.errors);
        assertTrue(run.own().get(0).contains(part), run.errors);
        assertEquals("", run.output);
    }

    @Test
    void helpInAPipeThatIsClosedEarlyIsNoError() throws Exception {
        Result run = run(List.of("bash", "-o", "pipefail", "-c", "./submit.sh train --help | head -n 1"));
        assertEquals(0, run.code, run.errors);
        assertTrue(run.output.startsWith("Usage: "), run.output);
        assertEquals(List.of(), run.own());
    }

    private static String[] training(Path data, Path output) {
        return new String[] {
            "train",
            "--data",
            data.toString(),
            "--output",
            output.toString(),
            "--epochs",
            "1",
            "--validation-rows",
            "100",
            "--json"
        };
    }

    private static String weights(Result run) {
        assertEquals(0, run.code, run.errors);
        Matcher matcher = WEIGHTS.matcher(run.output);
        assertTrue(matcher.find(), run.output);
        return matcher.group(1);
    }

    private static Path applicationJar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("treegrad-.*-all\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }

    private Result submit(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("./submit.sh"));
        if (!List.of(words).contains("--")) {
            command.addAll(List.of("--master", "local[2]", "--"));
        }
        command.addAll(List.of(words));
        return run(command);
    }

    private Result run(List<String> command) throws Exception {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(4, TimeUnit.MINUTES), () -> "no end of " + command);
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
    }
}
