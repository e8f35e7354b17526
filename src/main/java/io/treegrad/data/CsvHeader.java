package io.treegrad.data;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The first line of a CSV file, and what it says about the label. A file without a header says nothing.
 *
 * @param place of the line, for messages
 * @param columns of the file
 * @param names of the columns; empty if the line is a row
 */
record CsvHeader(String place, int columns, List<String> names) {
    /** What people call the column with the classes. */
    private static final Set<String> LABEL_NAMES = Set.of("label", "class", "target", "y");

    private static final Pattern MISSING = Pattern.compile("nan|na|null|none|inf|infinity");
    /** Fewer may well be a row of values. */
    private static final int FEWEST_RUNNING_NUMBERS = 4;

    private static final int MOST_SHOWN = 4;

    /** @param fields of the line, without blanks and quotation marks */
    static CsvHeader of(String place, List<String> fields) {
        boolean header = fields.stream().anyMatch(CsvHeader::isName) || areRunningNumbers(fields);
        return new CsvHeader(place, fields.size(), header ? fields : List.of());
    }

    /**
     * Whether it begins with a letter or an underscore, and is not a word for a missing number. So a broken first row
     * is an error and not a header.
     */
    private static boolean isName(String field) {
        String name = plain(field);
        return !name.isEmpty()
                && (Character.isLetter(name.codePointAt(0)) || name.charAt(0) == '_')
                && !MISSING.matcher(name).matches();
    }

    /** {@code 0,1,2,3,...}, as pandas names columns that have no names. */
    private static boolean areRunningNumbers(List<String> fields) {
        return fields.size() >= FEWEST_RUNNING_NUMBERS
                && IntStream.range(0, fields.size())
                        .allMatch(column -> fields.get(column).equals(Integer.toString(column)));
    }

    /** Whether the line is a header and not a row. */
    boolean isPresent() {
        return !names.isEmpty();
    }

    /**
     * The label in the place that the user specified.
     *
     * @throws UserError BAD_CONFIGURATION if other columns have label names, and none of the specified ones has
     */
    CsvLabel specified(CsvLabel label) {
        List<Integer> named = namedAsLabels();
        boolean agrees = named.isEmpty() || named.stream().anyMatch(column -> isWithin(label, column));
        // without a label all columns must be values; the model checks their number
        if (agrees || label.columns() == 0) {
            return label;
        }
        throw new UserError(
                UserError.Kind.BAD_CONFIGURATION,
                "%s: label is set to %s, which is %s, expected %s as the header says. Set label to auto to follow the header, or change the name in the header if it means something else."
                        .formatted(
                                place,
                                label.text(),
                                label.columns() == 1 ? words(label.firstIn(columns)) : label.words(),
                                words(named)));
    }

    /**
     * The label in the place that the header names, otherwise {@code otherwise}.
     *
     * @throws UserError BAD_CONFIGURATION if several columns have label names
     */
    CsvLabel named(CsvLabel otherwise) {
        List<Integer> named = namedAsLabels();
        if (named.size() > 1) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "%s: %d columns have label names, %s, expected one. Say which it is: set label to first or last, or change the other names in the header."
                            .formatted(place, named.size(), words(named)));
        }
        return named.isEmpty() ? otherwise : CsvLabel.column(named.get(0), columns);
    }

    /**
     * The label as in a file that was read before: in the column with the same name, otherwise in the one that the
     * header names, otherwise in the same place.
     *
     * @throws UserError BAD_CONFIGURATION if several columns have label names, and none is in that place
     */
    CsvLabel like(DataReading other) {
        String sought = plain(other.labelName());
        List<Integer> same =
                sought.isEmpty() ? List.of() : columnsWhere(name -> plain(name).equals(sought));
        if (same.size() == 1) {
            return CsvLabel.column(same.get(0), columns);
        }
        boolean inPlace = namedAsLabels().stream().anyMatch(column -> isWithin(other.label(), column));
        return inPlace ? other.label() : named(other.label());
    }

    private boolean isWithin(CsvLabel label, int column) {
        int first = label.firstIn(columns);
        return column >= first && column < first + label.columns();
    }

    /** The name of the label; empty if it is not a single column, or has no name. */
    String nameOf(CsvLabel label) {
        return isPresent() && label.columns() == 1 ? names.get(label.firstIn(columns)) : "";
    }

    private List<Integer> namedAsLabels() {
        return columnsWhere(name -> LABEL_NAMES.contains(plain(name)));
    }

    private List<Integer> columnsWhere(Predicate<String> name) {
        return IntStream.range(0, names.size())
                .filter(column -> name.test(names.get(column)))
                .boxed()
                .toList();
    }

    /**
     * In lower case, without blanks, single quotation marks, and the comment sign that NumPy writes before a header.
     */
    private static String plain(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && isAroundNames(name.charAt(from))) {
            from++;
        }
        while (from < to && isAroundNames(name.charAt(to - 1))) {
            to--;
        }
        return name.substring(from, to).toLowerCase(Locale.ROOT);
    }

    private static boolean isAroundNames(char c) {
        return Character.isWhitespace(c) || c == '\'' || c == '#';
    }

    private String words(List<Integer> columns) {
        return columns.stream().limit(MOST_SHOWN).map(this::words).collect(Collectors.joining(", "));
    }

    private String words(int column) {
        return "column " + (column + 1) + " " + Printable.quoted(names.get(column));
    }
}
