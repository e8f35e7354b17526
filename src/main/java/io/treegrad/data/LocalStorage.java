package io.treegrad.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The file system of this machine, as the JDK sees it. */
public record LocalStorage() implements Storage {
    @Override
    public InputStream open(String path) throws IOException {
        return Files.newInputStream(Path.of(path));
    }

    @Override
    public long length(String path) throws IOException {
        return Files.size(Path.of(path));
    }

    @Override
    public long modified(String path) throws IOException {
        return Files.getLastModifiedTime(Path.of(path)).toMillis();
    }

    @Override
    public boolean exists(String path) {
        return Files.isRegularFile(Path.of(path));
    }

    @Override
    public List<String> list(String directory) throws IOException {
        if (!Files.isDirectory(Path.of(directory))) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(Path.of(directory))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
