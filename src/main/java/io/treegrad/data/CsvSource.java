package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Rows of numbers in a CSV file ({@link CsvFile} defines the format), with the class of each in one column or in
 * one-hot columns.
 *
 * <p>{@link #open} reads the whole file once, to count rows and classes and to check every label and the number of
 * columns. {@link #read} parses only the wanted rows, and stops after the last of them. It needs memory for one line
 * and the rows that it returns.
 *
 * @param label where the label is
 * @param labelName its name in the header; empty without a header, and for one-hot columns
 * @param header whether the first line holds names; detected by content
 * @param rows lines that are neither blank nor the header
 * @param shape of one row, without the label
 * @param classes one more than the largest label of the file, or the number of one-hot columns; 1 without labels
 */
public record CsvSource(
        String path, CsvLabel label, String labelName, boolean header, long rows, Shape shape, int classes)
        implements RowSource {
    /** A larger label is a value from the wrong column. */
    private static final int LARGEST_LABEL = 65_535;

    /**
     * With the label in the place that the user specified. The rows are not pictures.
     *
     * @throws UserError BAD_CONFIGURATION if the header names another column as the label
     */
    public static CsvSource open(Storage storage, String path, CsvLabel specified) throws IOException {
        return open(storage, path, header -> header.specified(specified));
    }

    /**
     * With the label in the column that the header names label, class, target or y, otherwise in the last. The rows are
     * not pictures.
     *
     * @throws UserError BAD_CONFIGURATION if the header names several such columns
     */
    public static CsvSource openByHeader(Storage storage, String path) throws IOException {
        return open(storage, path, header -> header.named(CsvLabel.LAST));
    }

    /**
     * Like another file: with the label in the column of the same name, otherwise in the one that the header names
     * label, class, target or y, otherwise in the same place. The rows are not pictures.
     *
     * @param other of a CSV file
     * @throws UserError BAD_CONFIGURATION if the header names several such columns, and none in the same place
     */
    public static CsvSource openLike(Storage storage, String path, DataReading other) throws IOException {
        return open(storage, path, header -> header.like(other));
    }

    private static CsvSource open(Storage storage, String path, Function<CsvHeader, CsvLabel> place)
            throws IOException {
        try (CsvFile file = CsvFile.open(storage, path)) {
            if (!file.nextLine()) {
                throw file.bad("no rows", "one row a line");
            }
            CsvHeader header = CsvHeader.of(file.place(), file.fields());
            int columns = header.columns();
            CsvLabel label = place.apply(header);
            if (columns <= label.columns() || columns <= label.firstIn(columns)) {
                throw file.bad(
                        columns + " columns",
                        "values and "
                                + (label.columns() > 1 ? label.columns() + " labels" : "1 label")
                                + (label.first() > 0 ? " in " + label.words() : "")
                                + ", separated by commas");
            }
            long rows = 0;
            int largest = 0;
            for (boolean more = !header.isPresent() || file.nextLine(); more; more = file.nextLine()) {
                requireColumns(file, columns);
                largest = Math.max(largest, labelOf(file, columns, label));
                rows++;
                if (rows > Integer.MAX_VALUE - 8) {
                    throw file.bad("more than " + (rows - 1) + " rows", "at most as many");
                }
            }
            if (rows == 0) {
                throw file.bad("nothing after the header", "one row a line");
            }
            int classes = label.isOneHot() ? label.columns() : largest + 1;
            Shape shape = new Shape(1, columns - label.columns());
            return new CsvSource(path, label, header.nameOf(label), header.isPresent(), rows, shape, classes);
        }
    }

    /** The same rows as pictures. */
    public CsvSource shaped(Shape pictures) {
        if (pictures.features() != features()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    path + ": the rows have " + shape + ", expected " + pictures + "; give another file.");
        }
        return new CsvSource(path, label, labelName, header, rows, pictures, classes);
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        int features = features();
        int count = Math.toIntExact(wanted.size());
        if ((long) count * features > Integer.MAX_VALUE - 8) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            path + ": " + count + " rows of " + features
                                    + " values are wanted at once, expected at most " + (Integer.MAX_VALUE - 8)
                                    + " values; use more partitions.")
                    .fixedBy("partitions");
        }
        float[] values = new float[count * features];
        int[] labels = new int[count];
        try (CsvFile file = openAtFirstRow(storage)) {
            long row = -1;
            for (int i = 0; i < count; i++) {
                for (; row < wanted.at(i); row++) {
                    requireLine(file, row + 1);
                }
                requireColumns(file, features + label.columns());
                labels[i] = readRow(file, values, i * features);
            }
            if (row == rows - 1 && file.nextLine()) {
                throw file.bad("one more row", rows + " rows as when it was first opened");
            }
        }
        return new FloatRows(features, values, labels);
    }

    private int readRow(CsvFile file, float[] values, int at) {
        int before = label.firstIn(features() + label.columns());
        readValues(file, values, at, before);
        int found = label.columns() > 0 ? labelHere(file) : 0;
        readValues(file, values, at + before, features() - before);
        return found;
    }

    private static void readValues(CsvFile file, float[] values, int at, int count) {
        for (int i = 0; i < count; i++) {
            file.nextField();
            values[at + i] = file.number();
        }
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        int[] labels = new int[Math.toIntExact(rows)];
        try (CsvFile file = openAtFirstRow(storage)) {
            for (int row = 0; row < labels.length; row++) {
                requireLine(file, row);
                requireColumns(file, features() + label.columns());
                labels[row] = labelOf(file, features() + label.columns(), label);
                requireClass(file, labels[row]);
            }
        }
        return labels;
    }

    private CsvFile openAtFirstRow(Storage storage) throws IOException {
        CsvFile file = CsvFile.open(storage, path);
        try {
            if (header) {
                file.nextLine();
            }
            return file;
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private void requireLine(CsvFile file, long row) throws IOException {
        if (!file.nextLine()) {
            throw file.bad("the end after " + row + " rows", rows + " rows as when it was first opened");
        }
    }

    private static void requireColumns(CsvFile file, int columns) {
        if (file.columns() != columns) {
            throw file.bad(file.columns() + " columns", columns + " as in the first line");
        }
    }

    private int labelHere(CsvFile file) {
        int found = readLabel(file, label);
        requireClass(file, found);
        return found;
    }

    private void requireClass(CsvFile file, int found) {
        if (found >= classes) {
            throw file.bad("label " + found, "0 to " + (classes - 1) + " as when it was first opened");
        }
    }

    /** The label of a line with this number of columns. Does not parse its values. */
    private static int labelOf(CsvFile file, int columns, CsvLabel label) {
        if (label.columns() == 0) {
            return 0;
        }
        for (int before = label.firstIn(columns); before > 0; before--) {
            file.nextField();
        }
        return readLabel(file, label);
    }

    /** Reads the columns of the label; the first of them comes next. */
    private static int readLabel(CsvFile file, CsvLabel label) {
        if (!label.isOneHot()) {
            file.nextField();
            float number = file.number();
            if (number != (int) number || number < 0 || number > LARGEST_LABEL) {
                throw file.badField("a label, a whole number from 0 to " + LARGEST_LABEL)
                        .fixedBy("label");
            }
            return (int) number;
        }
        int hot = -1;
        for (int j = 0; j < label.columns(); j++) {
            file.nextField();
            float number = file.number();
            if (number != 0 && number != 1) {
                throw file.badField("0 or 1, as this is one of the " + label.columns() + " one-hot columns");
            }
            if (number == 1) {
                if (hot >= 0) {
                    throw file.badField("a single 1 in the one-hot columns, which was in number " + (hot + 1));
                }
                hot = j;
            }
        }
        if (hot < 0) {
            throw file.bad("only zeros in the " + label.columns() + " one-hot columns", "a single 1");
        }
        return hot;
    }

    @Override
    public List<String> paths() {
        return List.of(path);
    }

    @Override
    public Optional<DataReading> reading() {
        return Optional.of(new DataReading(DataFormat.CSV, label, labelName));
    }

    @Override
    public String describe() {
        return path + " (" + rows + " rows of " + shape + ")";
    }
}
