package io.treegrad.spark;

import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import java.util.List;

/** Another source whose rows cannot be read, for a reason that cannot be serialized. */
record Unreadable(RowSource source) implements RowSource {
    private static final class Unserializable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings({"unused", "serial"}) // that it cannot be written is what it is for
        private final Thread field = Thread.currentThread();

        Unserializable() {
            super("a disk made of cheese");
        }
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) {
        throw new Unserializable();
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
    public int[] labels(Storage storage) {
        throw new Unserializable();
    }

    @Override
    public List<String> paths() {
        return List.of();
    }

    @Override
    public String describe() {
        return "rows that cannot be read";
    }
}
