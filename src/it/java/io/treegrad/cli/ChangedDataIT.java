package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.model.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 30: between the two halves of a run somebody changes its data. */
class ChangedDataIT {
    @TempDir
    private Path directory;

    @Test
    void aRunOnOtherDataIsRefusedWithBothDigestsUnlessItIsAllowed() throws Exception {
        SmallTraining training = new SmallTraining(directory, 12);
        Path output = directory.resolve("output");
        Map<String, String> properties = Map.of("treegrad.failpoint", "before-step:30:halt");
        try (Program program = training.start(output, SmallTraining.Cluster.TREE, properties, List.of())) {
            assertEquals(42, program.ended().code());
        }
        String before = sha256(training.data());
        List<String> lines = Files.readAllLines(training.data());
        String first = lines.get(0);
        lines.set(0, "9" + first.substring(first.indexOf(',')));
        Files.write(training.data(), lines);
        String after = sha256(training.data());
        assertNotEquals(before, after);

        training.here(output, SmallTraining.Cluster.TREE, List.of())
                .failed(78, "the SHA-256 of rows.csv was " + before + " and now is " + after, "--allow-data-change");
        JsonNode refused =
                Invocation.parsed(Files.readString(SmallTraining.run(output).resolve("run.json")));
        assertEquals(78, refused.get("exitCode").asInt());

        List<String> allowed = List.of("--allow-data-change");
        Invocation continued =
                training.here(output, SmallTraining.Cluster.RESIDENT, allowed).succeeded();
        assertTrue(continued.err().contains("Warning: the SHA-256 of rows.csv was " + before), continued.err());
        assertTrue(continued.json().get("resumedAtStep").asLong() > 0);
        assertEquals(after, continued.json().at("/data/sha256/rows.csv").asText());
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return FileDigest.of(in).sha256();
        }
    }
}
