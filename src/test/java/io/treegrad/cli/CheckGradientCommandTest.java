package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.Arithmetic;
import io.treegrad.settings.Command;
import io.treegrad.settings.CommandSettings;
import io.treegrad.settings.ConfigFile;
import io.treegrad.settings.DataSettings;
import io.treegrad.settings.Setting;
import io.treegrad.settings.Settings;
import io.treegrad.settings.SettingsResolver;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckGradientCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static List<String> presets() {
        return ConfigFile.PRESETS;
    }

    @ParameterizedTest
    @MethodSource("presets")
    void gradientOfEachPresetHolds(String preset) throws Exception {
        boolean hasData = !preset.equals("layers-digits") || System.getenv("DIGITS_DIR") != null;
        Assumptions.assumeTrue(hasData, "DIGITS_DIR is not set: the gradient of layers-digits is not checked.");
        boolean onPictures = !preset.equals("layers-digits")
                && !preset.startsWith("generic-xor")
                && !preset.startsWith("generic-seven");
        Map<Setting<?>, String> options =
                onPictures ? Map.of(DataSettings.CHOICE, "synthetic", CommandSettings.ROWS, "2") : Map.of();
        check(Optional.of(preset), options);
        assertTrue(out().contains("OK"), out());
        assertTrue(!out().contains("FAILED"), out());
    }

    @Test
    void tableNamesEachLayerWithinEightyColumns() throws Exception {
        check(Optional.of("generic-xor"), Map.of());
        assertTrue(out().startsWith("Network 3-20-1, mse, 4 rows, " + Arithmetic.name()), out());
        assertTrue(out().contains("1      relu               60         0 "), out());
        assertTrue(out().contains("2      sigmoid            20         0 "), out());
        assertTrue(out().lines().allMatch(line -> line.length() <= 80), out());
    }

    private void check(Optional<String> config, Map<Setting<?>, String> options) throws Exception {
        Settings settings = SettingsResolver.resolve(Command.CHECK_GRADIENT, options, config, Map.of(), Path.of(""));
        Summary summary = new Summary();
        PrintStream silent = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), silent, System.getenv(), Path.of(""), summary);
        new CheckGradientCommand().run(settings, List.of(), console);
        assertTrue(summary.succeeded().contains("\"holds\":true"), summary.succeeded());
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
