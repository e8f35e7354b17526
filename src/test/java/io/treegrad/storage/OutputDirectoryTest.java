package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 16 and 35: outputs that cannot be written, and a CURRENT that leads nowhere. */
class OutputDirectoryTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(new Configuration());

    @TempDir
    private Path directory;

    private Lock lock;

    @BeforeEach
    void publishThree() {
        lock = output().lockForPublishing("a test");
        for (int i = 1; i <= 3; i++) {
            output().publish(lock, "2026010" + i, SmallRun.model(i));
        }
        lock.close();
        lock = output().lockForPublishing("a test");
    }

    @Test
    void currentNamesThePublishedVersion() throws IOException {
        assertEquals("20260103\n", Files.readString(directory.resolve("CURRENT")));
        Files.writeString(directory.resolve("CURRENT"), "20260102\n");
        assertEquals(2, published(), "an older version that was put back by hand");
        assertFalse(Files.exists(directory.resolve("CURRENT.crc")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "no-such-version\n", "../../etc\n", "20260104\n", "two\nlines\n", "\u0000"})
    void aBrokenCurrentMeansTheNewestWholeVersion(String content) throws IOException {
        Files.createDirectories(directory.resolve("versions/20260104")); // begun, not finished
        Files.writeString(directory.resolve("CURRENT"), content);
        assertEquals(3, published());
        assertEquals(directory + "/versions/20260103", OutputDirectory.versionAt(STORAGE, directory.toString()));
    }

    @Test
    void aMissingCurrentMeansTheNewestVersionThatVerifies() throws IOException {
        Files.delete(directory.resolve("CURRENT"));
        Path weights = directory.resolve("versions/20260103/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertEquals(2, published());
    }

    @Test
    void oldVersionsGoButNeverTheCurrentOne() throws IOException {
        Files.createDirectories(directory.resolve("versions/20251231-unfinished"));
        Files.writeString(directory.resolve("CURRENT"), "20260101\n");
        output().keepVersions(lock, 2);
        assertEquals(List.of("20260101", "20260102", "20260103"), versions());
        output().keepVersions(lock, 1);
        assertEquals(List.of("20260101", "20260103"), versions());
        Files.writeString(directory.resolve("CURRENT"), "20260103\n");
        output().keepVersions(lock, 1);
        assertEquals(List.of("20260103"), versions());
    }

    @Test
    void nothingIsPublishedWithoutTheLock() throws IOException {
        Files.delete(directory.resolve("LOCK"));
        UserError error = assertThrows(UserError.class, () -> output().publish(lock, "20260105", SmallRun.model(5)));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertEquals(3, published());
    }

    @Test
    void outputThatCannotBeAMadeDirectoryIsRefusedWithItsPath() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        OutputDirectory below = new OutputDirectory(STORAGE, file + "/below");
        UserError error = assertThrows(UserError.class, below::requireWritable);
        assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
        assertTrue(error.getMessage().contains(file + "/below cannot be written"), error.getMessage());
    }

    private List<String> versions() throws IOException {
        return STORAGE.at(directory.resolve("versions").toString()).names();
    }

    private float published() {
        return output().published().orElseThrow().model().parameters()[0];
    }

    private OutputDirectory output() {
        return new OutputDirectory(STORAGE, directory.toString());
    }
}
