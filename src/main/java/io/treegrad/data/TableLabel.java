package io.treegrad.data;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which columns of a table, CSV or Parquet, hold the class of a row: one with its number or name, several with a single 1
 * among zeros (one-hot), or none, if rows are only to be predicted. One column may also hold a number to predict. Has the
 * same meaning in files of any width.
 *
 * @param first the first of these columns, from 0; negative numbers count from the end: -1 is the last column of the
 *     file
 * @param columns 0 for none, 1 for a class or a number, more for one-hot
 */
public record TableLabel(int first, int columns) implements Serializable {
    public static final TableLabel FIRST = new TableLabel(0, 1);
    public static final TableLabel LAST = new TableLabel(-1, 1);
    public static final TableLabel NONE = new TableLabel(0, 0);

    private static final String ONE_HOT = "one-hot:";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    public TableLabel {
        if (columns < 0 || (first < 0 && first + columns > 0)) {
            throw new IllegalArgumentException("There are " + columns + " label columns from column " + first
                    + ", expected at least 0 and none after the last of the file.");
        }
    }

    /** The last columns, one for each class. */
    public static TableLabel oneHot(int classes) {
        return new TableLabel(-classes, classes);
    }

    /** One column, from 0, of a file with that many columns: {@link #FIRST} or {@link #LAST} if it is one of these. */
    public static TableLabel column(int column, int columnsOfFile) {
        return column == columnsOfFile - 1 ? LAST : new TableLabel(column, 1);
    }

    /** Parses what {@link #text} wrote; empty for any other text. */
    public static Optional<TableLabel> parse(String text) {
        return switch (text) {
            case "first" -> Optional.of(FIRST);
            case "last" -> Optional.of(LAST);
            case "none" -> Optional.of(NONE);
            default -> {
                boolean hot = text.startsWith(ONE_HOT);
                String number = hot ? text.substring(ONE_HOT.length()) : text;
                if (!NUMBER.matcher(number).matches() || number.equals("1")) {
                    yield Optional.empty();
                }
                int count = Integer.parseInt(number);
                yield Optional.of(hot ? oneHot(count) : new TableLabel(count - 1, 1));
            }
        };
    }

    /** {@code first}, {@code last}, {@code none}, {@code one-hot:N}, or the number of the column, from 1. */
    public String text() {
        if (columns == 0) {
            return "none";
        }
        if (isOneHot()) {
            return ONE_HOT + columns;
        }
        return equals(FIRST) ? "first" : equals(LAST) ? "last" : Integer.toString(first + 1);
    }

    /** As in a sentence: {@code the first column}. */
    public String words() {
        if (columns == 0) {
            return "no column";
        }
        if (isOneHot()) {
            return "the last " + columns + " columns";
        }
        return equals(FIRST) || equals(LAST) ? "the " + text() + " column" : "column " + text();
    }

    public boolean isOneHot() {
        return columns > 1;
    }

    /** The first of its columns, from 0, in a file with that many columns. */
    public int firstIn(int columnsOfFile) {
        return first < 0 ? columnsOfFile + first : first;
    }
}
