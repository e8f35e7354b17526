package io.treegrad.formats;

import io.treegrad.data.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file as the Parquet library reads it: a jump back opens the file again. It remembers when storage failed, since the
 * library reports damaged bytes by the same kinds of exceptions.
 */
final class ParquetInput implements InputFile {
    private final Storage storage;
    private final String path;
    private final long length;
    private IOException failure;

    ParquetInput(Storage storage, String path, long length) {
        this.storage = storage;
        this.path = path;
        this.length = length;
    }

    /** What storage threw, if it failed. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        Positioned in = new Positioned(open());
        return new DelegatingSeekableInputStream(in) {
            @Override
            public long getPos() {
                return in.position;
            }

            @Override
            public void seek(long position) throws IOException {
                in.seek(position);
            }
        };
    }

    private InputStream open() throws IOException {
        try {
            return storage.open(path);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public String toString() {
        return path;
    }

    private final class Positioned extends InputStream {
        private InputStream in;
        private long position;

        Positioned(InputStream in) {
            this.in = in;
        }

        void seek(long target) throws IOException {
            if (target < position) {
                in.close();
                in = open();
                position = 0;
            }
            try {
                in.skipNBytes(target - position);
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
                throw e;
            }
            position = target;
        }

        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
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
            in.close();
        }
    }
}
