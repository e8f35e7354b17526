package io.treegrad.storage;

import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Files reached through Hadoop paths: {@code file:}, {@code hdfs:}, {@code s3a:}; a path without a scheme is on
 * Hadoop's default file system.
 */
public final class HadoopStorage implements Storage {
    private static final long serialVersionUID = 1;

    private final SerializableConfiguration configuration;
    private transient volatile Boolean plainPathsAreLocal;

    public HadoopStorage(Configuration configuration) {
        this.configuration = new SerializableConfiguration(configuration);
    }

    /** @throws IOException if the file system of the path does not exist or does not answer */
    StoragePath at(String path) throws IOException {
        if (path.startsWith("/") && plainPathsAreLocal()) {
            return new LocalPath(java.nio.file.Path.of(path));
        }
        Path named = new Path(path);
        FileSystem fileSystem = named.getFileSystem(configuration.value());
        FileSystem raw = fileSystem instanceof LocalFileSystem local ? local.getRaw() : fileSystem;
        return raw instanceof RawLocalFileSystem disk
                ? new LocalPath(disk.pathToFile(named).toPath())
                : new HadoopPath(fileSystem, named);
    }

    /** Determined once, since a checkpoint needs twenty paths and Hadoop searches its whole configuration for each. */
    private boolean plainPathsAreLocal() throws IOException {
        Boolean known = plainPathsAreLocal;
        if (known == null) {
            known = FileSystem.get(configuration.value()) instanceof LocalFileSystem;
            plainPathsAreLocal = known;
        }
        return known;
    }

    @Override
    public InputStream open(String path) throws IOException {
        return at(path).open();
    }

    @Override
    public long length(String path) throws IOException {
        return at(path).length();
    }

    @Override
    public long modified(String path) throws IOException {
        return at(path).modified();
    }

    @Override
    public boolean exists(String path) throws IOException {
        return at(path).isFile();
    }
}
