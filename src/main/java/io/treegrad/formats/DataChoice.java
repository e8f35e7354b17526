package io.treegrad.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which data the user asks for.
 *
 * @param path of the user's data, as written; the title of a built-in table; empty for the others
 */
public record DataChoice(Kind kind, String path) {
    /** What the data is. Users write the first four by their names. */
    public enum Kind {
        /** MNIST if it is available, otherwise the synthetic digits. */
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

    /** All names that are not paths. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(NAMED.stream().map(Kind::label).toList());
        names.addAll(BuiltInTable.titles());
        return names;
    }

    /** A name if it is one, otherwise a path. */
    public static DataChoice parse(String text) {
        for (Kind kind : NAMED) {
            if (kind.label().equals(text)) {
                return new DataChoice(kind, "");
            }
        }
        return new DataChoice(BuiltInTable.titles().contains(text) ? Kind.BUILT_IN : Kind.PATH, text);
    }
}
