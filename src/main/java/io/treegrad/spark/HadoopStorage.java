package io.treegrad.spark;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.treegrad.data.Storage;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.SerializableConfiguration;

/** Files reached through Hadoop paths: {@code file:}, {@code hdfs:}, {@code s3a:}; a path without a scheme is Hadoop's default. */
public final class HadoopStorage implements Storage {
    private static final long serialVersionUID = 1;
    private static final int BUFFER_BYTES = 1 << 16;

    private final SerializableConfiguration configuration;

    public HadoopStorage(Configuration configuration) {
        this.configuration = new SerializableConfiguration(configuration);
    }

    /** For a command that starts no Spark application: Hadoop as spark-submit configured it. */
    public static HadoopStorage ofSubmission() {
        return new HadoopStorage(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
    }

    @Override
    public InputStream open(String path) throws IOException {
        return fileSystem(path).open(new Path(path));
    }

    @Override
    public long length(String path) throws IOException {
        return fileSystem(path).getFileStatus(new Path(path)).getLen();
    }

    @Override
    public boolean exists(String path) throws IOException {
        try {
            FileStatus status = fileSystem(path).getFileStatus(new Path(path));
            return status.isFile();
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /**
     * Writes a whole file and closes it, after its bytes have reached the disk where the file system knows how.
     *
     * @throws IOException if the file exists and may not be replaced, or cannot be written
     */
    FileDigest write(String path, FileContent content, boolean replace) throws IOException {
        FileSystem fileSystem = fileSystem(path);
        if (fileSystem instanceof RawLocalFileSystem local) {
            return writeLocally(local.pathToFile(new Path(path)).toPath(), content, replace);
        }
        return writeAndClose(fileSystem.create(new Path(path), replace), content);
    }

    /** Not with resources: a stream of HDFS throws the same object again when it is closed, and none suppresses itself. */
    private static FileDigest writeAndClose(FSDataOutputStream out, FileContent content) throws IOException {
        FileDigest digest;
        try {
            digest = FileDigest.ofWriting(content, out);
            if (out.hasCapability(StreamCapabilities.HSYNC)) {
                out.hsync();
            }
        } catch (IOException | RuntimeException | Error failure) {
            try {
                out.close();
            } catch (IOException e) {
                if (e != failure) {
                    failure.addSuppressed(e);
                }
            }
            throw failure;
        }
        out.close();
        return digest;
    }

    /**
     * Hadoop starts a process to set the rights of each new local file and directory, and looks whether there is a file
     * before it creates one, so that two processes may both find none.
     */
    private static FileDigest writeLocally(java.nio.file.Path file, FileContent content, boolean replace)
            throws IOException {
        Files.createDirectories(file.getParent());
        try (FileChannel channel = replace
                        ? FileChannel.open(file, WRITE, CREATE, TRUNCATE_EXISTING)
                        : FileChannel.open(file, WRITE, CREATE_NEW);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
            FileDigest digest = FileDigest.ofWriting(content, out);
            channel.force(true);
            return digest;
        }
    }

    /** Writes a small file if there is none of this path, in one indivisible step where the file system can; else false. */
    boolean create(String path, byte[] bytes) throws IOException {
        FileSystem fileSystem = fileSystem(path);
        if (fileSystem instanceof RawLocalFileSystem local) {
            return createLocally(local.pathToFile(new Path(path)).toPath(), bytes);
        }
        FSDataOutputStream out;
        try {
            out = fileSystem.create(new Path(path), false);
        } catch (IOException e) {
            if (exists(path)) {
                return false;
            }
            throw e;
        }
        try {
            writeAndClose(out, stream -> stream.write(bytes));
        } catch (IOException e) {
            delete(path); // ours, and of no use
            throw e;
        }
        return true;
    }

    /** The file gets its name once it is filled: a process that is killed in between leaves none of that name. */
    private static boolean createLocally(java.nio.file.Path file, byte[] bytes) throws IOException {
        java.nio.file.Path filled = file.resolveSibling(file.getFileName() + ".new-" + UUID.randomUUID());
        try {
            writeLocally(filled, out -> out.write(bytes), false);
            Failpoint.reach("lock-filled", 0);
            try {
                Files.createLink(file, filled);
            } catch (UnsupportedOperationException | FileSystemException e) {
                if (e instanceof FileAlreadyExistsException) {
                    throw e;
                }
                writeLocally(file, out -> out.write(bytes), false); // a disk without links
            }
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(filled);
        }
    }

    /** Moves a file to a name that is free; false if it is not there to be moved. */
    boolean rename(String from, String to) throws IOException {
        try {
            return fileSystem(from).rename(new Path(from), new Path(to));
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /** When a file was last written, in milliseconds of the clock of its storage. */
    long modified(String path) throws IOException {
        return fileSystem(path).getFileStatus(new Path(path)).getModificationTime();
    }

    /** Makes a file look as if it had been written then; does nothing on storage that cannot. */
    void setModified(String path, long millis) throws IOException {
        fileSystem(path).setTimes(new Path(path), millis, -1);
    }

    void makeDirectory(String path) throws IOException {
        FileSystem fileSystem = fileSystem(path);
        if (fileSystem instanceof RawLocalFileSystem local) {
            Files.createDirectories(local.pathToFile(new Path(path)).toPath());
        } else if (!fileSystem.mkdirs(new Path(path))) {
            throw new IOException("the directory could not be made");
        }
    }

    void delete(String path) throws IOException {
        fileSystem(path).delete(new Path(path), true);
    }

    /** Names of what a directory holds, sorted; none if there is no such directory. */
    List<String> names(String directory) throws IOException {
        try {
            return Arrays.stream(fileSystem(directory).listStatus(new Path(directory)))
                    .map(status -> status.getPath().getName())
                    .sorted()
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /** Local files without Hadoop's files of checksums beside them: ours are in the manifests, those of data in the model. */
    private FileSystem fileSystem(String path) throws IOException {
        FileSystem found = new Path(path).getFileSystem(configuration.value());
        return found instanceof LocalFileSystem local ? local.getRaw() : found;
    }
}
