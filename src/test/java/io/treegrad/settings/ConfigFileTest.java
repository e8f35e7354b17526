package io.treegrad.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @Test
    void byteOrderMarkCommentsAndBlanksAreNoPartOfAValue() {
        ConfigFile file = parse("\uFEFF# a comment\r\nepochs = 3  \r\n\r\nrun-id : é\r\n");
        assertEquals(Map.of("epochs", "3", "run-id", "é"), file.values());
    }

    @Test
    void duplicateKeyIsRefused() {
        UserError error = assertThrows(UserError.class, () -> parse("epochs = 3\nseed = 1\nepochs = 3\n"));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertEquals("The configuration file f has the key epochs twice: leave one line out.", error.getMessage());
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        UserError error = assertThrows(
                UserError.class, () -> ConfigFile.parse("f", new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe}));
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().contains("UTF-8"));
    }

    @Test
    void brokenEscapeIsRefused() {
        assertEquals(
                UserError.Kind.BAD_CONFIGURATION,
                assertThrows(UserError.class, () -> parse("output = \\uzzzz")).kind());
    }

    @Test
    void endlessFileIsRefused() {
        assertThrows(UserError.class, () -> ConfigFile.parse("f", new byte[(1 << 20) + 1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"defualt", "no/such.properties", "", ".", "nul\0byte"})
    void neitherPresetNorFileIsInputMissing(String name) {
        UserError error = assertThrows(UserError.class, () -> ConfigFile.named(name, Path.of("target")));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertTrue(error.getMessage().contains("a preset (default, "), error.getMessage());
    }

    @Test
    void aFileThatIsMissingIsNamedWithTheDirectoryThatWasLookedInto() {
        UserError error = assertThrows(UserError.class, () -> ConfigFile.named("my.conf", Path.of("target")));
        String file = Path.of("target/my.conf").toAbsolutePath().toString();
        assertTrue(error.getMessage().contains("there is none at " + file), error.getMessage());
    }

    private static ConfigFile parse(String text) {
        return ConfigFile.parse("f", text.getBytes(StandardCharsets.UTF_8));
    }
}
