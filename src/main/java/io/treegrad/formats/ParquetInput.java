package io.treegrad.formats;

import io.treegrad.data.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file as the Parquet library reads it. */
final class ParquetInput implements InputFile {
    private final Storage storage;
    private final String path;
    private final long length;
    private final List<SeekableFile> opened = new ArrayList<>();

    ParquetInput(Storage storage, String path, long length) {
        this.storage = storage;
        this.path = path;
        this.length = length;
    }

    /** What storage threw, if it failed. */
    Optional<IOException> failure() {
        return opened.stream().flatMap(file -> file.failure().stream()).findFirst();
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public SeekableInputStream newStream() {
        SeekableFile file = new SeekableFile(storage, path);
        opened.add(file);
        return new DelegatingSeekableInputStream(file) {
            @Override
            public long getPos() {
                return file.position();
            }

            @Override
            public void seek(long position) throws IOException {
                file.seek(position);
            }
        };
    }

    @Override
    public String toString() {
        return path;
    }
}
