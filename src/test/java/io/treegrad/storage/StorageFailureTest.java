package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorageFailureTest {
    @Test
    void aDeniedAccessIsSaidToBeOne() {
        UserError error = StorageFailure.writing("/out", new AccessDeniedException("/out/file"));
        assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
        assertTrue(
                error.getMessage().startsWith("/out cannot be written (AccessDeniedException /out/file): expected"),
                error.getMessage());
    }

    @Test
    void aReasonIsToldAsItIs() {
        FileSystemException full = new FileSystemException("/out/file", null, "No space left on device");
        assertTrue(StorageFailure.writing("/out", full)
                .getMessage()
                .startsWith("/out cannot be written (/out/file: No space left on device): expected"));
        assertTrue(StorageFailure.reading("/in", new IOException("first\nsecond"))
                .getMessage()
                .startsWith("/in cannot be read (first): expected"));
    }

    @Test
    void storageThatIsNotReadyMayBeTriedAgainAndAMissingFileSystemIsConfigured() {
        IOException notReady = new ConnectException("Connection refused");
        IOException unknown = new IOException("No FileSystem for scheme \"s4\"");
        for (UserError error : List.of(
                StorageFailure.writing("hdfs://a/out", notReady), StorageFailure.reading("hdfs://a/out", notReady))) {
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(
                    error.getMessage()
                            .startsWith("hdfs://a/out: its file system is not ready (Connection refused), expected"),
                    error.getMessage());
        }
        for (UserError error :
                List.of(StorageFailure.writing("s4://a/out", unknown), StorageFailure.reading("s4://a/out", unknown))) {
            assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        }
    }
}
