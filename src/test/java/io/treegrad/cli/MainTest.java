package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.treegrad.common.UserError;
import io.treegrad.settings.AllSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.TrainingSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Settings> ran = new ArrayList<>();
    private List<String> paths = List.of();

    @Test
    void noCommandMeansTrain() {
        assertEquals(0, run());
        assertEquals(0, run("--epochs", "3"));
        assertEquals(0, run("train", "--epochs=4"));
        assertEquals(
                List.of(6, 3, 4),
                ran.stream().map(s -> s.get(TrainingSettings.EPOCHS)).toList());
        assertEquals("", out());
        assertEquals("", err());
    }

    /** English text with numbers of another language is read wrongly: 55.000 rows are not 55. */
    @Test
    void numbersAreWrittenInTheSameWayInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            Main.main(new String[] {"--version"});
            assertEquals("1,000 0.5", "%,d %.1f".formatted(1000, 0.5));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void inspectTakesPathsAndFlags() {
        assertEquals(0, run("inspect", "a b", "$(x)\n", "@file", "${sys:user.home}", "--json"));
        assertEquals(List.of("a b", "$(x)\n", "@file", "${sys:user.home}"), paths);
        assertEquals(2, run("inspect"));
        assertTrue(err().contains("inspect has no path: expected one or more."), err());
    }

    @Test
    void negativeNumbersAreValuesAndNotOptions() {
        assertEquals(0, run("--seed", "-5"));
        assertEquals(-5, ran.get(0).get(TrainingSettings.SEED));
    }

    @Test
    void mistakesInOptionsAreExplainedInOneLine() {
        assertUsage("Unknown command \"trian\". Did you mean train?", "trian");
        assertUsage("Unknown option \"--hiden\" of train. Did you mean --hidden?", "--hiden", "3");
        assertUsage("Unknown option \"-hidden\" of train. Did you mean --hidden?", "-hidden", "3");
        assertUsage(
                "Unknown option \"--master\" of train. It is one of spark-submit, whose options stand before the command:"
                        + " ./submit.sh --master VALUE -- train.",
                "train",
                "--master",
                "local[2]");
        assertUsage("Unknown option \"--conf\" of evaluate. It is one of spark-submit", "evaluate", "--conf=a.b=c");
        assertUsage("--epochs has no value: expected a whole number from 1 to 10000000.", "--epochs");
        assertUsage("--epochs has no value", "--epochs", "--seed", "3");
        assertUsage("--epochs is given twice: give it once.", "--epochs", "3", "--epochs=4");
        assertUsage("\"evaluate\": the command comes first", "train", "evaluate");
        assertUsage("Unexpected argument \"a\\u000ab\"", "train", "a\nb");
        assertUsage("\"rows.csv\": expected options such as --data rows.csv.", "train", "rows.csv");
        // as a shell replaces a pattern
        assertUsage("--data takes several paths with commas", "train", "--data", "part-1.csv", "part-2.csv");
        assertUsage("Unknown option \"--dat\"", "train", "--data", "part-1.csv", "--dat", "part-2.csv");
        assertUsage("has letters that this locale does not have", "--output", "\uFFFD\uFFFD");
        assertUsage("Unknown option \"--epochs\" of inspect.", "inspect", "x", "--epochs", "3");
        assertUsage(
                "Unknown option \"--data\" of sweep. Its trials get settings of train as words: data=VALUE.",
                "sweep",
                "--data",
                "a.csv",
                "hidden=3");
    }

    private void assertUsage(String expected, String... words) {
        err.reset();
        assertEquals(2, run(words), String.join(" ", words));
        assertTrue(err().contains(expected), err());
        assertEquals(1, err().lines().count(), err());
        assertEquals("", out());
    }

    @ParameterizedTest
    @EnumSource
    void examplesOfTheHelpCanBeCopied(Command command) {
        run(command.title(), "--help");
        List<String> lines = out().lines().toList();
        command.examples().forEach(example -> assertTrue(lines.contains("  treegrad " + example), example));
        if (command == Command.TRAIN) {
            assertTrue(out().contains("step:EPOCHS:FACTOR"), out());
        }
    }

    @ParameterizedTest
    @EnumSource(UserError.Kind.class)
    void userErrorsEndWithTheirCodeAndWithoutAStack(UserError.Kind kind) {
        int code = run(Map.of(Command.TRAIN, (settings, words, console) -> {
            throw new IllegalStateException("Spark says", new UserError(kind, "what\nwas\nexpected"));
        }));
        assertEquals(kind.exitCode(), code);
        assertEquals(List.of("treegrad: what", "was", "expected"), err().lines().toList());
    }

    @Test
    void onlyOptionsOfTheCommandAreNamedAsTheFix() {
        CommandAction fails = (settings, words, console) -> {
            throw new UserError(UserError.Kind.CANNOT_WRITE, "no room.").fixedBy("output", "page");
        };
        assertEquals(73, run(Map.of(Command.TRAIN, fails)));
        assertEquals("treegrad: no room. See --output.\n", err());
        err.reset();
        assertEquals(73, run(Map.of(Command.REPORT, fails), "report", "x"));
        assertEquals("treegrad: no room. See --page.\n", err());
        err.reset();
        assertEquals(73, run(Map.of(Command.INSPECT, fails), "inspect", "x"));
        assertEquals("treegrad: no room.\n", err());
    }

    @Test
    void longMessagesEndAfterFifteenLines() {
        run(Map.of(Command.TRAIN, (settings, words, console) -> {
            throw new UserError(UserError.Kind.BAD_DATA, "line\n".repeat(100));
        }));
        assertEquals(15, err().lines().count());
    }

    @Test
    void anyOtherExceptionIsABugWithItsStack() {
        int code = run(Map.of(Command.TRAIN, (settings, words, console) -> {
            throw new IllegalStateException("broken");
        }));
        assertEquals(1, code);
        assertTrue(err().contains("java.lang.IllegalStateException: broken\n\tat io.treegrad"), err());
        assertTrue(err().contains("this is a bug. Please report it"), err());
    }

    @Test
    void lastLineIsTheSummaryInJson() throws IOException {
        int code = run(
                Map.of(Command.TRAIN, (settings, words, console) -> {
                    console.out().println("a result");
                    console.summary().put("runId", "é").put("steps", 5500L);
                }),
                "--json");
        assertEquals(0, code);
        assertEquals(
                "{\"schema\":1,\"status\":\"succeeded\",\"exitCode\":0,\"runId\":\"\\u00E9\",\"steps\":5500}",
                lastLine());
    }

    @Test
    void failureIsSummarisedTooWithWhatWasKnown() throws IOException {
        int code = run(
                Map.of(Command.TRAIN, (settings, words, console) -> {
                    console.summary().put("runId", "r1");
                    throw new UserError(UserError.Kind.BAD_DATA, "bad \"bytes\"");
                }),
                "--json");
        assertEquals(65, code);
        JsonNode summary = new ObjectMapper().readTree(lastLine());
        assertEquals("failed", summary.get("status").asText());
        assertEquals(65, summary.get("exitCode").asInt());
        assertEquals("bad \"bytes\"", summary.get("error").asText());
        assertEquals("r1", summary.get("runId").asText());
    }

    @Test
    void usageErrorsAreSummarisedToo() throws IOException {
        assertEquals(2, run("--json", "--hiden", "3"));
        assertEquals(2, new ObjectMapper().readTree(lastLine()).get("exitCode").asInt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "train --help", "evaluate -h", "predict --help", "inspect --help", "help fetch-data"})
    void helpFitsEightyColumns(String words) {
        assertEquals(0, run(words.split(" ")));
        assertTrue(out().contains("Exit codes:"));
        assertTrue(out().lines().allMatch(line -> line.length() <= 80), out());
        assertEquals(List.of(), ran);
    }

    @Test
    void trainHelpNamesEachOption() {
        run("train", "--help");
        for (Setting<?> setting : AllSettings.of(Command.TRAIN)) {
            assertTrue(out().contains("  " + setting.option()), setting.option());
        }
    }

    @Test
    void printedConfigFitsEightyColumnsAndRunsNothing() {
        assertEquals(0, run("--print-config", "--hidden", "300,100", "--output", "s3a://u:secret@b/x"));
        assertTrue(out().contains("  hidden               300,100"), out());
        assertTrue(out().lines().allMatch(line -> line.length() <= 80), out());
        assertFalse(out().contains("secret"));
        assertEquals(List.of(), ran);
    }

    @Test
    void printedConfigIsJsonWhenWanted() throws IOException {
        assertEquals(0, run("--print-config", "--json", "--seed", "7"));
        JsonNode seed = new ObjectMapper().readTree(lastLine()).at("/settings/seed");
        assertEquals("{\"value\":\"7\",\"origin\":\"option\"}", seed.toString());
    }

    @Test
    void printedConfigStillRefusesWrongValues() {
        assertEquals(2, run("--print-config", "--l2", "x"));
    }

    @Test
    void closedStandardOutputFailsOnlyWhatWasMeantForIt() {
        PrintStream closed = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                true,
                StandardCharsets.UTF_8);
        assertEquals(0, run(closed, actions(), "--help"));
        assertEquals(0, run(closed, actions(), "train"));
        assertEquals("", err());
        // the run has told its end in run.json, and its exit code tells the same
        assertEquals(0, run(closed, actions(), "train", "--json"));
        assertTrue(err().contains("Warning: The result could not be written to standard output"), err());
        assertEquals(73, run(closed, actions(), "evaluate"));
        assertEquals(73, run(closed, actions(), "train", "--print-config"));
        assertEquals(73, run(closed, actions(), "train", "--print-config", "--json"));
        assertFalse(err().contains("\tat "), err());
    }

    @Test
    void textFromFilesReachesTheTerminalAsPrintableText() {
        String label = "\u001b]0;title\u0007cat\u202e";
        Map<Command, CommandAction> tells = Map.of(
                Command.INSPECT,
                (settings, words, console) -> {
                    console.out().printf("%-8s %8d%n", label, 3);
                    console.err().println(label);
                },
                Command.EVALUATE,
                (settings, words, console) -> {
                    throw new UserError(UserError.Kind.BAD_DATA, label);
                });
        assertEquals(0, run(tells, "inspect", "x"));
        assertEquals(65, run(tells, "evaluate"));
        String shown = "\\u001b]0;title\\u0007cat\\u202e";
        assertEquals(shown + "        3\n", out());
        assertEquals(shown + "\ntreegrad: " + shown + "\n", err());
    }

    @Test
    void commandsWithoutAnActionAreNotOffered() {
        Map<Command, CommandAction> onlyTrain = Map.of(Command.TRAIN, (settings, words, console) -> {});
        assertEquals(2, run(onlyTrain, "predict"));
        run(onlyTrain, "--help");
        assertFalse(out().contains("predict"));
    }

    @Test
    void nothingLooksLikeAnExitCodeToAScheduler() {
        run("train", "--help");
        run("--l2", "x");
        Pattern airflow = Pattern.compile("exit code: *\\d+|application_\\d|driver-\\d", Pattern.CASE_INSENSITIVE);
        assertFalse(airflow.matcher(out() + err()).find());
    }

    @Test
    void versionIsOneLine() {
        assertEquals(0, run("--version"));
        assertTrue(out().startsWith("treegrad "));
        assertEquals(1, out().lines().count());
    }

    private int run(String... words) {
        return run(actions(), words);
    }

    private Map<Command, CommandAction> actions() {
        Map<Command, CommandAction> actions = new EnumMap<>(Command.class);
        for (Command command : Command.values()) {
            actions.put(command, (settings, words, console) -> {
                ran.add(settings);
                paths = words;
            });
        }
        return actions;
    }

    private int run(Map<Command, CommandAction> actions, String... words) {
        return run(new PrintStream(out, true, StandardCharsets.UTF_8), actions, words);
    }

    private int run(PrintStream stdout, Map<Command, CommandAction> actions, String... words) {
        Console console = new Console(
                stdout, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of(), Path.of(""), new Summary());
        return new Main(actions).run(List.of(words), Map.of(), console);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String lastLine() {
        return out().lines().reduce("", (before, line) -> line);
    }
}
