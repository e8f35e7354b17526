package io.treegrad.storage;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Files reached through Hadoop paths: {@code file:}, {@code hdfs:}, {@code s3a:}; a path without a scheme is on
 * Hadoop's default file system. Where that is the local disk, a relative path means the same file in tasks as on the driver.
 */
public final class HadoopStorage implements Storage {
    private static final long serialVersionUID = 1;

    /** A colon that no slash follows is a part of a local name. */
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

    private final SerializableConfiguration configuration;
    /** Of the driver: executors have others, and are to find the same files. */
    private final String workingDirectory;

    private transient volatile Boolean plainPathsAreLocal;

    public HadoopStorage(Configuration configuration) {
        this.configuration = new SerializableConfiguration(configuration);
        this.workingDirectory = java.nio.file.Path.of("").toAbsolutePath().toString();
    }

    /**
     * @throws IOException if the file system does not answer
     * @throws UserError BAD_CONFIGURATION if this is no path, or its file system does not exist
     */
    StoragePath at(String path) throws IOException {
        try {
            if (!SCHEME.matcher(path).lookingAt() && plainPathsAreLocal()) {
                return new LocalPath(java.nio.file.Path.of(workingDirectory).resolve(path));
            }
            Path named = new Path(path);
            FileSystem fileSystem = named.getFileSystem(configuration.value());
            FileSystem raw = fileSystem instanceof LocalFileSystem local ? local.getRaw() : fileSystem;
            return raw instanceof RawLocalFileSystem disk
                    ? new LocalPath(disk.pathToFile(named).toPath())
                    : new HadoopPath(fileSystem, named);
        } catch (RuntimeException e) {
            throw refusal(path, e);
        }
    }

    /** Hadoop throws what is wrong with a path or its file system as it comes, a host without an address included. */
    private static RuntimeException refusal(String path, RuntimeException failure) throws IOException {
        UserError ofPlatform = OutsideFailure.ofPlatform(failure);
        if (ofPlatform != null) {
            return ofPlatform;
        }
        if (failure.getCause() instanceof IOException access) {
            throw access;
        }
        return failure instanceof IllegalArgumentException
                ? new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        "%s is no path (%s), expected one such as dir/file, hdfs://host:port/dir or s3a://bucket/dir. Correct it."
                                .formatted(Printable.quoted(path), OutsideFailure.reason(failure)),
                        failure)
                : failure;
    }

    /** Whether this is a path relative to the working directory of this process, on its local disk. */
    public boolean isInWorkingDirectory(String path) throws IOException {
        return !SCHEME.matcher(path).lookingAt()
                && at(path) instanceof LocalPath
                && !java.nio.file.Path.of(path).isAbsolute();
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

    @Override
    public List<String> list(String directory) throws IOException {
        return at(directory).names();
    }
}
