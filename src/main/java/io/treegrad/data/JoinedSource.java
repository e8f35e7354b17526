package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The rows of one source followed by those of another of the same shape. */
public record JoinedSource(RowSource first, RowSource second) implements RowSource {
    public JoinedSource {
        if (!first.shape().equals(second.shape())) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    second.describe() + ": the rows have " + second.shape() + ", expected " + first.shape() + " as in "
                            + first.describe() + "; use data of one shape.");
        }
    }

    @Override
    public long rows() {
        return first.rows() + second.rows();
    }

    @Override
    public Shape shape() {
        return first.shape();
    }

    @Override
    public int classes() {
        return Math.max(first.classes(), second.classes());
    }

    @Override
    public boolean ofBytes() {
        return first.ofBytes() && second.ofBytes();
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        Rows rows = readAsStored(wanted, storage);
        // what kind they are must not depend on which of them are wanted
        return ofBytes() ? rows : FloatRows.of(rows);
    }

    private Rows readAsStored(RowSet wanted, Storage storage) throws IOException {
        long inFirst = wanted.below(first.rows());
        if (inFirst == wanted.size()) {
            return first.read(wanted, storage);
        }
        RowSet ofSecond = wanted.slice(inFirst, wanted.size()).shifted(-first.rows());
        if (inFirst == 0) {
            return second.read(ofSecond, storage);
        }
        return Rows.join(first.read(wanted.slice(0, inFirst), storage), second.read(ofSecond, storage));
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        int[] head = first.labels(storage);
        int[] tail = second.labels(storage);
        int[] labels = Arrays.copyOf(head, Math.addExact(head.length, tail.length));
        System.arraycopy(tail, 0, labels, head.length, tail.length);
        return labels;
    }

    @Override
    public List<String> paths() {
        return Stream.concat(first.paths().stream(), second.paths().stream()).toList();
    }

    @Override
    public Optional<DataReading> reading() {
        return first.reading();
    }

    @Override
    public String describe() {
        return first.describe() + " and " + second.describe();
    }
}
