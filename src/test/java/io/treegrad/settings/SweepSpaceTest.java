package io.treegrad.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepSpaceTest {
    private static SweepSpace space(String... words) {
        return new SweepSpace(List.of(words), Optional.empty());
    }

    private static List<Settings> grid(SweepSpace space) {
        return space.trainings(new SweepSearch.Grid(), Map.of(), Path.of(""));
    }

    @Test
    void theGridHasEachCombinationAndTheLastNameVariesFastest() {
        SweepSpace space = space("learning-rate=0.1", "epochs=3", "hidden=10", "learning-rate=0.2", "hidden=20,5");
        assertEquals(
                List.of(
                        "learning-rate=0.1 hidden=10",
                        "learning-rate=0.1 hidden=20,5",
                        "learning-rate=0.2 hidden=10",
                        "learning-rate=0.2 hidden=20,5"),
                grid(space).stream().map(space::title).toList());
        assertTrue(grid(space).stream().allMatch(training -> training.get(TrainingSettings.EPOCHS) == 3));
    }

    /** As bash would hand them over; cron and Airflow do not. */
    @Test
    void valuesInBracesAreAlternatives() {
        SweepSpace braces = space("learning-rate={0.1,0.2}", "hidden=10,5");
        assertEquals(
                List.of("learning-rate=0.1", "learning-rate=0.2"),
                grid(braces).stream().map(braces::title).toList());
        assertEquals(2, grid(space("hidden={10,5}")).size());
        UserError refusal = assertThrows(UserError.class, () -> space("epochs={1,1}"));
        assertTrue(refusal.getMessage().contains("given twice"), refusal.getMessage());
    }

    @Test
    void aRandomSearchTakesSoManyDifferentOnesAndTheSameEachTime() {
        SweepSpace space = space("seed=1", "seed=2", "seed=3", "epochs=1", "epochs=2", "epochs=3");
        SweepSearch search = SweepSearch.parse("random:4").orElseThrow();
        List<String> first = space.trainings(search, Map.of(), Path.of("")).stream()
                .map(space::title)
                .toList();
        assertEquals(4, new HashSet<>(first).size());
        assertEquals(
                first,
                space.trainings(search, Map.of(), Path.of("")).stream()
                        .map(space::title)
                        .toList());
        assertEquals(
                9,
                space.trainings(SweepSearch.parse("random:100").orElseThrow(), Map.of(), Path.of(""))
                        .size());
    }

    @ParameterizedTest
    @CsvSource({
        // Li et al. (2018), table 1, bracket s = 4 of R = 81 and eta = 3
        "halving, 81, 81, 81 of 1/81; 27 of 1/27; 9 of 1/9; 3 of 1/3; 1 of 1/1",
        "halving:3, 16, 6, 16 of 1/3; 5 of 1/1",
        "halving:2, 5, 100, 5 of 1/4; 2 of 1/2; 1 of 1/1",
        "random:20+halving:4, 20, 16, 20 of 1/16; 5 of 1/4; 1 of 1/1",
        "halving, 2, 100, 2 of 1/1",
        "grid, 7, 6, 7 of 1/1",
        "random:9, 9, 6, 9 of 1/1"
    })
    void oneOfSoManyTrialsGoesOnToSoManyTimesTheEpochs(String text, int trials, int epochs, String expected) {
        String rungs = SweepSearch.parse(text).orElseThrow().rungs(trials, epochs).stream()
                .map(rung -> rung.trials() + " of 1/" + rung.divisor())
                .collect(Collectors.joining("; "));
        assertEquals(expected, rungs);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "halving:1",
                "halving:",
                "halving+random:3",
                "random:3+grid",
                "grid+halving",
                "random:3+halving:2+halving:2",
                "random:0",
                "random",
                ""
            })
    void otherSearchesAreRefused(String text) {
        assertTrue(SweepSearch.parse(text).isEmpty());
    }

    @Test
    void aShortTrialHasTheLearningRatesOfTheWholeTraining() {
        Settings training =
                grid(space("epochs=9", "schedule=warmup:1+cosine:0.5")).get(0);
        Settings shortened = new SweepRung(4, 4).of(training);
        assertEquals(2, shortened.get(TrainingSettings.EPOCHS));
        assertEquals(
                "warmup:1+cosine:0.5:9",
                shortened.value(TrainingSettings.SCHEDULE).text());
        assertSame(training, new SweepRung(1, 1).of(training));
        Settings steps = new SweepRung(4, 4)
                .of(grid(space("epochs=9", "schedule=step:2:.5")).get(0));
        assertEquals("step:2:.5", steps.value(TrainingSettings.SCHEDULE).text());
    }

    @Test
    void wordsAreStrongerThanSparkKeys() {
        Settings training = space("epochs=3")
                .trainings(
                        new SweepSearch.Grid(),
                        Map.of("spark.treegrad.epochs", "7", "spark.treegrad.seed", "9"),
                        Path.of(""))
                .get(0);
        assertEquals(3, training.get(TrainingSettings.EPOCHS));
        assertEquals(9, training.get(TrainingSettings.SEED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learning-rate | expected NAME=VALUE",
                "=3 | expected NAME=VALUE",
                "learnin-rate=0.1 | Did you mean learning-rate?",
                "output=x | as an option of sweep",
                "engine=tree | cannot be swept",
                "gate=accuracy>=0.9 | cannot be swept",
                "port=7078 | cannot be swept",
                "warm-start=output | cannot be swept",
                "max-drift=0.25 | cannot be swept",
                "max-duplicates=0 | cannot be swept",
                "epochs=0 | expected a whole number"
            })
    void wordsThatAreNoAlternativesAreRefused(String word, String part) {
        UserError refusal = assertThrows(UserError.class, () -> grid(space(word)));
        assertEquals(UserError.Kind.USAGE, refusal.kind());
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"warm-start, output", "max-drift, 0.25", "max-duplicates, 0"})
    void whatCannotBeSweptIsRefusedAsASparkKeyToo(String name, String value) {
        Map<String, String> keys = Map.of("spark.treegrad." + name, value);
        UserError refusal = assertThrows(
                UserError.class, () -> space("epochs=1").trainings(new SweepSearch.Grid(), keys, Path.of("")));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains("spark.treegrad." + name), refusal.getMessage());
    }

    @Test
    void aValueThatIsGivenTwiceIsRefused() {
        UserError refusal = assertThrows(UserError.class, () -> space("epochs=1", "epochs=1"));
        assertTrue(refusal.getMessage().contains("given twice"), refusal.getMessage());
    }

    @Test
    void moreTrialsThanAnyoneWantsAreRefused() {
        String[] words = new String[303];
        for (int i = 0; i < 101; i++) {
            words[i] = "seed=" + i;
            words[101 + i] = "epochs=" + (i + 1);
            words[202 + i] = "batch-size=" + (i + 1);
        }
        UserError refusal = assertThrows(UserError.class, () -> grid(space(words)));
        assertTrue(refusal.getMessage().contains("more than 10000 combinations"), refusal.getMessage());
    }

    @Test
    void settingsTravelWithTheirOrigins() throws IOException, ClassNotFoundException {
        Settings sent = space("hidden=20,5", "patience=3")
                .trainings(new SweepSearch.Grid(), Map.of("spark.treegrad.seed", "9"), Path.of(""))
                .get(0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        Settings received =
                (Settings) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertEquals(sent.values(), received.values());
        assertEquals(sent.command(), received.command());
    }
}
