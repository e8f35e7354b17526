package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;

/**
 * An open text file of numbers separated by commas, plain or gzip (detected by content). It is read line by line, in
 * the memory of one line. Lines end with LF or CRLF; a byte-order mark and blank lines are skipped; blanks and
 * quotation marks around a number are ignored. This is RFC 4180 without quoted commas and line ends, which numbers do
 * not have.
 */
final class CsvFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    /** Longer lines are refused, so that a file without line ends cannot use up the memory. */
    private static final int LONGEST_LINE = 1 << 22;

    private static final int SHOWN = 40;

    private final String path;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    /** What was read and not yet used is {@code buffer[at .. end - 1]}. */
    private int at;

    private int end;
    /** The current line is {@code line[0 .. length - 1]}. */
    private byte[] line = new byte[1 << 10];

    private int length;
    /** Counted from 1, as editors do. */
    private long lineNumber;

    /** Where the next field of the line begins; -1 when the last was taken. */
    private int next;
    /** The current field without blanks and quotation marks. */
    private int fieldFrom;

    private int fieldTo;
    private int column;

    static CsvFile open(Storage storage, String path) throws IOException {
        if (!storage.exists(path)) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    path + ": there is no such file, expected a CSV file; check the path.");
        }
        try {
            return new CsvFile(path, Gunzip.ifCompressed(storage.open(path)));
        } catch (EOFException | ZipException damage) {
            throw damaged(path, damage);
        }
    }

    private CsvFile(String path, InputStream in) {
        this.path = path;
        this.in = in;
    }

    /** Goes to the next line that is not blank; false at the end of the file. */
    boolean nextLine() throws IOException {
        while (readLine()) {
            restartLine();
            for (int i = next; i < length; i++) {
                if (!isBlank(line[i])) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean readLine() throws IOException {
        length = 0;
        lineNumber++;
        while (fill()) {
            int stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            append(stop - at);
            boolean ended = stop < end;
            at = stop + (ended ? 1 : 0);
            if (ended) {
                dropReturn();
                return true;
            }
        }
        dropReturn();
        return length > 0;
    }

    private void dropReturn() {
        length -= length > 0 && line[length - 1] == '\r' ? 1 : 0;
    }

    private void append(int count) {
        if (count > LONGEST_LINE - length) {
            throw bad("a line of more than " + LONGEST_LINE + " bytes", "one line a row");
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, Math.min(LONGEST_LINE, 2 * line.length)));
        }
        System.arraycopy(buffer, at, line, length, count);
        length += count;
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            try {
                end = Math.max(0, in.read(buffer, 0, buffer.length));
            } catch (EOFException | ZipException damage) {
                throw damaged(path, damage);
            }
        }
        return at < end;
    }

    private boolean startsWithMark() {
        return length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    /** Goes back to before the first field of the line. */
    void restartLine() {
        next = lineNumber == 1 && startsWithMark() ? 3 : 0;
        column = 0;
    }

    /** Goes to the next field of the line; false after the last. */
    boolean nextField() {
        if (next < 0) {
            return false;
        }
        int comma = next;
        while (comma < length && line[comma] != ',') {
            comma++;
        }
        fieldFrom = next;
        fieldTo = comma;
        while (fieldFrom < fieldTo && isBlank(line[fieldFrom])) {
            fieldFrom++;
        }
        while (fieldFrom < fieldTo && isBlank(line[fieldTo - 1])) {
            fieldTo--;
        }
        if (fieldTo - fieldFrom >= 2 && line[fieldFrom] == '"' && line[fieldTo - 1] == '"') {
            fieldFrom++;
            fieldTo--;
        }
        next = comma < length ? comma + 1 : -1;
        column++;
        return true;
    }

    /** How many fields the line has. */
    int columns() {
        int columns = 1;
        for (int i = 0; i < length; i++) {
            columns += line[i] == ',' ? 1 : 0;
        }
        return columns;
    }

    /** The current field. */
    float number() {
        float value = CsvNumber.parse(line, fieldFrom, fieldTo);
        if (Float.isNaN(value)) {
            throw badField("a decimal number such as 0.5, with a point, within the range of float");
        }
        return value;
    }

    /** All fields of the line, from its first. */
    List<String> fields() {
        restartLine();
        List<String> fields = new ArrayList<>();
        while (nextField()) {
            fields.add(field());
        }
        restartLine();
        return fields;
    }

    /** The current line, as messages name it. */
    String place() {
        return path + ":" + lineNumber;
    }

    private String field() {
        return new String(line, fieldFrom, fieldTo - fieldFrom, StandardCharsets.UTF_8);
    }

    /** An error about the current field. */
    UserError badField(String expected) {
        StringBuilder shown = new StringBuilder();
        String field = field();
        field.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(shown::appendCodePoint);
        return bad("\"" + shown + (field.length() > SHOWN ? "..." : "") + "\" in column " + column, expected);
    }

    /** An error about the current line. */
    UserError bad(String found, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                place() + ": found " + found + ", expected " + expected + "; correct the file or give another one.");
    }

    private static UserError damaged(String path, IOException damage) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": " + damage.getMessage() + ", expected a whole file; get it again.",
                damage);
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t';
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
