package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.data.IdxBytes;
import io.treegrad.network.SplitMix64;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class GunzipTest {
    private static final byte[] CONTENT = noise(70_000);
    private static final byte[] MEMBER = IdxBytes.gzip(CONTENT);

    @Test
    void contentComesBackAtAnyReadLength() throws IOException {
        for (int length : new int[] {0, 1, 13, 207, 4098, 70_000}) {
            byte[] content = IdxBytes.cut(CONTENT, length);
            assertArrayEquals(content, gunzip(IdxBytes.gzip(content)));
            for (int step : new int[] {1, 7, 100_000}) {
                try (Gunzip in = new Gunzip(slowly(IdxBytes.gzip(content), step))) {
                    assertArrayEquals(content, in.readAllBytes());
                }
            }
        }
    }

    @Test
    void membersAreJoined() throws IOException {
        byte[] empty = IdxBytes.gzip(new byte[0]);
        assertArrayEquals(
                IdxBytes.join(CONTENT, CONTENT, CONTENT), gunzip(IdxBytes.join(MEMBER, empty, MEMBER, empty, MEMBER)));
    }

    @Test
    void everyTruncationIsSeen() {
        byte[] small = IdxBytes.gzip(noise(300));
        for (int length = 2; length < small.length; length++) {
            byte[] cut = IdxBytes.cut(small, length);
            assertThrows(EOFException.class, () -> gunzip(cut), "cut to " + length);
        }
    }

    @Test
    void flippedBitIsSeenUnlessItChangesNothing() {
        byte[] content = noise(40);
        byte[] small = IdxBytes.gzip(content);
        int harmless = 0;
        int refused = 0;
        for (int bit = 80; bit < 8 * small.length; bit++) {
            byte[] damaged = IdxBytes.with(small, bit / 8, small[bit / 8] ^ (1 << bit % 8));
            try {
                assertArrayEquals(content, gunzip(damaged), "bit " + bit);
                harmless++;
            } catch (IOException seen) {
                refused++;
            }
        }
        assertTrue(
                refused > 8 * 40 && harmless < 8,
                harmless + " bits, expected at most the padding of the last byte of deflate");
    }

    @Test
    void anythingButAMemberAfterTheLastOneIsRefused() {
        for (byte[] junk : new byte[][] {{0}, {0, 0, 0, 0}, {'x', 'y'}, {0x1F}, {0x1F, 0x00, 0}}) {
            ZipException error = assertThrows(ZipException.class, () -> gunzip(IdxBytes.join(MEMBER, junk)));
            assertEquals("unexpected data after a valid .gz stream", error.getMessage());
        }
        byte[] halfAHeader = IdxBytes.cut(MEMBER, 5);
        assertThrows(EOFException.class, () -> gunzip(IdxBytes.join(MEMBER, halfAHeader)));
    }

    @Test
    void damageIsToldAsPartOfASentence() {
        int end = MEMBER.length;
        assertDamage(
                "gzip-compressed data is corrupt (CRC32 error)", IdxBytes.with(MEMBER, end - 8, MEMBER[end - 8] ^ 1));
        assertDamage(
                "gzip-compressed data is corrupt (uncompressed size mismatch)",
                IdxBytes.with(MEMBER, end - 1, MEMBER[end - 1] ^ 1));
        assertDamage("gzip-compressed data is corrupt: invalid block type", IdxBytes.with(MEMBER, 10, 0xFF));
        assertDamage("unsupported compression method 9 in the .gz header", IdxBytes.with(MEMBER, 2, 9));
        for (int reserved : new int[] {0x20, 0x40, 0x80}) {
            assertDamage("reserved flags are set in the .gz header", IdxBytes.with(MEMBER, 3, reserved));
        }
    }

    @Test
    void optionalHeaderFieldsAreSkipped() throws IOException {
        byte[] header = {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3};
        byte[] fields = {5, 0, 'i', 'd', 1, 0, 'x', 'n', 'a', 'm', 'e', 0, 'n', 'o', 't', 'e', 0};
        CRC32 checksum = new CRC32();
        checksum.update(IdxBytes.join(header, fields));
        byte[] headerChecksum = {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)};
        byte[] body = Arrays.copyOfRange(MEMBER, 10, MEMBER.length);
        assertArrayEquals(CONTENT, gunzip(IdxBytes.join(header, fields, headerChecksum, body)));
    }

    @Test
    void anySystemAndAnyTimeMayHaveWrittenTheFile() throws IOException {
        for (int value = 0; value < 256; value++) {
            byte[] written = MEMBER;
            for (int at = 4; at < 10; at++) { // time, extra flags, system
                written = IdxBytes.with(written, at, value);
            }
            assertArrayEquals(CONTENT, gunzip(written), "header bytes " + value);
        }
    }

    @Test
    void aHeaderWithoutEndIsRefusedBeforeItFillsTheMemory() {
        for (int flag : new int[] {8, 16}) { // name, comment
            byte[] header = {0x1F, (byte) 0x8B, 8, (byte) flag, 0, 0, 0, 0, 0, 3};
            EndlessLetters letters = new EndlessLetters();
            for (byte[] before : new byte[][] {header, IdxBytes.join(MEMBER, header)}) {
                InputStream endless = new SequenceInputStream(new ByteArrayInputStream(before), letters);
                ZipException error = assertThrows(ZipException.class, () -> {
                    try (InputStream in = Gunzip.ifCompressed(endless)) {
                        in.skipNBytes(CONTENT.length + 1);
                    }
                });
                assertEquals("a gzip header has more than 65536 bytes", error.getMessage());
            }
            assertTrue(letters.read < 1 << 19, letters.read + " bytes were read");
        }
    }

    @Test
    void aFailureOfTheFileBelowIsNotTakenForDamage() throws IOException {
        int whole = MEMBER.length;
        for (int healthy : new int[] {2, 5, 10, 11, whole / 2, whole - 8, whole - 1, whole}) {
            IOException lost = new IOException("connection lost");
            InputStream below = new ByteArrayInputStream(IdxBytes.cut(MEMBER, healthy));
            InputStream failing = new SequenceInputStream(below, new Failing(lost));
            IOException seen = assertThrows(IOException.class, () -> {
                try (InputStream in = Gunzip.ifCompressed(failing)) {
                    in.readAllBytes();
                }
            });
            assertSame(lost, seen, "after " + healthy + " bytes");
        }
    }

    @Test
    void endIsTheEndHoweverOftenItIsAskedFor() throws IOException {
        try (Gunzip in = new Gunzip(new ByteArrayInputStream(MEMBER))) {
            in.readAllBytes();
            assertEquals(-1, in.read());
            assertEquals(-1, in.read(new byte[3], 0, 3));
            assertEquals(0, in.read(new byte[3], 0, 0));
        }
    }

    private static byte[] gunzip(byte[] compressed) throws IOException {
        try (Gunzip in = new Gunzip(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }

    private static void assertDamage(String message, byte[] compressed) {
        ZipException damage = assertThrows(ZipException.class, () -> gunzip(compressed));
        assertEquals(message, damage.getMessage());
    }

    /** A file that goes on for ever. */
    private static final class EndlessLetters extends InputStream {
        private long read;

        @Override
        public int read() {
            read++;
            return 'a';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) 'a');
            read += length;
            return length;
        }
    }

    /** A file that cannot be read. */
    private static final class Failing extends InputStream {
        private final IOException failure;

        Failing(IOException failure) {
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            throw failure;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            throw failure;
        }
    }

    /** Gives at most {@code step} bytes at a time, as a network may. */
    private static InputStream slowly(byte[] bytes, int step) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(step, length));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
    }

    private static byte[] noise(int length) {
        SplitMix64 random = new SplitMix64(length);
        byte[] noise = new byte[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (byte) random.nextInt(i % 3 == 0 ? 256 : 4);
        }
        return noise;
    }
}
