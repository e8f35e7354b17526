package io.treegrad.cli;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.common.ArmedFailpoint;
import io.treegrad.settings.AllSettings;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every setting of {@code train} is changed alone between the two halves of a run. What is declared to decide the result
 * is refused with both values; whatever else is changed, the run ends in the same bits.
 */
class ResumeRefusalIT {
    private static final String RUN = "half";
    private static final int CHECKPOINT = 4;

    /** Another value for each setting; {@code DIR} is the directory of the test. A new setting needs a line here. */
    private static final Map<String, String> OTHER = Map.ofEntries(
            entry("data", "DIR/moved/rows.csv"), // the same file in another place
            entry("test-data", "DIR/moved/test.csv"),
            entry("format", "csv"),
            entry("label", "first"),
            entry("drop", "1"),
            entry("transposed", "true"),
            entry("split", "0.6,0.2,0.2"),
            entry("validation-rows", "7"),
            entry("validation-fraction", "0.3"),
            entry("scale", "none"),
            entry("hidden", "6"),
            entry("hidden-activation", "tanh"),
            entry("output-activation", "identity"),
            entry("outputs", "1"),
            entry("loss", "binary-cross-entropy"),
            entry("reduction", "sum"),
            entry("l2", "0.5"),
            entry("class-weights", "balanced"),
            entry("weight", "2"),
            entry("bias", "false"),
            entry("init", "glorot"),
            entry("optimizer", "momentum"),
            entry("momentum", "0.8"),
            entry("learning-rate", "0.05"),
            entry("schedule", "cosine"),
            entry("batch-size", "40"),
            entry("epochs", "3"),
            entry("evaluate-every", "2"),
            entry("patience", "9"),
            entry("target-accuracy", "1"),
            entry("warm-start", "DIR/whole"),
            entry("seed", "2"),
            entry("engine", "resident"),
            entry("shards", "4"),
            entry("partitions", "1"),
            entry("tree-depth", "1"),
            entry("exchange", "rpc"),
            entry("port", "7078"),
            entry("checkpoint-every", "3s"),
            entry("keep", "1"),
            entry("resume", RUN),
            entry("allow-data-change", "true"),
            entry("keep-versions", "1"),
            entry("max-regression", "1"),
            entry("min-accuracy", "0.01"),
            entry("gate", "accuracy>=0.01"),
            entry("publish-as", "candidate"),
            entry("always", "true"),
            entry("deadline", "1h"),
            entry("expect-rows", "1..1000000"),
            entry("settle", "0s"),
            entry("manifest", "DIR/whole/runs/" + RUN + "/inputs.json"),
            entry("max-drift", "0.5"),
            entry("max-duplicates", "1"),
            entry("notify", "http://127.0.0.1:9/hook"),
            entry("progress", "plain"),
            entry("json", "true"),
            entry("report", "true"));

    /** Settings that cannot be changed between two halves of one run, and why. */
    private static final Map<String, String> NOT_TO_BE_CHANGED = Map.of(
            "task", "another one asks for another loss, and the options here name theirs",
            "output", "says where the first half is: another is another run, which begins anew",
            "run-id", "says which run is the first half: another is another run, which begins anew");

    @TempDir
    private static Path directory;

    private static JsonNode whole;
    private static Path interrupted;

    static List<Setting<?>> changeable() {
        return AllSettings.of(Command.TRAIN).stream()
                .filter(setting -> !NOT_TO_BE_CHANGED.containsKey(setting.name()))
                .toList();
    }

    @BeforeAll
    static void interruptOnce() throws IOException {
        for (String name : List.of("rows.csv", "test.csv")) {
            Path file = Files.write(directory.resolve(name), rows());
            Files.copy(file, Files.createDirectories(directory.resolve("moved")).resolve(name));
        }
        train(directory.resolve("whole"), Map.of()).succeeded();
        whole = record(directory.resolve("whole"));
        interrupted = directory.resolve("interrupted");
        try (ArmedFailpoint failpoint = new ArmedFailpoint("after-step:" + CHECKPOINT + ":throw")) {
            assertEquals(1, train(interrupted, Map.of()).code());
            assertEquals(1, failpoint.hits());
        }
    }

