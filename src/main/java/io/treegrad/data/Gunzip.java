package io.treegrad.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The content of a gzip file (RFC 1952), strictly: members that follow each other are joined, as the RFC says; each
 * one's checksum and length are verified; a file that ends early or goes on with anything but another member is
 * refused. The JDK's own stream takes trailing junk for the end of the file, and whether it sees a second member
 * depends on what {@code available()} of the stream below happens to say.
 *
 * <p>Damage shows when the damaged place is read: {@link EOFException} for a truncated file, {@link ZipException}
 * otherwise. Memory is one buffer, whatever the file claims.
 */
final class Gunzip extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int FIRST_BYTE = 0x1F;
    private static final int SECOND_BYTE = 0x8B;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA_FIELD = 4;
    private static final int FILE_NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;
    private static final int DEFLATE = 8;

    private final InputStream compressed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    /** The compressed bytes not yet used are {@code buffer[at .. end - 1]}. */
    private int at;

    private int end;
    private boolean finished;

    /** Takes over {@code compressed}, of which nothing has been read, and reads the header of the first member. */
    Gunzip(InputStream compressed) throws IOException {
        this.compressed = compressed;
        readHeader();
    }

    /** The content of {@code in}, decompressed if it is gzip; closes {@code in} if it cannot be begun. */
    static InputStream ifCompressed(InputStream in) throws IOException {
        InputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        try {
            buffered.mark(2);
            boolean compressed = startsLike(buffered.read(), buffered.read());
            buffered.reset();
            return compressed ? new Gunzip(buffered) : buffered;
        } catch (IOException | RuntimeException failure) {
            buffered.close();
            throw failure;
        }
    }

    static boolean startsLike(int firstByte, int secondByte) {
        return firstByte == FIRST_BYTE && secondByte == SECOND_BYTE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!finished) {
            int inflated = inflate(target, offset, length);
            if (inflated > 0) {
                checksum.update(target, offset, inflated);
                return inflated;
            }
            if (inflater.finished()) {
                readTrailer();
                finished = !fill();
                if (!finished) {
                    readHeader();
                }
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        compressed.close();
    }

    /** Returns 0 at the end of a member, and also when it took input without giving output. */
    private int inflate(byte[] target, int offset, int length) throws IOException {
        if (inflater.needsInput()) {
            if (!fill()) {
                throw new EOFException("the compressed data ends early");
            }
            inflater.setInput(buffer, at, end - at);
        }
        try {
            int inflated = inflater.inflate(target, offset, length);
            at = end - inflater.getRemaining();
            if (inflater.needsDictionary()) {
                throw new ZipException("the compressed data wants a dictionary");
            }
            return inflated;
        } catch (DataFormatException damaged) {
            ZipException wrapped = new ZipException("the compressed data is damaged: " + damaged.getMessage());
            wrapped.initCause(damaged);
            throw wrapped;
        }
    }

    private void readHeader() throws IOException {
        if (nextByte() != FIRST_BYTE || nextByte() != SECOND_BYTE) {
            throw new ZipException("something that is not gzip follows the compressed data");
        }
        int method = nextByte();
        int flags = nextByte();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new ZipException("gzip method " + method + " with flags " + flags + ", expected method 8 (deflate)");
        }
        skip(6); // time, extra flags, system
        if ((flags & EXTRA_FIELD) != 0) {
            skip(nextByte() | nextByte() << 8);
        }
        if ((flags & FILE_NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(2);
        }
        inflater.reset();
        checksum.reset();
    }

    private void readTrailer() throws IOException {
        long expected = nextWord();
        if (expected != checksum.getValue()) {
            throw new ZipException(
                    String.format("the content has checksum %08x, expected %08x", checksum.getValue(), expected));
        }
        long length = nextWord();
        if (length != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw new ZipException(
                    "the content has " + inflater.getBytesWritten() + " bytes, expected " + length + " (modulo 2^32)");
        }
    }

    private long nextWord() throws IOException {
        return nextByte() | nextByte() << 8 | nextByte() << 16 | (long) nextByte() << 24;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            nextByte();
        }
    }

    private void skipText() throws IOException {
        while (nextByte() != 0) {
            // up to and with the terminating zero
        }
    }

    private int nextByte() throws IOException {
        if (!fill()) {
            throw new EOFException("the compressed data ends early");
        }
        return buffer[at++] & 0xFF;
    }

    /** Whether there is a compressed byte to use. */
    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, compressed.read(buffer, 0, buffer.length));
        }
        return at < end;
    }
}
