package io.treegrad.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.treegrad.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * The size and SHA-256 that identify the content of a file.
 *
 * @param size in bytes
 * @param sha256 of its bytes, in hexadecimal
 */
@JsonPropertyOrder({"size", "sha256"})
public record FileDigest(long size, String sha256) implements Serializable {
    public FileDigest {
        Require.atLeast(0, size, "size");
        Require.sha256(sha256, "sha256");
    }

    /** The digest of the rest of the stream, which is read to its end. */
    public static FileDigest of(InputStream in) throws IOException {
        return of(in, Long.MAX_VALUE);
    }

    /** The same of at most so many bytes. */
    static FileDigest of(InputStream in, long most) throws IOException {
        MessageDigest digest = Sha256.start();
        byte[] chunk = new byte[1 << 14];
        long size = 0;
        for (int read = 0;
                read >= 0 && size < most;
                read = in.read(chunk, 0, (int) Math.min(chunk.length, most - size))) {
            digest.update(chunk, 0, read);
            size += read;
        }
        return new FileDigest(size, Sha256.hex(digest));
    }

    /** Writes the content to the stream and returns the digest of what should be written. */
    public static FileDigest ofWriting(FileContent content, OutputStream out) throws IOException {
        Counted counted = new Counted(out, Sha256.start());
        content.writeTo(counted);
        counted.flush();
        return new FileDigest(counted.size, Sha256.hex(counted.getMessageDigest()));
    }

    private static final class Counted extends DigestOutputStream {
        private long size;

        Counted(OutputStream out, MessageDigest digest) {
            super(out, digest);
        }

        @Override
        public void write(int value) throws IOException {
            super.write(value);
            size++;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            super.write(bytes, from, count);
            size += count;
        }
    }
}
