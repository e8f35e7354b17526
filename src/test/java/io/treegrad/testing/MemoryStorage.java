package io.treegrad.testing;

import io.treegrad.data.Storage;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Manifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files as byte arrays, to be damaged at will; counts the bytes that were read and the streams that are open. */
public final class MemoryStorage implements Storage {
    private static final long serialVersionUID = 1;

    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final TreeMap<String, Long> writes = new TreeMap<>();
    private long bytesRead;
    private int openStreams;

    /** A directory with these files and their manifest, as a publisher writes it. */
    public static MemoryStorage holding(String directory, Map<String, FileContent> contents) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        for (Map.Entry<String, FileContent> entry : contents.entrySet()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            FileDigest.ofWriting(entry.getValue(), out);
            storage.put(directory + "/" + entry.getKey(), out.toByteArray());
        }
        storage.writeManifest(directory);
        return storage;
    }

    public MemoryStorage with(String path, byte[] content) {
        put(path, content);
        return this;
    }

    public void put(String path, byte[] bytes) {
        files.put(path, bytes.clone());
        writes.merge(path, 1L, Long::sum);
    }

    public byte[] get(String path) {
        return files.get(path).clone();
    }

    public void remove(String path) {
        files.remove(path);
    }

    /** Replaces a file and tells the manifest, as someone would who forges a model. */
    public void forge(String directory, String name, byte[] bytes) throws IOException {
        put(directory + "/" + name, bytes);
        writeManifest(directory);
    }

    private void writeManifest(String directory) throws IOException {
        Map<String, FileDigest> digests = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> entry : files.entrySet()) {
            if (!entry.getKey().endsWith(Manifest.FILE)) {
                digests.put(
                        entry.getKey().substring(directory.length() + 1),
                        FileDigest.of(new ByteArrayInputStream(entry.getValue())));
            }
        }
        put(directory + "/" + Manifest.FILE, Manifest.of(digests).toBytes());
    }

    public long bytesRead() {
        return bytesRead;
    }

    public int openStreams() {
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
    public long length(String path) throws IOException {
        if (!exists(path)) {
            throw new FileNotFoundException(path);
        }
        return files.get(path).length;
    }

    /** How often the file was written. */
    @Override
    public long modified(String path) {
        return writes.getOrDefault(path, 0L);
    }

    @Override
    public boolean exists(String path) {
        return files.containsKey(path);
    }

    @Override
    public List<String> list(String directory) {
        String base = directory.equals(".") ? "" : directory.endsWith("/") ? directory : directory + "/";
        return files.keySet().stream()
                .filter(path -> path.startsWith(base))
                .map(path -> path.substring(base.length()).replaceFirst("/.*", ""))
                .distinct()
                .toList();
    }
}
