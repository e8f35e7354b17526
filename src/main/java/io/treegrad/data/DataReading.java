package io.treegrad.data;

import io.treegrad.common.Printable;

/**
 * How the rows of a file were read: what a model has to keep, so that whoever uses it reads other files in the same way.
 *
 * @param label of CSV; none for other formats, which have a place of their own for it
 * @param labelName what the header calls the label; empty without a header, and for one-hot columns
 */
public record DataReading(DataFormat format, CsvLabel label, String labelName) {
    /** Of a format that leaves no choice. */
    public static DataReading of(DataFormat format) {
        return new DataReading(format, CsvLabel.NONE, "");
    }

    /** As in {@code the first column "label"}. */
    public String labelWords() {
        return label.words() + (labelName.isEmpty() ? "" : " " + Printable.quoted(labelName));
    }
}
