package io.treegrad.spark;

import io.treegrad.common.UserError;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import java.util.List;

/** A source that looks like another until its rows are read. */
record BrokenRows(RowSource source, Fault fault) implements RowSource {
    enum Fault {
        /** Throws what cannot be serialized. */
        UNSERIALIZABLE,
        /** Throws what the user can fix. */
        BAD_LABEL
    }

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
        throw switch (fault) {
            case UNSERIALIZABLE -> new Unserializable();
            case BAD_LABEL -> new UserError(UserError.Kind.BAD_DATA, "a label is 11, expected 0 to 9");
        };
    }

    @Override
    public int[] labels(Storage storage) {
        throw new UnsupportedOperationException();
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
    public List<String> paths() {
        return List.of();
    }

    @Override
    public String describe() {
        return "rows that cannot be read";
    }
}
