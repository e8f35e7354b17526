package io.treegrad.formats;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.DataReading;
import io.treegrad.data.TableLabel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The names of the columns of a table, from the first line of CSV or the schema of Parquet, and what they say about the
 * label and other columns. A file without a header says nothing.
 *
 * @param place of the names, for messages
 * @param columns of the file
 * @param names of the columns; empty if the first line is a row
 */
record TableHeader(String place, int columns, List<String> names) {
    /** What people call the column with the classes. */
    private static final Set<String> LABEL_NAMES = Set.of("label", "class", "target", "y");

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    /** Fewer may well be a row of values. */
    private static final int FEWEST_RUNNING_NUMBERS = 4;
    /** If they run from 1, which values do more often. */
    private static final int FEWEST_FROM_ONE = 10;
    /** A directory of a table that was written in parts by the values of a column, which then is not in the files. */
    private static final Pattern PARTITION = Pattern.compile("(?<=^|/)(([^/=]+)=[^/]*)/");

    private static final int MOST_SHOWN = 4;

    /**
     * Whether the first line of a file holds names: running numbers, a name over a column of numbers, or nothing that is a
     * number or missing over columns of numbers, as {@code 1x1,1x2}.
     *
     * @param fields of the line, without blanks and quotation marks
     * @param rows some of the next lines
     */
    static boolean isHeader(List<String> fields, List<List<String>> rows) {
        if (areRunningNumbers(fields)) {
            return true;
        }
        if (fields.stream().anyMatch(CsvField::isTruthValue)) {
            return false;
        }
        List<Integer> ofNumbers = IntStream.range(0, fields.size())
                .filter(column ->
                        rows.stream().anyMatch(row -> column < row.size() && CsvField.isNumber(row.get(column))))
                .boxed()
                .toList();
        boolean overNumbers = ofNumbers.stream().anyMatch(column -> CsvField.isName(fields.get(column)));
        boolean noValues = fields.stream().noneMatch(field -> CsvField.isNumber(field) || CsvField.isMissing(field));
        return overNumbers
                || (noValues && ofNumbers.size() > 1)
                || (ofNumbers.isEmpty() && fields.stream().allMatch(CsvField::isName));
    }

    /** {@code 0,1,2,3,...}, as pandas names columns that have no names, behind nothing if it writes an index; or from 1. */
    private static boolean areRunningNumbers(List<String> fields) {
        List<String> numbers = fields.get(0).isEmpty() ? fields.subList(1, fields.size()) : fields;
        int first = numbers.size() >= FEWEST_FROM_ONE && numbers.get(0).equals("1") ? 1 : 0;
        return numbers.size() >= FEWEST_RUNNING_NUMBERS
                && IntStream.range(0, numbers.size())
                        .allMatch(column -> numbers.get(column).equals(Integer.toString(first + column)));
    }

    /** Whether the line is a header and not a row. */
    boolean isPresent() {
        return !names.isEmpty();
    }

