package io.treegrad.data;

import io.treegrad.common.Printable;
import java.util.List;

/**
 * How the rows of files were read. A model records it, so that its users read other files in the same way.
 *
 * @param label of a table; none for other formats, which store labels separately
 * @param labelName name of the label in the header; empty without a header, and for one-hot columns
 * @param dropped columns of a table that were left out: names, or numbers from 1 where there are none
 * @param weight column of a table that says how many rows each row counts as: its name, or its number from 1 where there
 *     are none; empty if there is no such column
 * @param transposed whether lines and columns of pictures were exchanged
 * @param features names of the columns of values of a table, in the order of the inputs; empty without a header
 */
public record DataReading(
        DataFormat format,
        TableLabel label,
        String labelName,
        List<String> dropped,
        String weight,
        boolean transposed,
        List<String> features) {
    public DataReading {
        dropped = List.copyOf(dropped);
        features = List.copyOf(features);
    }

    /** For a table of which all columns were used. */
    public DataReading(DataFormat format, TableLabel label, String labelName) {
        this(format, label, labelName, List.of(), "", false, List.of());
    }

    /** For a format without a choice of the label. */
    public static DataReading of(DataFormat format) {
        return new DataReading(format, TableLabel.NONE, "");
    }

    /** As in {@code the first column "label"}. */
    public String labelWords() {
        return label.words() + (labelName.isEmpty() ? "" : " " + Printable.quoted(labelName));
    }
}
