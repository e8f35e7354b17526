package io.treegrad.data;

import java.io.Serializable;

/**
 * Which columns of a CSV file say the class of a row: one with its number, several with a single 1 among zeros (one-hot),
 * or none at all, where rows are only to be predicted.
 *
 * @param first whether they are the first columns, else the last
 * @param columns 0 for none, 1 for the number of the class, more for one-hot
 */
public record CsvLabel(boolean first, int columns) implements Serializable {
    public static final CsvLabel FIRST = new CsvLabel(true, 1);
    public static final CsvLabel LAST = new CsvLabel(false, 1);
    public static final CsvLabel NONE = new CsvLabel(false, 0);

    public CsvLabel {
        if (columns < 0) {
            throw new IllegalArgumentException("There are " + columns + " label columns, expected at least 0.");
        }
    }

    /** The last columns, one for each class. */
    public static CsvLabel oneHot(int classes) {
        return new CsvLabel(false, classes);
    }

    boolean isOneHot() {
        return columns > 1;
    }
}
