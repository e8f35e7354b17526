package io.treegrad.formats;

import io.treegrad.data.ByteRows;
import io.treegrad.data.ByteRowsBuilder;
import io.treegrad.data.DataReading;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rows of a Parquet file. Only the groups of rows that have wanted ones are read, and of them only the columns of values
 * and of the label.
 *
 * @param groups rows of each group
 * @param rows of all groups
 */
record ParquetSource(String path, ParquetColumns columns, List<Integer> groups, long rows, Shape shape, Classes known)
        implements RowSource {
    @Override
    public boolean ofBytes() {
        return columns.kind() == ParquetColumns.Kind.PICTURE
                && known.fitBytes()
                && !columns.columns().hasWeights();
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        int count = Math.toIntExact(wanted.size());
        float[] values = InputFile.values(path, count, features());
        float[] targets = new float[count];
        float[] weights = columns.columns().hasWeights() ? new float[count] : null;
        forEachGroup(wanted, storage, (file, group, here, at) -> {
            columns.readTargets(file, group, here, known, targets, at);
            if (weights != null) {
                columns.readWeights(file, group, here, weights, at);
            }
            new ParquetRows(file, columns, group).read(here, values, at * features());
        });
        return ofBytes() ? bytes(values, targets) : new FloatRows(features(), values, targets, weights);
    }

    private ByteRows bytes(float[] values, float[] labels) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) values[i];
        }
        byte[] narrow = new byte[labels.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (byte) (int) labels[i];
        }
        return ByteRowsBuilder.rowsOf(features(), bytes, narrow);
    }

    @Override
    public String[] ids(RowSet wanted, Storage storage) throws IOException {
        if (columns.columns().id() < 0) {
            return RowSource.super.ids(wanted, storage);
        }
        String[] ids = new String[Math.toIntExact(wanted.size())];
        Arrays.fill(ids, ""); // where it is null
        forEachGroup(wanted, storage, (file, group, here, at) -> columns.readIds(file, group, here, ids, at));
        return ids;
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        float[] targets = new float[Math.toIntExact(rows)];
        forEachGroup(
                RowSet.range(0, rows),
                storage,
                (file, group, all, first) -> columns.readTargets(file, group, all, known, targets, first));
        int[] labels = new int[targets.length];
        for (int row = 0; row < labels.length && classes() > 0; row++) {
            labels[row] = (int) targets[row];
        }
        return labels;
    }

    /** Reads some rows of a group. */
    private interface GroupReader {
        /**
         * @param here which rows of the group
         * @param at which of the wanted rows the first of them is
         */
        void read(ParquetFile file, int group, RowSet here, int at) throws IOException;
    }

    private void forEachGroup(RowSet wanted, Storage storage, GroupReader reader) throws IOException {
        try (ParquetFile file = open(storage)) {
            long first = 0;
            for (int group = 0; group < groups.size(); first += groups.get(group), group++) {
                RowSet here = wanted.within(first, first + groups.get(group));
                if (here.size() > 0) {
                    reader.read(file, group, here, (int) wanted.below(first));
                }
            }
        }
    }

    private ParquetFile open(Storage storage) throws IOException {
        ParquetFile file = new ParquetFile(storage, path);
        try {
            boolean isSame = file.groups() == groups.size();
            for (int group = 0; isSame && group < groups.size(); group++) {
                isSame = file.rows(group) == groups.get(group);
            }
            if (!isSame) {
                throw file.bad("other groups of rows", "those that it had when it was first opened");
            }
            return file;
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    @Override
    public int classes() {
        return known.count();
    }

    @Override
    public List<String> classNames() {
        return known.names();
    }

    @Override
    public List<String> paths() {
        return List.of(path);
    }

    @Override
    public Optional<DataReading> reading() {
        return Optional.of(columns.reading());
    }

    @Override
    public String describe() {
        return path + " (" + rows + " rows of " + shape + ")";
    }
}