    /**
     * The label where the user says it is.
     *
     * @param end one more than the last column that is read
     * @throws UserError BAD_CONFIGURATION if there is no such column, or if other columns have label names and the place
     *     that the user gave in words is none of them
     */
    TableLabel specified(LabelChoice choice, int end) {
        Optional<Integer> column = column(choice.text());
        boolean isName = column.isPresent() && !choice.isWord();
        if (isName || choice.place().isEmpty()) {
            if (column.isEmpty()) {
                requireNotInDirectories(CsvField.plain(choice.text())::equals);
            }
            return TableLabel.column(column.orElseThrow(() -> unknown(choice.text(), "label")), end);
        }
        TableLabel label = choice.place().orElseThrow();
        List<Integer> named = namedAsLabels();
        boolean agrees = named.isEmpty() || named.stream().anyMatch(at -> isWithin(label, at, end));
        // without a label all columns must be values; the model checks their number
        if (agrees || label.columns() == 0 || !choice.isWord()) {
            return label;
        }
        throw new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        "%s: label is set to %s, which is %s, expected %s as the header says. Set label to auto to follow the header, or to the name or number of a column."
                                .formatted(
                                        place,
                                        label.text(),
                                        label.columns() == 1 ? words(label.firstIn(end)) : label.words(),
                                        words(named)))
                .fixedBy("label");
    }

    /** The column of a name; otherwise that of a number, from 1; empty if there is neither. */
    Optional<Integer> column(String text) {
        List<Integer> same = called(text);
        if (same.size() == 1) {
            return Optional.of(same.get(0));
        }
        boolean isNumber = WHOLE.matcher(text).matches();
        return Optional.of(isNumber ? Integer.parseInt(text) - 1 : -1).filter(at -> at >= 0 && at < columns);
    }

    /** An error about a column that does not exist, or exists twice. */
    UserError unknown(String text, String setting) {
        return new UserError(
                        UserError.Kind.BAD_CONFIGURATION,
                        "%s: %s is set to %s, expected the name of one column%s or a number from 1 to %d."
                                .formatted(
                                        place,
                                        setting,
                                        Printable.quoted(text),
                                        isPresent()
                                                ? " ("
                                                        + words(IntStream.range(0, columns)
                                                                .boxed()
                                                                .toList()) + (columns > MOST_SHOWN ? ", ..." : "") + ")"
                                                : "",
                                        columns))
                .fixedBy(setting);
    }

    /** The name of a column, or its number from 1 if it has none. */
    String nameOf(int column) {
        return isPresent() && !names.get(column).isBlank() ? names.get(column) : Integer.toString(column + 1);
    }

    /**
     * The label in the column that the header names; empty if it names none.
     *
     * @param end one more than the last column that is read
     * @throws UserError BAD_CONFIGURATION if several columns have label names; BAD_DATA if none has one, and a directory has
     */
    Optional<TableLabel> named(int end) {
        List<Integer> named = namedAsLabels();
        if (named.size() > 1) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "%s: %d columns have label names, %s, expected one. Say which it is: set label to its name or number."
                                    .formatted(place, named.size(), words(named)))
                    .fixedBy("label");
        }
        if (named.isEmpty()) {
            requireNotInDirectories(name -> LABEL_NAMES.contains(name) && !name.equals("y")); // which may be a year
        }
        return named.stream().findFirst().map(column -> TableLabel.column(column, end));
    }

    /** @throws UserError if the label has such a name, and the directory of the file says it for all its rows */
    private void requireNotInDirectories(Predicate<String> isLabel) {
        Matcher directory = PARTITION.matcher(place);
        while (directory.find()) {
            if (isLabel.test(CsvField.plain(directory.group(2)))) {
                throw new UserError(
                                UserError.Kind.BAD_DATA,
                                "%s: found the label in the name of the directory %s, expected it in a column of the files; write them without partitionBy(\"%s\"), or say which column has the labels."
                                        .formatted(place, directory.group(1), directory.group(2)))
                        .fixedBy("label");
            }
        }
    }

    /**
     * The label as in a file that was read before: in the column with the same name, otherwise in the one that the
     * header names, otherwise in the same place.
     *
     * @throws UserError BAD_CONFIGURATION if several columns have label names, and none is in that place
     */
    TableLabel like(DataReading other, int end) {
        String sought = CsvField.plain(other.labelName());
        List<Integer> same = sought.isEmpty()
                ? List.of()
                : columnsWhere(name -> CsvField.plain(name).equals(sought));
        if (same.size() == 1) {
            return TableLabel.column(same.get(0), end);
        }
        boolean inPlace = namedAsLabels().stream().anyMatch(column -> isWithin(other.label(), column, end));
        return inPlace ? other.label() : named(end).orElse(other.label());
    }

    /** Whether it has any column of these names: if it has none, it is of another origin, and names say nothing. */
    boolean sharesNames(List<String> others) {
        return CsvField.shareNames(names, others);
    }

    /**
     * The column of a name.
     *
     * @param what it is, for the message
     * @throws UserError BAD_DATA if there is none, or several
     */
    int require(String name, String what) {
        List<Integer> same = called(name);
        if (same.size() != 1) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: found %s named %s, expected one: it is %s. Correct the file or give another one."
                            .formatted(
                                    place,
                                    same.isEmpty() ? "no column" : same.size() + " columns",
                                    Printable.quoted(name),
                                    what));
        }
        return same.get(0);
    }

    /**
     * The columns of these names.
     *
     * @param what each is, for the message
     * @throws UserError BAD_DATA if one is not there, or several times
     */
    int[] requireAll(List<String> wanted, String what) {
        List<String> missing =
                wanted.stream().filter(name -> called(name).isEmpty()).toList();
        if (missing.size() > 1) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: found no columns named %s, expected one of each name: each is %s. Correct the file or give another one."
                            .formatted(place, Printable.list(missing, MOST_SHOWN), what));
        }
        return wanted.stream().mapToInt(name -> require(name, what)).toArray();
    }

    /** Whether a column is one of those of a label. */
    static boolean isWithin(TableLabel label, int column, int end) {
        int first = label.firstIn(end);
        return column >= first && column < first + label.columns();
    }

    /** The name of the label; empty if it is not a single column, or has no name. */
    String nameOf(TableLabel label, int end) {
        return isPresent() && label.columns() == 1 ? names.get(label.firstIn(end)) : "";
    }

    /** The only column of exactly this name; otherwise all of this name in any case, with blanks or without. */
    private List<Integer> called(String name) {
        List<Integer> exact = columnsWhere(name::equals);
        return exact.size() == 1
                ? exact
                : columnsWhere(other -> CsvField.plain(other).equals(CsvField.plain(name)));
    }

    private List<Integer> namedAsLabels() {
        return columnsWhere(name -> LABEL_NAMES.contains(CsvField.plain(name)));
    }

    private List<Integer> columnsWhere(Predicate<String> name) {
        return IntStream.range(0, names.size())
                .filter(column -> name.test(names.get(column)))
                .boxed()
                .toList();
    }

    private String words(List<Integer> columns) {
        return columns.stream().limit(MOST_SHOWN).map(this::words).collect(Collectors.joining(", "));
    }

    /** Number and name of a column. */
    String words(int column) {
        return words(column, isPresent() ? names.get(column) : "");
    }

    /** Number and name of a column; the number alone if the name is empty. */
    static String words(int column, String name) {
        return "column " + (column + 1) + (name.isEmpty() ? "" : " " + Printable.quoted(name));
    }
}
