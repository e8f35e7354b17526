package io.treegrad.formats;

import io.treegrad.data.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A file in which a library jumps; a jump back opens it again. It remembers when storage failed, since libraries report
 * damaged bytes by the same kinds of exceptions.
 */
final class SeekableFile extends InputStream {
    private final Storage storage;
    private final String path;
    /** Null until it is first read. */
    private InputStream in;

    private long position;
    private IOException failure;

    SeekableFile(Storage storage, String path) {
        this.storage = storage;
        this.path = path;
    }

    /** What storage threw, if it failed. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    long position() {
        return position;
    }

    /** @throws EOFException if the file ends before */
    void seek(long target) throws IOException {
        try {
            if (in == null || target < position) {
                close();
                in = storage.open(path);
                position = 0;
            }
            in.skipNBytes(target - position);
            position = target;
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        seek(position);
        try {
            int count = in.read(target, offset, length);
            position += Math.max(0, count);
            return count;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }
}
