package io.treegrad.data;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/** Files as byte arrays; counts the bytes that were read and the streams that are open. */
final class MemoryStorage implements Storage {
    private static final long serialVersionUID = 1;

    private final Map<String, byte[]> files = new HashMap<>();
    private long bytesRead;
    private int openStreams;

    MemoryStorage with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    long bytesRead() {
        return bytesRead;
    }

    int openStreams() {
        return openStreams;
    }

    @Override
    public InputStream open(String path) throws IOException {
        byte[] content = files.get(path);
        if (content == null) {
            throw new FileNotFoundException(path);
        }
        openStreams++;
        return new ByteArrayInputStream(content) {
            private boolean closed;

            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                int count = super.read(target, offset, length);
                bytesRead += Math.max(0, count);
                return count;
            }

            @Override
            public void close() {
                if (!closed) {
                    openStreams--;
                }
                closed = true;
            }
        };
    }

    @Override
    public long length(String path) {
        return files.get(path).length;
    }

    @Override
    public boolean exists(String path) {
        return files.containsKey(path);
    }
}
