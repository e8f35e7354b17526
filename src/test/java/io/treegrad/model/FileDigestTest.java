package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.testing.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class FileDigestTest {
    @Test
    void noMoreIsReadThanWasAskedFor() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }
        };
        FileDigest expected = FileDigest.of(new ByteArrayInputStream(new byte[40_001]));
        assertEquals(40_001, expected.size());
        assertEquals(expected, FileDigest.of(endless, 40_001));
        assertEquals(0, FileDigest.of(endless, 0).size());
    }

    @Test
    void aFileMayHaveAsManyBytesAsAreAllowedAndNotOneMore() throws IOException {
        MemoryStorage storage = new MemoryStorage().with("f", new byte[10]);
        assertEquals(10, Manifest.bounded(storage, "f", 10).length);
        UserError error = assertThrows(UserError.class, () -> Manifest.bounded(storage, "f", 9));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().contains("more than 9 bytes"), error.getMessage());
    }
}
