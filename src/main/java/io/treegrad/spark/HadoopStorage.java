package io.treegrad.spark;

import io.treegrad.data.Storage;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
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
        try (FSDataOutputStream out = create(fileSystem(path), new Path(path), replace)) {
            FileDigest digest = FileDigest.ofWriting(content, out);
            if (out.hasCapability(StreamCapabilities.HSYNC)) {
                out.hsync();
            }
            return digest;
        }
    }

    /** On local disks without checksum files, which ours make superfluous, and without the process that sets rights. */
    private static FSDataOutputStream create(FileSystem fileSystem, Path path, boolean replace) throws IOException {
        if (fileSystem instanceof LocalFileSystem local) {
            FileSystem raw = local.getRawFileSystem();
            return raw.create(path, replace, BUFFER_BYTES, (short) 1, raw.getDefaultBlockSize(path), null);
        }
        return fileSystem.create(path, replace);
    }

    /** Writes a small file if there is none of this path, in one indivisible step where the file system can; else false. */
    boolean create(String path, byte[] bytes) throws IOException {
        FileSystem fileSystem = fileSystem(path);
        if (fileSystem.getUri().getScheme().equals("file")) {
            // Hadoop's local file system first looks and then creates: two processes may both find nothing
            File file =
                    new File(fileSystem.makeQualified(new Path(path)).toUri().getPath());
            makeDirectory(new Path(path).getParent().toString());
            try {
                Files.createFile(file.toPath());
            } catch (FileAlreadyExistsException e) {
                return false;
            }
            write(path, out -> out.write(bytes), true);
            return true;
        }
        FSDataOutputStream out;
        try {
            out = create(fileSystem, new Path(path), false);
        } catch (IOException e) {
            if (exists(path)) {
                return false;
            }
            throw e;
        }
        try (out) {
            out.write(bytes);
        } catch (IOException e) {
            delete(path); // ours, and of no use
            throw e;
        }
        return true;
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

    void makeDirectory(String path) throws IOException {
        if (!fileSystem(path).mkdirs(new Path(path))) {
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

    private FileSystem fileSystem(String path) throws IOException {
        return new Path(path).getFileSystem(configuration.value());
    }
}
