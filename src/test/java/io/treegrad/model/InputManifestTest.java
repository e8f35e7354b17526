package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputManifestTest {
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    private final InputManifest manifest =
            InputManifest.of(Map.of("/data/a.csv", new FileDigest(1, ONE), "b.csv", new FileDigest(2, TWO)));

    @Test
    void theSameFilesDoNotDifferWhereverTheyLie() {
        assertEquals(
                List.of(),
                manifest.differencesTo(
                        Map.of("hdfs:///in/a.csv", new FileDigest(1, ONE), "/in/b.csv", new FileDigest(2, TWO))));
        assertEquals(manifest, InputManifest.parse(manifest.toBytes(), "inputs.json"));
    }

    @Test
    void anotherContentAFileTooManyAndAMissingOneAreTold() {
        assertEquals(
                List.of("b.csv has 2 bytes and the SHA-256 " + ONE + ", expected 2 and " + TWO),
                manifest.differencesTo(Map.of("/data/a.csv", new FileDigest(1, ONE), "b.csv", new FileDigest(2, ONE))));
        assertEquals(
                List.of("c.csv is not in it", "/data/a.csv is in it and not among the data"),
                manifest.differencesTo(Map.of("c.csv", new FileDigest(1, ONE), "b.csv", new FileDigest(2, TWO))));
    }
}
