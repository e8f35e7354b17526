package io.treegrad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CiCommandTest {
    @Test
    void theReadmeTellsToRunWhatCiRuns() throws IOException {
        List<String> commands = Files.readAllLines(Path.of(".ci/run")).stream()
                .filter(line -> line.startsWith("mvn "))
                .map(line -> line.replace(" </dev/null", ""))
                .toList();
        assertEquals(1, commands.size(), "commands of Maven in .ci/run: " + commands);
        Path readme = Path.of("README.md");
        assumeTrue(Files.exists(readme), "there is no README yet");
        assertTrue(
                Files.readAllLines(readme).stream().map(String::strip).anyMatch(commands.get(0)::equals),
                "README.md has no line that reads exactly: " + commands.get(0));
    }
}