    @Test
    void everySettingHasAnotherValueHere() {
        Set<String> known = new TreeSet<>(OTHER.keySet());
        known.addAll(NOT_TO_BE_CHANGED.keySet());
        List<String> names = AllSettings.of(Command.TRAIN).stream()
                .map(Setting::name)
                .sorted()
                .toList();
        assertEquals(names, List.copyOf(known), "a line for each setting of train");
        assertEquals(OTHER.size() + NOT_TO_BE_CHANGED.size(), known.size(), "in one of the two tables");
    }

    @ParameterizedTest
    @MethodSource("changeable")
    void resumeIsRefusedIfAndOnlyIfTheSettingDecidesTheResult(Setting<?> setting) throws IOException {
        Path output = copyOfTheInterruptedRun(setting.name());
        String before = options().getOrDefault(setting.name(), AllSettings.defaultOf(setting));
        String now = OTHER.get(setting.name()).replace("DIR", directory.toString());
        assertFalse(before.equals(now), setting.name() + " is not changed");
        Invocation resumed = train(output, Map.of(setting.name(), now));
        switch (setting.effect()) {
            case DECIDES_RESULT -> {
                String difference = "%s was %s and now is %s".formatted(setting.name(), before, now);
                resumed.failed(78, "Run " + RUN + " cannot be continued", difference);
                assertFalse(Files.exists(output.resolve("CURRENT")));
            }
            case KEEPS_RESULT -> {
                resumed.succeeded();
                JsonNode record = record(output);
                assertEquals(CHECKPOINT, record.get("resumedAtStep").asInt());
                for (String fact : List.of("weightsSha256", "steps", "bestEpoch", "metrics")) {
                    assertEquals(whole.get(fact), record.get(fact), fact);
                }
            }
        }
    }

    /** Twelve steps in two epochs, saved after every second one. What it does not say is the default. */
    private static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("data", directory.resolve("rows.csv").toString());
        options.put("test-data", directory.resolve("test.csv").toString());
        options.put("label", "last");
        options.put("run-id", RUN);
        options.put("hidden", "5");
        options.put("output-activation", "sigmoid");
        options.put("loss", "mse");
        options.put("batch-size", "20");
        options.put("schedule", "constant");
        options.put("epochs", "2");
        options.put("shards", "2");
        options.put("engine", "tree");
        options.put("checkpoint-every", "2s");
        options.put("report", "false");
        return options;
    }

    private static Invocation train(Path output, Map<String, String> changed) {
        Map<String, String> options = options();
        options.put("output", output.toString());
        options.putAll(changed);
        List<String> words = new ArrayList<>(List.of("train"));
        for (Setting<?> setting : AllSettings.of(Command.TRAIN)) {
            String value = options.get(setting.name());
            if (value != null) {
                words.addAll(setting.takesNoValue() ? List.of(setting.option()) : List.of(setting.option(), value));
            }
        }
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new));
    }

    private static JsonNode record(Path output) throws IOException {
        return Invocation.parsed(
                Files.readString(output.resolve("runs").resolve(RUN).resolve("run.json")));
    }

    private static Path copyOfTheInterruptedRun(String name) throws IOException {
        Path output = directory.resolve("changed " + name);
        try (Stream<Path> files = Files.walk(interrupted)) {
            for (Path file : files.toList()) {
                Path copy = output.resolve(interrupted.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return output;
    }

    /** 130 rows, of which 120 are trained on. The first column and the last are whole numbers: either could be the label. */
    private static List<String> rows() {
        Random random = new Random(3);
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < 130; row++) {
            int label = row % 2;
            rows.add("%d,%d,%d,%d"
                    .formatted(random.nextInt(2), 1 + random.nextInt(100) + 100 * label, random.nextInt(9), label));
        }
        return rows;
    }
}
