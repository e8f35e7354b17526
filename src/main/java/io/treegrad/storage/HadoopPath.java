package io.treegrad.storage;

import static org.apache.hadoop.fs.Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;

import io.treegrad.common.Failpoint;
import io.treegrad.model.FileContent;
import io.treegrad.model.FileDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** A path on HDFS, on an object store, or on any other file system of Hadoop. */
record HadoopPath(FileSystem fileSystem, Path path) implements StoragePath {
    @Override
    public InputStream open() throws IOException {
        return new SeekingStream(fileSystem, path);
    }

    @Override
    public long length() throws IOException {
        return fileSystem.getFileStatus(path).getLen();
    }

    @Override
    public long modified() throws IOException {
        return fileSystem.getFileStatus(path).getModificationTime();
    }

    @Override
    public void setModified(long millis) throws IOException {
        fileSystem.setTimes(path, millis, -1);
    }

    @Override
    public boolean isFile() throws IOException {
        try {
            return fileSystem.getFileStatus(path).isFile();
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    @Override
    public FileDigest write(FileContent content) throws IOException {
        return writeAndClose(fileSystem.create(path, false), content);
    }

    /**
     * HDFS renames a complete file over the old one in one step. Object stores cannot rename, but most show an object
     * only when it is complete.
     */
    @Override
    public void replace(FileContent content, Runnable lastLook) throws IOException {
        if (!(unwrapped(fileSystem) instanceof DistributedFileSystem)) {
            lastLook.run();
            writeAndClose(fileSystem.create(path, true), content);
            return;
        }
        HadoopPath complete =
                new HadoopPath(fileSystem, new Path(path.getParent(), path.getName() + ".new-" + UUID.randomUUID()));
        try {
            complete.write(content);
            Failpoint.reach("replacement-filled", 0);
            lastLook.run();
            new Renaming(fileSystem).over(complete.path, path);
        } catch (IOException | RuntimeException e) {
            complete.removeAfter(e);
            throw e;
        }
    }

    /** A failure to remove it is added to what made that necessary. */
    private void removeAfter(Exception failure) {
        try {
            delete();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static FileSystem unwrapped(FileSystem fileSystem) {
        return fileSystem instanceof FilterFileSystem filter ? unwrapped(filter.getRawFileSystem()) : fileSystem;
    }

    /** Makes the rename that replaces public, which it is only in the class of HDFS itself, not in what may wrap it. */
    private static final class Renaming extends FilterFileSystem {
        Renaming(FileSystem fileSystem) {
            super(fileSystem);
        }

        @SuppressWarnings("deprecation") // FileContext, which is meant instead, knows no wrapped file systems
        void over(Path from, Path to) throws IOException {
            rename(from, to, Options.Rename.OVERWRITE);
        }
    }

    /**
     * Without try-with-resources: an HDFS stream throws the same exception again on close, and it cannot suppress
     * itself.
     */
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

    @Override
    public boolean create(byte[] bytes) throws IOException {
        if (fileSystem.hasPathCapability(path, FS_OPTION_CREATE_CONDITIONAL_OVERWRITE)) {
            return createOnClose(bytes);
        }
        FSDataOutputStream out;
        try {
            out = fileSystem.create(path, false);
        } catch (IOException e) {
            if (isFile()) {
                return false;
            }
            throw e;
        }
        try {
            writeAndClose(out, stream -> stream.write(bytes));
        } catch (IOException e) {
            delete(); // created by us and incomplete
            throw e;
        }
        return true;
    }

    /**
     * On an object store that makes an object only if there is none (S3 and others, by S3A since Hadoop 3.4.2). It decides
     * when the stream is closed, and says no also to a second attempt whose first one came through unheard.
     */
    private boolean createOnClose(byte[] bytes) throws IOException {
        FSDataOutputStreamBuilder<?, ?> file = fileSystem.createFile(path);
        file.overwrite(true);
        file.must(FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
        try {
            writeAndClose(file.build(), out -> out.write(bytes));
            return true;
        } catch (IOException e) {
            if (!isFile()) {
                throw e;
            }
            try (InputStream in = open()) {
                return Arrays.equals(in.readNBytes(bytes.length + 1), bytes);
            }
        }
    }

    @Override
    public boolean rename(String to) throws IOException {
        try {
            return fileSystem.rename(path, new Path(path.getParent(), to));
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    @Override
    public void makeDirectory() throws IOException {
        if (!fileSystem.mkdirs(path)) {
            throw new IOException("the directory could not be created");
        }
    }

    @Override
    public void delete() throws IOException {
        fileSystem.delete(path, true);
    }

    @Override
    public List<String> names() throws IOException {
        try {
            return Arrays.stream(fileSystem.listStatus(path))
                    .map(status -> status.getPath().getName())
                    .sorted()
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }
}
