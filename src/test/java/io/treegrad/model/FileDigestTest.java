package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
