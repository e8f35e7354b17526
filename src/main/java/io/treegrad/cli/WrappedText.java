package io.treegrad.cli;

import java.io.PrintStream;
import java.util.List;

/** Text for a person in lines of at most 80 columns, as far as its items allow it. */
final class WrappedText {
    static final int COLUMNS = 80;

    private WrappedText() {}

    /**
     * Prints items after a title.
     *
     * @param items which stay whole
     * @param separator between two of one line; without its blanks it also ends a line that others follow
     * @param indent of the lines after the first
     */
    static void print(PrintStream out, String title, List<String> items, String separator, int indent) {
        String end = separator.stripTrailing();
        StringBuilder line = new StringBuilder(title);
        boolean first = true;
        for (String item : items) {
            if (!first && line.length() + separator.length() + item.length() + end.length() > COLUMNS) {
                out.println(line.append(end));
                line = new StringBuilder(" ".repeat(indent));
            } else if (!first) {
                line.append(separator);
            }
            line.append(item);
            first = false;
        }
        out.println(line);
    }
}
