package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.treegrad.common.UserError;
import io.treegrad.run.RunRecord;
import io.treegrad.settings.Command;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.OutputSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import io.treegrad.settings.TrainingSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReproduceCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Path.of(""),
            new Summary());
    private final List<Settings> trained = new ArrayList<>();

    @Test
    void eachSeedIsTrainedAsThePresetSaysAndTheMeanIsJudged() throws Exception {
        reproduce("mlp-relu-minibatch", Map.of(CommandSettings.SEEDS, "4,9"), 0.958, 0.962);
        assertEquals(
                List.of(4L, 9L),
                trained.stream().map(s -> s.get(TrainingSettings.SEED)).toList());
        assertEquals(40, trained.get(0).get(TrainingSettings.EPOCHS));
        assertTrue(trained.get(0).get(OutputSettings.ALWAYS), "also into an output that has this model");
        assertEquals("output/reproduce/mlp-relu-minibatch", trained.get(0).get(OutputSettings.DIRECTORY));
        assertEquals(
                List.of(
                        "mlp-relu-minibatch train validation test seconds",
                        "seed 4 97.00 % - 95.80 % 2.5",
                        "seed 9 97.00 % - 96.20 % 2.5",
                        "mean 97.00 % - 96.00 % 2.5",
                        "NumPy reference 97.60 % 96.40 % 96.20 %",
                        "published 97.44 % 96.30 % 96.09 %",
                        "Reproduced: the mean test accuracy is at least 95.90 %.",
                        "Digest of seed 4: not recorded (x)",
                        "Digest of seed 9: not recorded (x)"),
                out().lines().map(line -> line.replaceAll(" +", " ").strip()).toList());
        assertTrue(out().lines().allMatch(line -> line.length() <= 80), out());
        JsonNode summary = new ObjectMapper().readTree(console.summary().succeeded());
        assertTrue(summary.get("reproduced").asBoolean(), summary::toString);
        assertEquals(
                "{\"train\":97.0,\"test\":96.0}", summary.get("meanAccuracy").toString());
    }

    @Test
    void lowerMeanIsAGateThatWasNotMet() {
        UserError error =
                assertThrows(UserError.class, () -> reproduce("mlp-relu-minibatch", Map.of(), 0.958, 0.958, 0.958));
        assertEquals(UserError.Kind.GATE_NOT_MET, error.kind());
        assertTrue(
                error.getMessage()
                        .startsWith("mlp-relu-minibatch reached a mean test accuracy of 95.80 %,"
                                + " expected at least 95.90 %. Try more --seeds"),
                error.getMessage());
        assertTrue(out().contains("Not reproduced"), out());
        assertEquals(3, trained.size());
    }

    @Test
    void unknownSystemIsAUsageErrorWithASuggestion() {
        UserError error = assertThrows(UserError.class, () -> reproduce("generic-xro", Map.of(), 1));
        assertEquals(UserError.Kind.USAGE, error.kind());
        assertTrue(error.getMessage().contains("Did you mean generic-xor?"), error.getMessage());
        assertTrue(trained.isEmpty());
    }

    private void reproduce(String name, Map<Setting<?>, String> options, double... testAccuracies) throws Exception {
        Settings settings = SettingsResolver.resolve(
                Command.REPRODUCE, options, Optional.empty(), Map.of("spark.treegrad.epochs", "1"), Path.of(""));
        new ReproduceCommand((inner, console) -> {
                    double test = testAccuracies[trained.size()];
                    trained.add(inner);
                    return record(test);
                })
                .run(settings, List.of(name), console);
    }

    private static RunRecord record(double testAccuracy) {
        String json = """
                {"schema":1,"epochs":40,"seconds":{"total":5.0,"train":2.5,"checkpoints":0.0},"weightsSha256":"x",
                 "metrics":{"train":{"loss":0.1,"accuracy":0.97},"test":{"loss":0.1,"accuracy":%s}}}
                """.formatted(testAccuracy);
        return RunRecord.parse(json.getBytes(StandardCharsets.UTF_8), "run.json");
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
