package io.treegrad.formats;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a field of a text table is: a number, a name, or nothing; as a text, or as bytes of the file. */
final class CsvField {
    /** What Excel writes behind # for a cell that it cannot compute. */
    private static final String ERROR_OF_EXCEL = "n/a|div/0!|ref!|value!|name[?]|num!|null!";

    private static final Pattern MISSING =
            Pattern.compile("|[?]|nan|na|null|none|\\\\n|[+-]?inf(inity)?|" + ERROR_OF_EXCEL);

    private static final Pattern STARTS_WITH_ERROR_OF_EXCEL =
            Pattern.compile("#(" + ERROR_OF_EXCEL.toUpperCase(Locale.ROOT) + ")([,;|\t].*)?");

    private static final Pattern DATE_OR_TIME =
            Pattern.compile("[0-9]{1,4}([-/.])[0-9]{1,2}\\1[0-9]{1,4}([ T].*)?|[0-9]{1,2}:[0-9]{2}(:.*)?");

    private CsvField() {}

    static boolean isNumber(String field) {
        return !Float.isNaN(CsvNumber.parse(field));
    }

    /** Whether it stands for a number that is not known, or is not finite. */
    static boolean isMissing(String field) {
        return MISSING.matcher(plain(field)).matches();
    }

    /** Whether a line that looks like a comment is a row whose first cell Excel could not compute. */
    static boolean startsWithErrorOfExcel(String line) {
        return STARTS_WITH_ERROR_OF_EXCEL.matcher(line).matches();
    }

    /** Whether it stands for a label that is not known. Many data sets have a class {@code none}; none is a number. */
    static boolean isMissingLabel(String field) {
        return isMissing(field) && !field.equals("none");
    }

    /**
     * Whether it begins with a letter or an underscore, and is not a word for a missing number. So a broken first row
     * is an error and not a header.
     */
    static boolean isName(String field) {
        String name = plain(field);
        return !name.isEmpty()
                && (Character.isLetter(name.codePointAt(0)) || name.charAt(0) == '_')
                && !MISSING.matcher(name).matches();
    }

    /** Whether it is a name, a date or a time, and so no value. */
    static boolean isText(String field) {
        return (isName(field) && !isTruthValue(field))
                || DATE_OR_TIME.matcher(field).matches();
    }

    /** Whether a name of a column is among both, as {@link #plain} has it. */
    static boolean shareNames(List<String> some, List<String> others) {
        Set<String> plain = some.stream().map(CsvField::plain).collect(Collectors.toSet());
        return others.stream().map(CsvField::plain).anyMatch(plain::contains);
    }

    /**
     * In lower case, without blanks, single quotation marks, and the comment sign that NumPy writes before a header.
     */
    static String plain(String name) {
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

    /** The number in a field, which may stand in blanks and quotation marks; NaN if it is not one. */
    static float number(byte[] text, int from, int to) {
        float value = CsvNumber.parse(text, from, to);
        if (!Float.isNaN(value) || from == to) {
            return value;
        }
        return CsvNumber.parse(text(text, from, to));
    }

    /** The number in a field of values, where {@code true} is 1 and {@code false} 0, in letters of either case. */
    static float value(byte[] text, int from, int to) {
        float number = number(text, from, to);
        return Float.isNaN(number) ? value(text(text, from, to)) : number;
    }

    static float value(String field) {
        return switch (plain(field)) {
            case "true" -> 1;
            case "false" -> 0;
            default -> CsvNumber.parse(field);
        };
    }

    /** Whether it is {@code true} or {@code false}, as pandas, Spark and R write them. */
    static boolean isTruthValue(String field) {
        return !Float.isNaN(value(field)) && !isNumber(field);
    }

    /** The text in a field, without blanks and quotation marks around it. */
    static String text(byte[] text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text[start])) {
            start++;
        }
        while (start < end && isBlank(text[end - 1])) {
            end--;
        }
        if (end - start >= 2 && text[start] == '"' && text[end - 1] == '"') {
            start++;
            end--;
        }
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }

    /** Whether bytes became this text without loss; where they were not UTF-8, they are replaced by U+FFFD. */
    static boolean isUtf8(String text) {
        return text.indexOf('\uFFFD') < 0;
    }

    static UserError notUtf8(String place, String name, int column) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                "%s: found the name %s in column %d, which is not UTF-8; convert the file, for example by iconv -f WINDOWS-1252 -t UTF-8."
                        .formatted(place, Printable.quoted(name), column + 1));
    }

    static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }
}
