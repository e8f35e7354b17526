package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.settings.ProgressMode;
import io.treegrad.training.MetricValues;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final MetricValues TRAIN = MetricValues.ofTraining(0.0712, 0.9794);
    private static final Optional<MetricValues> VALIDATION = Optional.of(MetricValues.ofTraining(0.081, 0.976));

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void epochIsOneLineInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(
                    " 3/10 | loss 0.0712 | accuracy 97.9% valid 97.6% | 212,000 rows/s | 2 s left",
                    epoch(3, 10, VALIDATION, 1.2));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void usualEpochsFitEightyColumns() {
        assertTrue(epoch(100, 200, VALIDATION, 99).length() <= 80);
        assertTrue(epoch(9, 10, VALIDATION, 5_000).length() <= 80);
    }

    @Test
    void lastEpochHasNothingLeftAndValidationMayBeMissing() {
        assertEquals("10/10 | loss 0.0712 | accuracy 97.9% | 212,000 rows/s", epoch(10, 10, Optional.empty(), 0));
    }

    @Test
    void brokenAndExtremeNumbersAreShownAsTheyAre() {
        assertEquals(
                "1/1 | loss NaN | accuracy 0.0% | 0 rows/s",
                ProgressText.epoch(1, 1, MetricValues.ofTraining(Double.NaN, 0), Optional.empty(), 0, 0));
        assertEquals(
                "1/1 | loss 1.23e-05 | accuracy 100.0% valid 0.0% | 1,230,000 rows/s",
                ProgressText.epoch(
                        1,
                        1,
                        MetricValues.ofTraining(1.23e-5, 1),
                        Optional.of(MetricValues.ofTraining(1e20, 0)),
                        1_234_567,
                        0));
    }

    @Test
    void timeLeftIsRoundedUpInTheUnitThatFits() {
        assertEquals("0 s left", ProgressText.timeLeft(-1));
        assertEquals("1 s left", ProgressText.timeLeft(0.1));
        assertEquals("99 s left", ProgressText.timeLeft(99));
        assertEquals("2 min left", ProgressText.timeLeft(100));
        assertEquals("2 h 5 min left", ProgressText.timeLeft(7500));
    }

    @Test
    void withoutATerminalThereAreLinesAndNoControlCharacters() {
        assertEquals(List.of("Data.", EPOCH), run(ProgressMode.AUTO, Map.of("TERM", "dumb")));
        err.reset();
        assertEquals(List.of("Data.", EPOCH), run(ProgressMode.PLAIN, Map.of("TERM", "xterm")));
    }

    @Test
    void thousandsOfEpochsAreAThousandLines() {
        ProgressDisplay display = display(ProgressMode.PLAIN, Map.of());
        display.trainingBegins(2500, 1, 4);
        for (int epoch = 1; epoch <= 2500; epoch++) {
            display.epoch(epoch, 2500, TRAIN, Optional.empty(), 1);
        }
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(834, lines.size());
        assertTrue(lines.get(0).startsWith("   3/2500 |"), lines.get(0));
        assertTrue(lines.get(833).startsWith("2500/2500 |"), lines.get(833));
    }

    @Test
    void noneShowsSentencesOnly() {
        assertEquals(List.of("Data."), run(ProgressMode.NONE, Map.of()));
    }

    @Test
    void barLeavesOnlyWholeLinesOnTheScreen() {
        run(ProgressMode.BAR, Map.of());
        // what a terminal shows of a line: the last text after a carriage return that is not blank
        List<String> screen = Arrays.stream(err.toString(StandardCharsets.UTF_8).split("\n"))
                .map(line -> line.substring(line.lastIndexOf('\r') + 1))
                .filter(line -> !line.isBlank())
                .toList();
        assertEquals(List.of("Data.", EPOCH), screen);
    }

    @Test
    void finishBeforeStartAndTwiceIsHarmless() {
        for (ProgressMode mode : ProgressMode.values()) {
            ProgressDisplay display = display(mode, Map.of());
            display.finish();
            display.trainingEnds();
        }
    }

    @Test
    void momentsAreMovingAveragesCountedFromAResume() {
        ProgressDisplay display =
                new ProgressDisplay(new ProgressSurface.Lines(new PrintStream(err, true, StandardCharsets.UTF_8), 0));
        display.trainingBegins(100, 10, 1000);
        display.step(50, 1, 0.5);
        display.step(51, 2, 0.5);
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).startsWith(" 6/10 | loss 1.0000 | accuracy 50.0% | "), lines::toString);
        assertTrue(lines.get(1).startsWith(" 6/10 | loss 1.0200 | accuracy 50.0% | "), lines::toString);
    }

    private static final String EPOCH = "1/1 | loss 0.0712 | accuracy 97.9% valid 97.6% | 212,000 rows/s";

    private List<String> run(ProgressMode mode, Map<String, String> environment) {
        ProgressDisplay display = display(mode, environment);
        display.trainingBegins(2, 2, 100);
        display.say("Data.");
        display.step(0, 0.1, 0.9);
        display.step(1, 0.1, 0.9);
        display.epoch(1, 1, TRAIN, VALIDATION, 212_345);
        display.trainingEnds();
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private ProgressDisplay display(ProgressMode mode, Map<String, String> environment) {
        return ProgressDisplay.on(new PrintStream(err, true, StandardCharsets.UTF_8), mode, environment);
    }

    private static String epoch(long epoch, long epochs, Optional<MetricValues> validation, double secondsLeft) {
        return ProgressText.epoch(epoch, epochs, TRAIN, validation, 212_345, secondsLeft);
    }
}
