package io.treegrad.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which data is asked for.
 *
 * @param path of the user's data, as written; the title of a built-in table; empty for the others
 */
public record DataChoice(Kind kind, String path) {
    /** What the data is. The first four are spelt by their own names. */
    public enum Kind {
        /** MNIST wherever it can be had, else the synthetic digits. */
        AUTO,
        MNIST,
        /** The 8x8 digits. */
        DIGITS,
        /** Digits that the program draws itself. */
        SYNTHETIC,
        /** A table in the jar. */
        BUILT_IN,
        /** Files of the user. */
        PATH;

        /** The name in options and files. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final List<Kind> NAMED = List.of(Kind.AUTO, Kind.MNIST, Kind.DIGITS, Kind.SYNTHETIC);

    /** Every name that is no path. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(NAMED.stream().map(Kind::label).toList());
        names.addAll(BuiltInTable.titles());
        return names;
    }

    /** A name if it is one, else a path. */
    public static DataChoice parse(String text) {
        for (Kind kind : NAMED) {
            if (kind.label().equals(text)) {
                return new DataChoice(kind, "");
            }
        }
        return new DataChoice(BuiltInTable.titles().contains(text) ? Kind.BUILT_IN : Kind.PATH, text);
    }
}
