package io.treegrad.formats;

import io.treegrad.data.RowSet;
import io.treegrad.data.Shape;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;

/** Reads the values of rows of one group of an open Parquet file, column by column. */
final class ParquetRows {
    private static final int MOST_VALUES = 1 << 24;
    private static final int FIRST_ROOM = 16;

    private final ParquetFile file;
    private final ParquetColumns columns;
    private final int group;
    private final int width;

    ParquetRows(ParquetFile file, ParquetColumns columns, int group) {
        this.file = file;
        this.columns = columns;
        this.group = group;
        this.width = columns.shape().features();
    }

    /** The shape of the first row: how long its array or vector is, or how large its picture. */
    Shape firstShape() throws IOException {
        int[] length = {0};
        switch (columns.kind()) {
            case NUMBERS -> length[0] = width;
            case ARRAY -> length[0] = valuesOfFirstRow(0);
            case VECTOR -> {
                file.read(group, columns.valuesIn(file, 1), firstRow(), (row, value) -> length[0] = value.getInteger());
                if (length[0] == 0) { // a dense vector does not say its size
                    length[0] = valuesOfFirstRow(3);
                }
            }
            case PICTURE -> {
                Shape[] shape = {new Shape(1, 1)};
                file.read(
                        group,
                        columns.valuesIn(file, 0),
                        firstRow(),
                        (row, value) -> shape[0] = picture(0, value).shape());
                return shape[0];
            }
        }
        if (length[0] < 1 || length[0] > MOST_VALUES) {
            throw file.bad(length[0] + " values in the first row", "1 to " + MOST_VALUES);
        }
        return new Shape(1, length[0]);
    }

    private int valuesOfFirstRow(int column) throws IOException {
        int[] count = {0};
        file.read(group, columns.valuesIn(file, column), firstRow(), (row, value) -> count[0]++);
        return count[0];
    }

    private static RowSet firstRow() {
        return RowSet.range(0, 1);
    }

    /**
     * Reads the values of rows.
     *
     * @param wanted of the rows of the group
     * @param target takes them   [wanted × features]
     * @param at where the first value goes
     */
    void read(RowSet wanted, float[] target, int at) throws IOException {
        int[] counts = new int[(int) wanted.size()];
        switch (columns.kind()) {
            case NUMBERS -> {
                for (int j = 0; j < width; j++) {
                    int column = j;
                    file.read(group, columns.valuesIn(file, column), wanted, (i, value) -> {
                        target[at + i * width + column] = finite(wanted.at(i), value);
                        counts[i]++;
                    });
                }
            }
            case ARRAY ->
                file.read(group, columns.valuesIn(file, 0), wanted, (i, value) -> {
                    if (counts[i] == width) {
                        throw wrongWidth(wanted.at(i), "more than " + width);
                    }
                    target[at + i * width + counts[i]++] = finite(wanted.at(i), value);
                });
            case VECTOR -> readVectors(wanted, target, at, counts);
            case PICTURE ->
                file.read(group, columns.valuesIn(file, 0), wanted, (i, value) -> {
                    readPicture(wanted.at(i), value, target, at + i * width);
                    counts[i] = width;
                });
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != width) {
                throw wrongWidth(wanted.at(i), Integer.toString(counts[i]));
            }
        }
    }

    private RuntimeException wrongWidth(long row, String found) {
        return columns.kind() == ParquetColumns.Kind.NUMBERS
                ? file.bad(
                                "only " + found + " values in " + place(row),
                                width + ": a value is missing. Fill it in, remove"
                                        + " the row, or leave the column out")
                        .fixedBy("drop")
                : file.bad(found + " values in " + place(row), width + " as in the first row");
    }

    private float finite(long row, ColumnReader value) {
        float number = (float) ParquetType.number(value);
        if (!Float.isFinite(number)) {
            throw file.bad("the value " + number + " in " + place(row), "numbers within the range of float");
        }
        return number;
    }

    private void readVectors(RowSet wanted, float[] target, int first, int[] counts) throws IOException {
        boolean[] isSparse = new boolean[counts.length];
        int[] sizes = new int[counts.length];
        file.read(group, columns.valuesIn(file, 0), wanted, (i, value) -> isSparse[i] = value.getInteger() == 0);
        file.read(group, columns.valuesIn(file, 1), wanted, (i, value) -> sizes[i] = value.getInteger());
        int[] indexCounts = new int[counts.length];
        int[][] indices = new int[counts.length][];
        file.read(group, columns.valuesIn(file, 2), wanted, (i, value) -> {
            if (isSparse[i]) {
                int at = indexCounts[i]++;
                int[] held = indices[i] == null ? new int[FIRST_ROOM] : indices[i];
                indices[i] = at < held.length ? held : Arrays.copyOf(held, 2 * at);
                indices[i][at] = value.getInteger();
            }
        });
        int[] valueCounts = new int[counts.length];
        file.read(group, columns.valuesIn(file, 3), wanted, (i, value) -> {
            int at = valueCounts[i]++;
            boolean isPaired = !isSparse[i] || at < indexCounts[i];
            int index = isSparse[i] && isPaired ? indices[i][at] : at;
            if (!isPaired || index < 0 || index >= width) {
                throw file.bad(
                        "value " + (at + 1) + " of " + place(wanted.at(i)) + " at index " + index,
                        "indices from 0 to " + (width - 1));
            }
            target[first + i * width + index] = finite(wanted.at(i), value);
        });
        for (int i = 0; i < counts.length; i++) {
            counts[i] = isSparse[i] ? sizes[i] : valueCounts[i];
        }
    }

    private void readPicture(long row, ColumnReader value, float[] target, int at) {
        GreyPicture picture = picture(row, value);
        if (!picture.shape().equals(columns.shape())) {
            throw file.bad(
                    "a picture of " + picture.shape() + " in " + place(row), columns.shape() + " as in the first row");
        }
        for (int i = 0; i < width; i++) {
            target[at + i] =
                    picture.at(i / columns.shape().width(), i % columns.shape().width());
        }
    }

    private GreyPicture picture(long row, ColumnReader value) {
        try {
            return GreyPicture.read(value.getBinary().getBytes());
        } catch (IOException e) {
            throw file.bad(e.getMessage() + " in " + place(row), "PNG or JPEG");
        }
    }

    private String place(long row) {
        return file.place(group, row);
    }
}
