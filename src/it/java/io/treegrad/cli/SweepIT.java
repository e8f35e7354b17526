package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.data.LocalStorage;
import io.treegrad.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepIT {
    private static final List<String> FIXED = List.of(
            "split=0.6,0.2,0.2",
            "hidden=16,8",
            "hidden-activation=relu",
            "seed=5",
            "batch-size=15",
            "shards=6",
            "epochs=4",
            "patience=3");

    @TempDir
    private Path directory;

    /** Standardised and unscaled rows, two rates, and one rate at which the training diverges. */
    private List<String> words(String... more) throws IOException {
        Path data = directory.resolve("rows.csv");
        if (!Files.exists(data)) {
            SmallTraining.writeData(data);
        }
        List<String> words = new ArrayList<>(List.of("sweep", "data=" + data));
        words.addAll(FIXED);
        words.addAll(List.of("scale=none", "scale=standard"));
        words.addAll(List.of(
                "--json", "--run-id", "s", "--output", directory.resolve("out").toString()));
        words.addAll(List.of(more));
        return words;
    }

    private Invocation sweep(String... more) throws IOException {
        return Invocation.of(directory, Map.of(), words(more).toArray(String[]::new));
    }

    /** @param more words that are stronger than those of all trials */
    private String trainedAlone(String scale, String rate, String... more) throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        Stream.of(FIXED, List.of("scale=" + scale, "learning-rate=" + rate), List.of(more))
                .flatMap(List::stream)
                .map(word -> word.split("=", 2))
                .forEach(word -> options.put("--" + word[0], word[1]));
        List<String> words = new ArrayList<>(List.of("train", "--json", "--report", "false"));
        words.addAll(List.of("--data", directory.resolve("rows.csv").toString()));
        words.addAll(List.of("--output", directory.resolve("alone").toString()));
        options.forEach((name, value) -> words.addAll(List.of(name, value)));
        return Invocation.of(directory, Map.of(), words.toArray(String[]::new))
                .succeeded()
                .json()
                .get("weightsSha256")
                .asText();
    }

    @Test
    void trialsEndInTheWeightsOfTheSameTrainingsAlone() throws IOException {
        Invocation first = sweep("learning-rate=0.02", "learning-rate=0.1", "learning-rate=1000000")
                .succeeded();
        Map<String, JsonNode> trials = new HashMap<>();
        double before = 1;
        for (JsonNode trial : first.json().get("trials")) {
            JsonNode record = trial.get("record");
            trials.put(trial.get("settings").asText(), record);
            if (record.get("status").asText().equals("succeeded")) {
                double accuracy =
                        record.get("metrics").get("validation").get("accuracy").asDouble();
                assertTrue(accuracy <= before, "not ranked: " + first.out());
                before = accuracy;
            }
        }
        assertEquals(6, trials.size());
        for (String scale : List.of("none", "standard")) {
            JsonNode diverged = trials.get("scale=" + scale + " learning-rate=1000000");
            assertEquals(81, diverged.get("exitCode").asInt());
            assertTrue(diverged.get("error").asText().startsWith("training diverged"));
            JsonNode trial = trials.get("scale=" + scale + " learning-rate=0.1");
            String expected = trainedAlone(scale, "0.1");
            assertEquals(expected, trial.get("weightsSha256").asText());
            assertEquals(
                    expected,
                    ModelFiles.read(new LocalStorage(), trial.get("model").asText())
                            .weightsSha256());
        }
        assertTrue(
                Files.readString(directory.resolve("out/sweeps/s/index.html")).contains("4 runs that differ in"));

        sweep("learning-rate=0.02", "expect-rows=1..2").failed(65, "600 rows, expected 1 to 2");
        continuesWithWhatIsMissing(first);
        refusesOtherSettingsUnderTheSameName();
    }

    private void continuesWithWhatIsMissing(Invocation first) throws IOException {
        Path record = directory.resolve("out/runs/s-2/run.json");
        String kept = Files.readString(directory.resolve("out/runs/s-1/run.json"));
        Files.delete(record);
        Invocation again = sweep("learning-rate=0.02", "learning-rate=0.1", "learning-rate=1000000")
                .succeeded();
        assertTrue(again.err().contains("3 of 6 trials are finished already."), again.err());
        assertEquals(digests(first), digests(again));
        assertTrue(Files.exists(record));
        assertEquals(kept, Files.readString(directory.resolve("out/runs/s-1/run.json")));
        Invocation inOtherWords = sweep("learning-rate=2e-2", "learning-rate=0.10", "learning-rate=1e6")
                .succeeded();
        assertTrue(inOtherWords.err().contains("4 of 6 trials are finished already."), inOtherWords.err());
    }

    @Test
    void aSweepThatIsStoppedWhileItTakesItsLockSaysSo() throws Exception {
        Map<String, String> properties = Map.of("treegrad.failpoint", "lock-filled:0:hang");
        try (Program program = Program.start(directory, properties, words("learning-rate=0.02", "learning-rate=0.1"))) {
            program.await("hang", () -> program.err().contains("failpoint lock-filled hangs"));
            program.terminate();
            program.ended().failed(143, "Stopped by SIGTERM");
        }
        assertFalse(Files.exists(directory.resolve("out/sweeps/s/LOCK")), "a lock is left");
    }

    @Test
    void aSweepOfWhichAllTrialsDivergeFails() throws IOException {
        Invocation sweep =
                sweep("learning-rate=500000", "learning-rate=1000000").failed(81, "All 4 trials of sweep s");
        assertEquals(4, sweep.json().get("trials").size());
    }

    @Test
    void halvingTrainsTheBestOfFewEpochsToTheirEnd() throws IOException {
        String[] words = {"learning-rate=0.02", "learning-rate=1000000", "--search", "halving:2"};
        Invocation first = sweep(words).succeeded();
        assertEquals(List.of(3, 2, 1, 1), values(first, "/rung"));
        // those that diverged had not finished an epoch
        assertEquals(List.of(4, 2, 0, 0), values(first, "/record/epochs"));
        assertTrue(first.err().contains("Rung 1 of 3: 4 trials of 1/4 of their epochs."), first.err());
        assertTrue(first.err().contains("Rung 3 of 3: 1 trials."), first.err());
        List<String> names = new ArrayList<>();
        for (JsonNode trial : first.json().get("trials")) {
            names.add(trial.get("run").asText());
        }
        // in each round the better ones went on: trials 2 and 4 diverge
        assertTrue(List.of("s-1", "s-3").contains(names.get(0)), names.toString());
        assertEquals(names.get(0).equals("s-1") ? "s-3-2e" : "s-1-2e", names.get(1));
        assertEquals(Set.of("s-2-1e", "s-4-1e"), Set.copyOf(names.subList(2, 4)));
        double won = accuracy(names.get(0) + "-2e");
        assertTrue(won >= accuracy(names.get(1)), "the worse one went on");

        assertEquals(
                trainedAlone(scaleOf(names.get(0)), "0.02"),
                record(names.get(0)).get("weightsSha256").asText());
        assertEquals(
                trainedAlone(scaleOf(names.get(1)), "0.02", "epochs=2", "schedule=warmup:0.5+cosine:0:4"),
                record(names.get(1)).get("weightsSha256").asText(),
                "at the learning rates of all four epochs");

        Files.delete(directory.resolve("out/runs/s-1-1e/run.json"));
        Files.delete(directory.resolve("out/runs/" + names.get(0) + "/run.json"));
        String kept = Files.readString(directory.resolve("out/runs/" + names.get(1) + "/run.json"));
        Invocation again = sweep(words).succeeded();
        assertEquals(digests(first), digests(again));
        assertEquals(kept, Files.readString(directory.resolve("out/runs/" + names.get(1) + "/run.json")));
        String page = Files.readString(directory.resolve("out/sweeps/s/index.html"));
        String sentence = page.substring(page.indexOf("<h1>"), page.indexOf("</h1>"));
        assertEquals("<h1>2 runs that differ in epochs, scale, schedule and rung. Of 4 in all, 2 diverged.", sentence);

        sweep("--search", "halving:5").failed(2, "there are 2 trials, the shortest of 4 epochs", "--search");
    }

    private static List<Integer> values(Invocation sweep, String pointer) {
        List<Integer> values = new ArrayList<>();
        sweep.json().get("trials").forEach(trial -> values.add(trial.at(pointer).asInt()));
        return values;
    }

    private JsonNode record(String run) throws IOException {
        return Invocation.parsed(Files.readString(directory.resolve("out/runs/" + run + "/run.json")));
    }

    private double accuracy(String run) throws IOException {
        return record(run).at("/metrics/validation/accuracy").asDouble();
    }

    /** Of the trials, the first two are unscaled. */
    private static String scaleOf(String run) {
        return run.startsWith("s-1") || run.startsWith("s-2") ? "none" : "standard";
    }

    @Test
    void trialsThatDoNotFitBesideEachOtherAreRefusedBeforeTheyBegin() throws IOException {
        sweep("learning-rate=0.02", "hidden=30000,30000")
                .failed(78, "The driver has", "MiB of memory, expected at least", "buffers of a trial");
    }

    private static Map<String, String> digests(Invocation sweep) {
        Map<String, String> digests = new HashMap<>();
        sweep.json()
                .get("trials")
                .forEach(trial -> digests.put(
                        trial.get("settings").asText(),
                        trial.get("record").path("weightsSha256").asText()));
        return digests;
    }

    private void refusesOtherSettingsUnderTheSameName() throws IOException {
        sweep("learning-rate=0.02", "learning-rate=0.2", "learning-rate=1000000")
                .failed(
                        78,
                        "Sweep s cannot be continued: trial s-2",
                        "learning-rate was 0.1 and now is 0.2",
                        "--run-id");
    }
}
