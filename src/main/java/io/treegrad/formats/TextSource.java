package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.BadRows;
import io.treegrad.data.DataReading;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rows of a text file ({@link DelimitedFile}). A {@link Form} says what their fields are.
 *
 * <p>{@link #survey} reads the whole file once, to count rows and to check every label. {@link #read} parses only the
 * wanted rows, and stops after the last of them. It needs memory for one field and the rows that it returns. Of a plain
 * file it reads from about the first wanted row on.
 *
 * @param separator of fields
 * @param headerIsRow whether the first row holds names
 * @param rows without the header
 * @param shape of one row, without the label
 */
public record TextSource(
        String path, char separator, boolean headerIsRow, Form form, long rows, RowIndex index, Shape shape)
        implements RowSource {
    private static final FieldConsumer SKIPPED = new FieldConsumer() {
        @Override
        public void field(int column, byte[] text, int from, int to) {}

        @Override
        public void fields(int first, int end, byte[] text, int[] bounds) {}
    };

    /** What the fields of a row are. A small value that is sent to tasks. */
    interface Form extends Serializable {
        /** A reader of the rows of a file, one after the other. */
        Row rowsOf(DelimitedFile file);

        /** None for numbers. */
        Classes classes();

        /** Whether a column says how many rows each row counts as. */
        default boolean isWeighted() {
            return false;
        }

        DataReading reading();

        /** The column that identifies a row; -1 if none was named. */
        default int id() {
            return -1;
        }
    }

    /** Receives the fields of a row. One object reads all rows of a file. */
    interface Row extends FieldConsumer {
        /**
         * Prepares for the next row.
         *
         * @param values its values go to {@code values[at .. at + features - 1]}; null if they are not wanted
         */
        void begin(float[] values, int at);

        /** The class of the row, or its number, after its last field; 0 if there are no labels. */
        float end();

        /** How many rows the row counts as, after its last field. */
        default float weight() {
            return 1;
        }
    }

    /** How many rows a file has, and where some of them begin. */
    record Survey(long rows, RowIndex index) {}

    /**
     * Reads all rows of a file.
     *
     * @param passesOverBadRows whether a row that is refused is only counted
     * @throws UserError if there is none
     */
    static Survey survey(
            Storage storage, String path, char separator, boolean headerIsRow, Form form, boolean passesOverBadRows)
            throws IOException {
        RowIndex index = new RowIndex();
        try (DelimitedFile file = DelimitedFile.open(storage, path, separator, index, 0)) {
            if (headerIsRow) {
                file.next(SKIPPED);
            }
            Row row = form.rowsOf(file);
            long rows = 0;
            for (row.begin(null, 0); file.advance(row); row.begin(null, 0)) {
                if (!passesOverBadRows) {
                    require(file, row);
                }
                file.index(index, rows);
                rows++;
                if (rows > Integer.MAX_VALUE - 8) {
                    throw file.bad("more than " + (rows - 1) + " rows", "at most as many");
                }
            }
            if (rows == 0) {
                throw file.bad(headerIsRow ? "nothing after the header" : "no rows", "one row a line");
            }
            return new Survey(rows, index);
        }
    }

    /** The same rows as pictures. */
    public TextSource shaped(Shape pictures) {
        if (pictures.features() != features()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    path + ": the rows have " + shape + ", expected " + pictures + "; give another file.");
        }
        return new TextSource(path, separator, headerIsRow, form, rows, index, pictures);
    }

    /** The class, or the number to predict, of the row just read. */
    private static float require(DelimitedFile file, Row row) {
        if (file.refusal() != null) {
            throw file.refusal();
        }
        return row.end();
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        return read(wanted, storage, new BadRows(0));
    }

    @Override
    public Rows read(RowSet wanted, Storage storage, BadRows bad) throws IOException {
        int features = features();
        int count = Math.toIntExact(wanted.size());
        float[] values = InputFile.values(path, count, features);
        float[] targets = new float[count];
        float[] weights = form.isWeighted() ? new float[count] : null;
        if (count == 0) {
            return new FloatRows(features, values, targets, weights);
        }
        int entry = index.entryFor(wanted.first());
        try (DelimitedFile file = openAt(storage, entry)) {
            Row row = form.rowsOf(file);
            long next = index.row(entry);
            for (int i = 0; i < count; i++, next++) {
                for (; next < wanted.at(i); next++) {
                    requireNext(file, next, SKIPPED);
                }
                row.begin(values, i * features);
                requireAnother(file.advance(row), file, next);
                try {
                    targets[i] = require(file, row);
                    if (weights != null) {
                        weights[i] = row.weight();
                    }
                } catch (UserError refusal) {
                    bad.add(next, refusal);
                    Arrays.fill(values, i * features, (i + 1) * features, 0);
                }
            }
            if (next == rows && file.next(SKIPPED)) {
                throw file.bad("one more row", rows + " rows as when it was first opened");
            }
        }
        return new FloatRows(features, values, targets, weights);
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        int[] labels = new int[Math.toIntExact(rows)];
        try (DelimitedFile file = openAt(storage, 0)) {
            Row row = form.rowsOf(file);
            for (int i = 0; i < labels.length; i++) {
                row.begin(null, 0);
                requireNext(file, i, row);
                float target = row.end();
                labels[i] = classes() == 0 ? 0 : (int) target;
            }
        }
        return labels;
    }

    @Override
    public String[] ids(RowSet wanted, Storage storage) throws IOException {
        if (form.id() < 0) {
            return RowSource.super.ids(wanted, storage);
        }
        String[] ids = new String[Math.toIntExact(wanted.size())];
        int entry = index.entryFor(wanted.first());
        try (DelimitedFile file = openAt(storage, entry)) {
            long next = index.row(entry);
            for (int i = 0; i < ids.length; i++, next++) {
                for (; next < wanted.at(i); next++) {
                    requireNext(file, next, SKIPPED);
                }
                int at = i;
                ids[i] = ""; // where the row is too short
                requireNext(
                        file,
                        next,
                        (column, text, from, to) ->
                                ids[at] = column == form.id() ? file.name(column, text, from, to) : ids[at]);
            }
        }
        return ids;
    }

    private DelimitedFile openAt(Storage storage, int entry) throws IOException {
        DelimitedFile file = DelimitedFile.open(storage, path, separator, index, entry);
        try {
            if (entry == 0 && headerIsRow) {
                file.next(SKIPPED);
            }
            return file;
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private void requireNext(DelimitedFile file, long row, FieldConsumer fields) throws IOException {
        requireAnother(file.next(fields), file, row);
    }

    private void requireAnother(boolean isThere, DelimitedFile file, long row) {
        if (!isThere) {
            throw file.bad("the end after " + row + " rows", rows + " rows as when it was first opened");
        }
    }

    @Override
    public int classes() {
        return form.classes().count();
    }

    @Override
    public List<String> classNames() {
        return form.classes().names();
    }

    @Override
    public List<String> paths() {
        return List.of(path);
    }

    @Override
    public Optional<DataReading> reading() {
        return Optional.of(form.reading());
    }

    @Override
    public String describe() {
        return path + " (" + rows + " rows of " + shape + ")";
    }
}
