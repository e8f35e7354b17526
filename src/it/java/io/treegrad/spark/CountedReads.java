package io.treegrad.spark;

import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Another source that leaves a line in a file each time it is read, in whatever process. */
record CountedReads(RowSource source, String file) implements RowSource {
    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        String line = ProcessHandle.current().pid() + " " + wanted + "\n";
        Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return source.read(wanted, storage);
    }

    /** What was read so far, an element a reading. */
    List<String> readings() throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .map(line -> line.split(" ", 2)[1])
                .toList();
    }

    /** A process that read rows. */
    ProcessHandle aReader() throws IOException {
        String line = Files.readAllLines(Path.of(file)).get(0);
        return ProcessHandle.of(Long.parseLong(line.split(" ", 2)[0])).orElseThrow();
    }

    @Override
    public long rows() {
        return source.rows();
    }

    @Override
    public Shape shape() {
        return source.shape();
    }

    @Override
    public int classes() {
        return source.classes();
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        return source.labels(storage);
    }

    @Override
    public List<String> paths() {
        return source.paths();
    }

    @Override
    public String describe() {
        return source.describe();
    }
}
