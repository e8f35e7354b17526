package io.treegrad.model;

import io.treegrad.data.Storage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Files by path, to be damaged at will. */
final class MemoryStorage implements Storage {
    private static final long serialVersionUID = 1;

    private final TreeMap<String, byte[]> files = new TreeMap<>();

    /** A directory with these files and their manifest, as a publisher writes it. */
    static MemoryStorage holding(String directory, Map<String, FileContent> contents) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        Map<String, FileDigest> digests = new LinkedHashMap<>();
        for (Map.Entry<String, FileContent> entry : contents.entrySet()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            digests.put(entry.getKey(), FileDigest.ofWriting(entry.getValue(), out));
            storage.put(directory + "/" + entry.getKey(), out.toByteArray());
        }
        storage.put(directory + "/" + Manifest.FILE, Manifest.of(digests).toBytes());
        return storage;
    }

    void put(String path, byte[] bytes) {
        files.put(path, bytes.clone());
    }

    byte[] get(String path) {
        return files.get(path).clone();
    }

    void remove(String path) {
        files.remove(path);
    }

    /** Replaces a file and tells the manifest, as someone would who forges a model. */
    void forge(String directory, String name, byte[] bytes) throws IOException {
        put(directory + "/" + name, bytes);
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

    @Override
    public InputStream open(String path) throws IOException {
        if (!exists(path)) {
            throw new FileNotFoundException(path);
        }
        return new ByteArrayInputStream(files.get(path));
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
