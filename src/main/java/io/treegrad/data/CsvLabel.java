package io.treegrad.data;

import java.io.Serializable;
import java.util.Optional;

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

    /** Spelt {@code first}, {@code last}, {@code none} or {@code one-hot:N}; empty if it is spelt otherwise. */
    public static Optional<CsvLabel> parse(String text) {
        return switch (text) {
            case "first" -> Optional.of(FIRST);
            case "last" -> Optional.of(LAST);
            case "none" -> Optional.of(NONE);
            default ->
                text.matches("one-hot:([2-9]|[1-9][0-9]{1,4})")
                        ? Optional.of(oneHot(Integer.parseInt(text.substring("one-hot:".length()))))
                        : Optional.empty();
        };
    }

    /** The last columns, one for each class. */
    public static CsvLabel oneHot(int classes) {
        return new CsvLabel(false, classes);
    }

    boolean isOneHot() {
        return columns > 1;
    }
}
