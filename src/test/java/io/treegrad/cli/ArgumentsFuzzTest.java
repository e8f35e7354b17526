package io.treegrad.cli;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.treegrad.settings.Command;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whatever the words of a command line and the values of Spark keys are, the program takes them or says what is wrong. */
class ArgumentsFuzzTest {
    private static final Map<Command, CommandAction> NOTHING = new EnumMap<>(Command.class);

    static {
        for (Command command : Command.values()) {
            NOTHING.put(command, (settings, paths, console) -> {});
        }
    }

    /** Words are separated by NUL, as the operating system does. */
    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void words(byte[] bytes) {
        run(Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0")), Map.of());
    }

    /** A line for each setting, as {@code name=value}. */
    @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
    void settings(byte[] bytes) {
        Map<String, String> properties = new HashMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
            int at = line.indexOf('=');
            // a file that happens to be there is no input of this test
            if (at > 0 && !line.startsWith("config=")) {
                properties.put("spark.treegrad." + line.substring(0, at), line.substring(at + 1));
            }
        }
        run(List.of("train"), properties);
    }

    private static void run(List<String> words, Map<String, String> properties) {
        if (words.stream().anyMatch(word -> word.contains("--config"))) {
            return;
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, false, StandardCharsets.UTF_8);
        Console console = new Console(stream, stream, Map.of(), Path.of(""), new Summary());
        int code = new Main(NOTHING).run(words, properties, console);
        stream.flush();
        if (code != 0 && code != 2 && code != 78) {
            throw new IllegalStateException("exit code " + code + ": " + err.toString(StandardCharsets.UTF_8));
        }
    }
}
