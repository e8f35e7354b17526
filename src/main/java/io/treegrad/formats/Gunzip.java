package io.treegrad.formats;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * The content of a gzip file (RFC 1952), as commons-compress reads it: members that follow each other are joined; each
 * one's checksum and length are verified; a file that ends early or goes on with anything but another member is
 * refused. The JDK's own stream accepts trailing junk as the end of the file, and whether it finds a second member
 * depends on what {@code available()} of the underlying stream happens to return.
 *
 * <p>Damage is reported when the damaged place is read: {@link EOFException} for a truncated file, {@link ZipException}
 * otherwise. A failure of the underlying stream is passed on unchanged. Memory is bounded, whatever the file claims.
 */
final class Gunzip extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int FIRST_BYTE = 0x1F;
    private static final int SECOND_BYTE = 0x8B;

    private final Compressed compressed;
    private final InputStream content;

    /** Takes over {@code compressed}, unread, and reads the header of the first member. */
    // The constructor is deprecated for a builder that the commons-compress of Spark 4.0 does not have.
    @SuppressWarnings("deprecation")
    Gunzip(InputStream compressed) throws IOException {
        this.compressed = new Compressed(compressed);
        try {
            content = new GzipCompressorInputStream(this.compressed, true);
        } catch (IOException failure) {
            throw damageOr(failure);
        }
    }

    /** The content of {@code in}, decompressed if it is gzip; closes {@code in} after a failure. */
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
        try {
            return content.read();
        } catch (IOException failure) {
            throw damageOr(failure);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return content.read(target, offset, length);
        } catch (IOException failure) {
            throw damageOr(failure);
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    /** The library's failure as one of the kinds that this class promises, or the failure of the underlying stream. */
    private IOException damageOr(IOException failure) {
        if (failure == compressed.failure || failure instanceof ZipException) {
            return failure;
        }
        if (failure instanceof EOFException) {
            EOFException truncated = new EOFException("the compressed data ends early");
            truncated.initCause(failure);
            return truncated;
        }
        ZipException damage = new ZipException(
                failure.getMessage() == null ? "the compressed data is damaged" : asPartOfASentence(failure));
        damage.initCause(failure);
        return damage;
    }

    private static String asPartOfASentence(IOException failure) {
        String message = failure.getMessage();
        String part = Character.toLowerCase(message.charAt(0))
                + message.substring(1, message.endsWith(".") ? message.length() - 1 : message.length());
        return failure.getCause() == null
                ? part
                : part + ": " + failure.getCause().getMessage();
    }

    /**
     * The underlying stream. Remembers its own failures, and limits the length of a header, since the library keeps all
     * its text.
     */
    private static final class Compressed extends FilterInputStream {
        private static final int LONGEST_HEADER = 1 << 16;

        /** The last failure of the file itself; null if there was none. */
        private IOException failure;

        /** Bytes read one by one since the last block: the library reads names and comments in this way. */
        private int singleBytes;

        Compressed(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            if (++singleBytes > LONGEST_HEADER) {
                throw new ZipException("a gzip header has more than " + LONGEST_HEADER + " bytes");
            }
            try {
                return in.read();
            } catch (IOException own) {
                failure = own;
                throw own;
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            singleBytes = 0;
            try {
                return in.read(target, offset, length);
            } catch (IOException own) {
                failure = own;
                throw own;
            }
        }
    }
}
