package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of several sources of the same shape, one source after the other. */
public record JoinedSource(List<RowSource> parts) implements RowSource {
    private static final int MOST_DESCRIBED = 2;

    public JoinedSource {
        parts = List.copyOf(parts);
        for (RowSource part : parts) {
            if (!part.shape().equals(parts.get(0).shape())) {
                throw new UserError(
                        UserError.Kind.BAD_DATA,
                        part.describe() + ": the rows have " + part.shape() + ", expected "
                                + parts.get(0).shape() + " as in "
                                + parts.get(0).describe()
                                + "; use data of one shape.");
            }
        }
    }

    /** A single source stays what it is. */
    public static RowSource of(List<RowSource> parts) {
        return parts.size() == 1 ? parts.get(0) : new JoinedSource(parts);
    }

    @Override
    public long rows() {
        return parts.stream().mapToLong(RowSource::rows).sum();
    }

    @Override
    public Shape shape() {
        return parts.get(0).shape();
    }

    @Override
    public int classes() {
        return mostClasses().classes();
    }

    @Override
    public List<String> classNames() {
        return mostClasses().classNames();
    }

    private RowSource mostClasses() {
        RowSource most = parts.get(0);
        for (RowSource part : parts) {
            most = part.classes() > most.classes() ? part : most;
        }
        return most;
    }

    @Override
    public boolean ofBytes() {
        return parts.stream().allMatch(RowSource::ofBytes);
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        return read(wanted, storage, new BadRows(0));
    }

    @Override
    public Rows read(RowSet wanted, Storage storage, BadRows bad) throws IOException {
        List<Rows> read = new ArrayList<>();
        long first = 0;
        for (RowSource part : parts) {
            long end = first + part.rows();
            RowSet here = wanted.within(first, end);
            if (here.size() > 0 || (read.isEmpty() && end == rows())) {
                BadRows badHere = bad.remaining();
                read.add(part.read(here, storage, badHere));
                bad.addAll(badHere, first);
            }
            first = end;
        }
        Rows rows = Rows.join(read);
        // what kind they are must not depend on which of them are wanted
        return ofBytes() ? rows : FloatRows.of(rows);
    }

    @Override
    public String[] ids(RowSet wanted, Storage storage) throws IOException {
        String[] ids = new String[Math.toIntExact(wanted.size())];
        long first = 0;
        for (RowSource part : parts) {
            RowSet here = wanted.within(first, first + part.rows());
            if (here.size() > 0) {
                String[] some = part.ids(here, storage);
                System.arraycopy(some, 0, ids, (int) wanted.below(first), some.length);
            }
            first += part.rows();
        }
        return ids;
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        int[] labels = new int[Math.toIntExact(rows())];
        int at = 0;
        for (RowSource part : parts) {
            int[] some = part.labels(storage);
            System.arraycopy(some, 0, labels, at, some.length);
            at += some.length;
        }
        return labels;
    }

    @Override
    public List<String> paths() {
        return parts.stream().flatMap(part -> part.paths().stream()).toList();
    }

    @Override
    public Optional<DataReading> reading() {
        return parts.get(0).reading();
    }

    @Override
    public String describe() {
        if (parts.size() <= MOST_DESCRIBED) {
            return String.join(" and ", parts.stream().map(RowSource::describe).toList());
        }
        return parts.size() + " files from " + parts.get(0).paths() + " to "
                + parts.get(parts.size() - 1).paths() + " (" + rows() + " rows of " + shape() + ")";
    }
}
