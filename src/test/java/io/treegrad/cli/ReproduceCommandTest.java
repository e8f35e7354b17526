package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.Quality;
import io.treegrad.run.Summary;
import io.treegrad.settings.Command;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
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
        reproduce("mlp-relu-minibatch", Map.of(Setting.SEEDS, "4,9"), 0.958, 0.962);
        assertEquals(
                List.of(4L, 9L),
                trained.stream().map(s -> s.longInteger(Setting.SEED)).toList());
        assertEquals(40, trained.get(0).integer(Setting.EPOCHS));
        assertEquals("output/reproduce/mlp-relu-minibatch", trained.get(0).text(Setting.OUTPUT));
        assertEquals(
                List.of(
                        "mlp-relu-minibatch train validation test seconds",
                        "seed 4 97.00 % - 95.80 % 2.5",
                        "seed 9 97.00 % - 96.20 % 2.5",
                        "mean 97.00 % - 96.00 % 2.5",
                        "NumPy reference 97.60 % 96.40 % 96.20 %",
                        "published 97.44 % 96.30 % 96.09 %",
                        "Reproduced: the mean test accuracy is at least 95.90 %."),
                out().lines().map(line -> line.replaceAll(" +", " ").strip()).toList());
        assertTrue(out().lines().allMatch(line -> line.length() <= 80), out());
        assertEquals(true, console.summary().succeeded().get("reproduced"));
        assertEquals(
                Map.of("train", 97.0, "test", 96.0),
                console.summary().succeeded().get("meanAccuracy"));
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

    private void reproduce(String name, Map<Setting, String> options, double... testAccuracies) throws Exception {
        Settings settings = new Settings(
                Command.REPRODUCE, options, Optional.empty(), Map.of("spark.treegrad.epochs", "1"), Path.of(""));
        new ReproduceCommand((inner, paths, innerConsole) -> {
                    double test = testAccuracies[trained.size()];
                    trained.add(inner);
                    innerConsole
                            .summary()
                            .put("metrics", Map.of("train", new Quality(0.1, 0.97), "test", new Quality(0.1, test)))
                            .put("seconds", Map.of("total", 5.0, "train", 2.5))
                            .put("epochs", 40)
                            .put("weightsSha256", "x");
                    innerConsole.out().println("not to be seen");
                })
                .run(settings, List.of(name), console);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
