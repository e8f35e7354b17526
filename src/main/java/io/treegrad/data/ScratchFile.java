package io.treegrad.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A local file of this process alone. It has no name any more once it is open, so its space is free as soon as the process
 * ends, however that happens. What is in it is encrypted, with a key that is in memory only: whoever has Spark encrypt what
 * it writes to local disks ({@code spark.io.encryption.enabled}) would not expect rows there to be readable.
 *
 * <p>A {@link RandomAccessFile} and no channel, since an interrupted task would close a channel for all others. For one thread
 * at a time.
 */
final class ScratchFile implements Closeable {
    private static final int AES_BLOCK = 16;

    private final RandomAccessFile file;
    private final SecretKeySpec key;
    private final Cipher cipher;
    private long end;

    /** @param path of a new or empty file */
    ScratchFile(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
        Files.delete(path);
        byte[] random = new byte[AES_BLOCK];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, "AES");
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
    }

    /** Writes bytes after those that are there, and encrypts them in their array. */
    void append(byte[] bytes, int count) throws IOException {
        crypt(end, bytes, count);
        file.seek(end);
        file.write(bytes, 0, count);
        end += count;
    }

    /** Reads {@code count} bytes from a place on. */
    void read(long from, byte[] bytes, int count) throws IOException {
        file.seek(from);
        file.readFully(bytes, 0, count);
        crypt(from, bytes, count);
    }

    /** Counts blocks of 16 bytes from the start of the file; encrypting and decrypting are the same. */
    private void crypt(long from, byte[] bytes, int count) {
        int before = (int) (from % AES_BLOCK);
        ByteBuffer counter = ByteBuffer.allocate(AES_BLOCK).putLong(0).putLong(from / AES_BLOCK);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter.array()));
            cipher.update(new byte[before]);
            cipher.update(bytes, 0, count, bytes, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES in counter mode takes any bytes", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
