package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One run of the program within this JVM, as a shell would see it. Spark is the real one, on two threads. */
public record Invocation(int code, String out, String err) {
    private static final int MOST_LINES_OF_A_FAILURE = 15;

    /** @param directory what relative paths are relative to, as far as the program itself resolves them */
    public static Invocation of(Path directory, Map<String, String> environment, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                directory,
                new Summary());
        System.setProperty("spark.master", "local[2]");
        int code;
        try {
            code = new Main(Main.actions()).run(List.of(words), Map.of(), console);
        } finally {
            System.clearProperty("spark.master");
        }
        return new Invocation(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    public Invocation succeeded() {
        assertEquals(0, code, err);
        return this;
    }

    /** Asserts that it failed with this code, and with a few lines that hold these words instead of a stack. */
    Invocation failed(int expected, String... parts) {
        assertEquals(expected, code, err);
        assertFalse(err.contains("\tat "), err);
        List<String> message = message().lines().toList();
        assertTrue(message.size() <= MOST_LINES_OF_A_FAILURE, err);
        for (String part : parts) {
            assertTrue(message().contains(part), () -> "expected \"" + part + "\" in: " + err);
        }
        return this;
    }

    /** What the program said about its failure; empty if it did not fail. */
    String message() {
        int at = err.indexOf("treegrad: ");
        return at < 0 ? "" : err.substring(at);
    }

    /** The summary, which is the last line of standard output. */
    public JsonNode json() {
        return parsed(out.lines().reduce("", (before, line) -> line));
    }

    static JsonNode parsed(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }
}
