package io.treegrad.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file of a Hadoop file system that is skipped by seeking: streams of object stores download what they skip. */
final class SeekingStream extends FilterInputStream {
    private final FileSystem fileSystem;
    private final Path path;
    private final FSDataInputStream file;
    /** Known from the first skip on; a position beyond it is an error to some file systems. */
    private long length = -1;

    SeekingStream(FileSystem fileSystem, Path path) throws IOException {
        this(fileSystem, path, fileSystem.open(path));
    }

    private SeekingStream(FileSystem fileSystem, Path path, FSDataInputStream file) {
        super(file);
        this.fileSystem = fileSystem;
        this.path = path;
        this.file = file;
    }

    @Override
    public long skip(long count) throws IOException {
        if (length < 0) {
            length = fileSystem.getFileStatus(path).getLen();
        }
        long skipped = Math.max(0, Math.min(count, length - file.getPos()));
        if (skipped > 0) {
            file.seek(file.getPos() + skipped);
        }
        return skipped;
    }
}
