package io.treegrad.data;

import io.treegrad.common.Printable;

/**
 * How the rows of a file were read. A model records it, so that its users read other files in the same way.
 *
 * @param label of CSV; none for other formats, which store labels separately
 * @param labelName name of the label in the header; empty without a header, and for one-hot columns
 */
public record DataReading(DataFormat format, CsvLabel label, String labelName) {
    /** For a format without a choice of the label. */
    public static DataReading of(DataFormat format) {
        return new DataReading(format, CsvLabel.NONE, "");
    }

    /** As in {@code the first column "label"}. */
    public String labelWords() {
        return label.words() + (labelName.isEmpty() ? "" : " " + Printable.quoted(labelName));
    }
}
