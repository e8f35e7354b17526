package io.treegrad.formats;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The first lines of a table, and what they say: the separator, whether there is a header, and a sample of the rows. That
 * of Parquet is made of the schema and as much of the first rows as the search for the columns looks at.
 *
 * @param separator of fields; a blank stands for any number of blanks
 * @param headerIsRow whether the header is the first row, and not a comment or missing
 * @param sample the first rows; may be empty
 * @param classNames of labels that are numbers from 0, as a first line of scikit-learn tells them; otherwise empty
 * @param oneHot how many of the last columns have a single 1 among zeros in each row; 0 if none have
 */
record TableHead(
        char separator,
        TableHeader header,
        boolean headerIsRow,
        List<List<String>> sample,
        List<String> classNames,
        int oneHot) {
    private static final int BYTES = 1 << 20;
    /** If the first line does not end before. */
    private static final int MOST_BYTES = 1 << 23;

    private static final int ROWS = 20;
    /** So many show whether the last columns are one-hot. */
    private static final int MOST_ROWS = 1000;
    /** Of one-hot columns; two may well be a value and a label. */
    private static final int FEWEST_CLASSES = 3;
    /** Of those that give as many numbers and columns, the first is taken. */
    private static final char[] SEPARATORS = {'\t', ';', ',', '|', ' '};

    private static final Set<String> LONE_SEPARATOR = Set.of(";", ",", "|");

    /** A first line that tells Excel how to read the others. */
    private static final Pattern SEPARATOR_FOR_EXCEL = Pattern.compile("(?i)\"?sep=[^\r\n]?\"?[\r\n]");

    static TableHead read(Storage storage, String path) throws IOException {
        int most = BYTES;
        byte[] bytes = InputFile.firstBytes(storage, path, most);
        if (bytes.length == most && endOfLastLine(bytes) == most) {
            most = MOST_BYTES; // the first line is longer
            bytes = InputFile.firstBytes(storage, path, most);
        }
        requireUtf8(path, bytes);
        int end = bytes.length < most ? bytes.length : endOfLastLine(bytes);
        String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (SEPARATOR_FOR_EXCEL.matcher(text).lookingAt()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    path + ":1: found " + text.lines().findFirst().orElse("")
                            + ", which only Excel understands, expected names of columns or a row; remove this line.");
        }
        List<CsvRecord> records = List.of();
        char separator = ',';
        long best = -1;
        for (char candidate : SEPARATORS) {
            List<CsvRecord> found = records(text, candidate, ROWS + 1);
            long score = score(found, candidate);
            if (score > best) {
                best = score;
                records = found;
                separator = candidate;
            }
        }
        if (records.isEmpty()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    path + ":1: found no rows, expected one row a line; correct the file or give another one.");
        }
        return of(path, text, separator, records);
    }

    private static TableHead of(String path, String text, char separator, List<CsvRecord> records) {
        List<List<String>> rows = new ArrayList<>();
        for (CsvRecord record : records) {
            rows.add(fields(record, separator));
        }
        String place = path + ":" + records.get(0).getStartingLineNumber();
        List<List<String>> later = List.copyOf(rows.subList(1, rows.size()));
        List<String> first = IndexColumn.hasNoName(rows.get(0), later) ? withoutName(rows.get(0)) : rows.get(0);
        if (isOfScikitLearn(first, later)) {
            TableHeader header = new TableHeader(place, later.get(0).size(), List.of());
            return new TableHead(separator, header, true, later, List.copyOf(first.subList(2, first.size())), 0);
        }
        boolean headerIsRow = first != rows.get(0) || TableHeader.isHeader(first, later);
        List<String> comment = headerIsRow ? first : lastComment(text, separator);
        boolean isNamed = headerIsRow || (comment.size() == first.size() && TableHeader.isHeader(comment, rows));
        TableHeader header = new TableHeader(place, first.size(), isNamed ? comment : List.of());
        for (int column = 0; column < header.names().size(); column++) {
            String name = header.names().get(column);
            if (!CsvField.isUtf8(name)) {
                throw CsvField.notUtf8(place, name, column);
            }
        }
        List<List<String>> sample = headerIsRow ? later : List.copyOf(rows);
        int oneHot = mayBeOneHot(sample) ? oneHot(records(text, separator, MOST_ROWS), separator, headerIsRow) : 0;
        return new TableHead(separator, header, headerIsRow, sample, List.of(), oneHot);
    }

    /** A header of R, with nothing over the names of the rows. */
    private static List<String> withoutName(List<String> header) {
        List<String> names = new ArrayList<>(header);
        names.add(0, "");
        return names;
    }

    /** {@code 150,4,setosa,versicolor,virginica}: numbers of rows and of values, and the names of the classes 0, 1, 2. */
    private static boolean isOfScikitLearn(List<String> first, List<List<String>> rows) {
        int names = first.size() - 2;
        return names >= 2
                && !rows.isEmpty()
                && first.get(0).matches("[0-9]+")
                && first.get(1).equals(Integer.toString(rows.get(0).size() - 1))
                && first.stream().skip(2).allMatch(CsvField::isName)
                && rows.stream().allMatch(row -> {
                    String label = row.get(row.size() - 1);
                    return label.matches("[0-9]{1,5}") && Integer.parseInt(label) < names;
                });
    }

    private static boolean mayBeOneHot(List<List<String>> rows) {
        return !rows.isEmpty()
                && rows.stream().allMatch(row -> isZeroOrOne(row.get(row.size() - 1)))
                && rows.get(0).size() > FEWEST_CLASSES;
    }

    /** How many of the last columns have a single 1 among zeros in each row, and all of them in some row. */
    private static int oneHot(List<CsvRecord> records, char separator, boolean headerIsRow) {
        List<List<String>> rows = records.stream()
                .skip(headerIsRow ? 1 : 0)
                .map(record -> fields(record, separator))
                .toList();
        int width = rows.get(0).size();
        int[] ones = new int[rows.size()];
        for (int count = 1; count < width; count++) {
            int column = width - count;
            boolean anyOne = false;
            boolean isOnlyOne = true;
            boolean allHaveOne = true;
            for (int i = 0; i < ones.length; i++) {
                List<String> row = rows.get(i);
                if (row.size() != width || !isZeroOrOne(row.get(column))) {
                    return 0;
                }
                boolean isOne = CsvField.value(row.get(column)) == 1;
                ones[i] += isOne ? 1 : 0;
                anyOne |= isOne;
                isOnlyOne &= ones[i] <= 1;
                allHaveOne &= ones[i] == 1;
            }
            if (!anyOne || !isOnlyOne) {
                return 0;
            }
            if (allHaveOne) {
                return count >= FEWEST_CLASSES ? count : 0;
            }
        }
        return 0;
    }

    private static boolean isZeroOrOne(String field) {
        float number = CsvField.value(field);
        return number == 0 || number == 1;
    }

    /** Whether there are rows in the sample, and all have such a field in a column. */
    boolean all(int column, Predicate<String> kind) {
        return !sample.isEmpty() && sample.stream().allMatch(row -> column < row.size() && kind.test(row.get(column)));
    }

    /** Whether a column has text in the first row, and no value in any. */
    boolean isText(int column) {
        return all(column, field -> CsvField.isMissing(field) || CsvField.isText(field))
                && CsvField.isText(sample.get(0).get(column));
    }

    /** Fields of the last comment before the first row; empty if there is none. */
    private static List<String> lastComment(String text, char separator) {
        List<String> comment = List.of();
        for (String line : text.lines().limit(ROWS).toList()) {
            if (line.startsWith("#")) {
                List<CsvRecord> records = records(line.substring(1), separator, 1);
                comment = records.isEmpty() ? List.of() : fields(records.get(0), separator);
            } else if (!line.isBlank()) {
                break;
            }
        }
        return comment;
    }

    private static List<CsvRecord> records(String text, char separator, int most) {
        List<CsvRecord> records = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(separator)
                .commentStrategy(CommentStrategy.SKIP)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowExtraCharsAfterClosingQuote(true)
                .build(
                        CsvRecordHandler.of(handler -> handler.maxFields(RowHandler.MOST_COLUMNS)),
                        new StringReader(text))) {
            for (CsvRecord record : reader) {
                boolean mayBeBlank = record.getFieldCount() == 1 || separator == ' ';
                if (!mayBeBlank || !record.getFields().stream().allMatch(String::isBlank)) {
                    records.add(record);
                }
                if (records.size() == most) {
                    break;
                }
            }
        } catch (CsvParseException | IOException endsWithinQuotes) {
            return records;
        }
        return records;
    }

    private static List<String> fields(CsvRecord record, char separator) {
        List<String> fields = new ArrayList<>();
        for (String field : record.getFields()) {
            if (separator != ' ' || !field.isEmpty()) {
                fields.add(unquoted(field.strip()));
            }
        }
        return fields;
    }

    private static String unquoted(String field) {
        boolean quoted = field.length() >= 2 && field.startsWith("\"") && field.endsWith("\"");
        return quoted ? field.substring(1, field.length() - 1) : field;
    }

    /** Numbers count more than columns; -1 for a separator that does not occur. */
    private static long score(List<CsvRecord> records, char separator) {
        long numbers = 0;
        long columns = 0;
        for (CsvRecord record : records) {
            List<String> fields = fields(record, separator);
            if (separator == ' ' && fields.stream().anyMatch(LONE_SEPARATOR::contains)) {
                return -1; // the blanks stand around another separator
            }
            columns += fields.size();
            numbers += fields.stream().filter(CsvField::isNumber).count();
        }
        if (records.isEmpty() || columns == records.size()) {
            return separator == ',' ? 0 : -1; // a single column is a table of one column, separated by commas
        }
        return numbers * BYTES + columns;
    }

    private static int endOfLastLine(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n' && bytes[end - 1] != '\r') {
            end--;
        }
        return end == 0 ? bytes.length : end;
    }

    private static void requireUtf8(String path, byte[] bytes) {
        boolean marked = bytes.length >= 2
                && ((bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)
                        || (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF));
        boolean zeros = bytes.length >= 2 && (bytes[0] == 0 || bytes[1] == 0);
        if (marked || zeros) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    path
                            + ": found text in UTF-16, expected UTF-8; convert it, for example by iconv -f UTF-16 -t UTF-8.");
        }
    }
}
