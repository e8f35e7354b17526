package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.settings.AllSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script, as bash uses it. */
class CompletionCommandTest {
    @TempDir
    private Path directory;

    @Test
    void commandsAreCompleted() throws Exception {
        Set<String> commands =
                Arrays.stream(Command.values()).map(Command::title).collect(Collectors.toSet());
        assertTrue(completions("./submit.sh", "").containsAll(commands));
        assertEquals(Set.of("predict"), completions("./submit.sh", "pred"));
    }

    @Test
    void optionsOfACommandAreCompleted() throws Exception {
        Set<String> options =
                AllSettings.of(Command.PREDICT).stream().map(Setting::option).collect(Collectors.toSet());
        assertTrue(completions("./submit.sh", "predict", "--").containsAll(options));
        assertEquals(Set.of("--learning-rate"), completions("./submit.sh", "train", "--learn"));
    }

    /** What bash offers for the last of these words. */
    private Set<String> completions(String... words) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("completion"), script());
        String line = Arrays.stream(words).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String bash = "source \"$1\"; COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.length - 1)
                + "; complete=$(complete -p submit.sh); complete=${complete#*-F }; ${complete%% *}"
                + " >/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process process = new ProcessBuilder("bash", "-c", bash, "bash", script.toString())
                // outside of a shell that completes, it cannot be told how to
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return new TreeSet<>(said.lines().map(String::strip).toList());
    }

    private String script() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, Map.of(), directory, new Summary());
        assertEquals(0, new Main(Main.actions()).run(List.of("completion"), Map.of(), console));
        return out.toString(StandardCharsets.UTF_8);
    }
}
