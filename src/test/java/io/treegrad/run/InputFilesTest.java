package io.treegrad.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Storage;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    private final MemoryStorage storage = new MemoryStorage().with("a/rows.csv", new byte[] {'1'});
    private final InputFiles files = new InputFiles(storage, List.of("a/rows.csv"));

    @Test
    void digestsAreNamedByTheFile() {
        String ofOne = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
        assertEquals(Map.of("rows.csv", ofOne), InputFiles.byName(files.digests()));
        files.requireUnchanged();
    }

    @Test
    void aFileThatIsWrittenAgainWhileItIsReadIsRefused() {
        storage.put("a/rows.csv", new byte[] {'2'}); // of the same length
        UserError error = assertThrows(UserError.class, files::digests);
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().startsWith("a/rows.csv was changed while it was read"), error.getMessage());
        assertThrows(UserError.class, files::requireUnchanged);
    }

    @Test
    void aFileThatMayStillBeArrivingIsRefusedForNow(@TempDir Path directory) throws IOException {
        Path rows = Files.write(directory.resolve("rows.csv"), new byte[] {'1'});
        Files.setLastModifiedTime(rows, FileTime.from(Instant.now().minusSeconds(60)));
        InputFiles young = new InputFiles(new LocalStorage(), List.of(rows.toString()));
        young.requireSettled(Duration.ofSeconds(50));
        UserError error = assertThrows(UserError.class, () -> young.requireSettled(Duration.ofMinutes(10)));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertTrue(error.getMessage().contains("rows.csv was written to 6"), error.getMessage());
        assertTrue(error.getMessage().contains("expected at least 600"), error.getMessage());
    }

    @Test
    void outputOfAJobThatHasNotEndedIsRefusedForNow(@TempDir Path directory) throws IOException {
        Path day = Files.createDirectories(directory.resolve("day=2026-11-27"));
        Path rows = Files.write(day.resolve("part-0.csv"), new byte[] {'1'});
        InputFiles arriving = new InputFiles(new LocalStorage(), List.of(rows.toString()));
        arriving.requireFinishedDirectories();
        Files.createDirectory(directory.resolve("_temporary"));
        UserError error = assertThrows(UserError.class, arriving::requireFinishedDirectories);
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertTrue(error.getMessage().startsWith(directory + " has a directory _temporary"), error.getMessage());
    }

    @Test
    void aFileInADirectoryThatMayNotBeListedIsRead() {
        Storage blind = new Storage() {
            @Override
            public InputStream open(String path) throws IOException {
                return storage.open(path);
            }

            @Override
            public long length(String path) throws IOException {
                return storage.length(path);
            }

            @Override
            public long modified(String path) {
                return storage.modified(path);
            }

            @Override
            public boolean exists(String path) {
                return storage.exists(path);
            }

            @Override
            public List<String> list(String directory) throws IOException {
                throw new AccessDeniedException(directory);
            }
        };
        InputFiles readable = new InputFiles(blind, List.of("a/rows.csv"));
        readable.requireFinishedDirectories();
        assertEquals(files.digests(), readable.digests());
    }

    @Test
    void aFileThatIsGoneIsMissing() {
        storage.remove("a/rows.csv");
        UserError error = assertThrows(UserError.class, files::digests);
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
    }
}
