package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.data.LocalStorage;
import io.treegrad.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private String trainedAlone(String scale, String rate) throws IOException {
        List<String> words = new ArrayList<>(List.of("train", "--json", "--report", "false"));
        words.addAll(List.of("--data", directory.resolve("rows.csv").toString()));
        words.addAll(List.of("--output", directory.resolve("alone").toString()));
        for (String fixed : FIXED) {
            words.addAll(
                    List.of("--" + fixed.substring(0, fixed.indexOf('=')), fixed.substring(fixed.indexOf('=') + 1)));
        }
        words.addAll(List.of("--scale", scale, "--learning-rate", rate));
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

        sweep("learning-rate=0.02", "expect-rows=1..2").failed(65, "600 rows", "--expect-rows");
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
