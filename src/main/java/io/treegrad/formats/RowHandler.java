package io.treegrad.formats;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import io.treegrad.common.UserError;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What is called while a row is taken apart, by FastCSV or without it: decides what is a row, and hands out its fields. After
 * one that is refused, the rest of the row is only counted, so that another row can follow.
 *
 * <p>For a table that is separated by blanks, any number of them is one separator.
 */
final class RowHandler extends CsvCallbackHandler<Boolean> {
    static final int MOST_COLUMNS = 1 << 24;

    private static final byte[] NO_TEXT = {};

    private final TextLines lines;
    private final char separator;
    private final boolean separatedByBlanks;
    private final Supplier<UserError> tooManyColumns;
    private FieldConsumer fields;
    private UserError refusal;
    private long offset;
    private long line;
    private int columns;
    /** The first field was blank: the line may be, and then is no row. */
    private boolean mayBeBlank;
    /** A field that FastCSV has read. */
    private byte[] bytes = {};

    RowHandler(TextLines lines, char separator, Supplier<UserError> tooManyColumns) {
        this.lines = lines;
        this.separator = separator;
        this.separatedByBlanks = separator == ' ';
        this.tooManyColumns = tooManyColumns;
    }

    /** @param fields receives those of the next row */
    void expect(FieldConsumer fields) {
        this.fields = fields;
        this.refusal = null;
    }

    /** Where the row begins in the file. */
    long offset() {
        return offset;
    }

    /** The line in which it begins, from 1. */
    long line() {
        return line;
    }

    /** How many fields it has. */
    int columns() {
        return columns;
    }

    /** Why one of them was refused; null if none was. */
    UserError refusal() {
        return refusal;
    }

    void begin() {
        offset = lines.nextOffset();
        line = lines.nextNumber();
        columns = 0;
        mayBeBlank = false;
    }

    @Override
    protected void beginRecord(long lineOfFastCsv) {
        begin();
    }

    @Override
    protected void addField(char[] text, int offset, int length, boolean quoted) {
        if (bytes.length < length) {
            bytes = new byte[2 * length];
        }
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) text[offset + i];
        }
        add(bytes, 0, length, quoted);
    }

    /** Adds the fields of a line that was taken apart without FastCSV. */
    void addPlain(int count) {
        byte[] text = lines.text();
        int[] bounds = lines.bounds();
        // whether the first one counts can depend on whether there is a second
        int first = separatedByBlanks ? count : Math.min(count, 2);
        for (int column = 0; column < first; column++) {
            add(text, bounds[column] + 1, bounds[column + 1], false);
        }
        if (first == count) {
            return;
        }
        columns = count;
        try {
            if (refusal == null) {
                fields.fields(first, count, text, bounds);
            }
        } catch (UserError e) {
            refusal = e;
        }
    }

    private void add(byte[] text, int start, int end, boolean quoted) {
        int from = line == 1 && columns == 0 && startsWithMark(text, start, end) ? start + 3 : start;
        if (mayBeBlank) {
            mayBeBlank = false;
            give(NO_TEXT, 0, 0);
        }
        if (separatedByBlanks && from == end) {
            return;
        }
        if (columns == 0 && !quoted && isBlank(text, from, end)) {
            mayBeBlank = true;
        } else {
            give(text, from, end);
        }
    }

    private void give(byte[] text, int from, int to) {
        if (columns == MOST_COLUMNS) {
            throw tooManyColumns.get();
        }
        if (refusal == null) {
            try {
                fields.field(columns, text, from, to);
            } catch (UserError e) {
                refusal = e;
            }
        }
        columns++;
    }

    private static boolean isBlank(byte[] text, int from, int end) {
        int i = from;
        while (i < end && CsvField.isBlank(text[i])) {
            i++;
        }
        return i == end;
    }

    private static boolean startsWithMark(byte[] text, int from, int end) {
        return end - from >= 3
                && text[from] == (byte) 0xEF
                && text[from + 1] == (byte) 0xBB
                && text[from + 2] == (byte) 0xBF;
    }

    @Override
    protected RecordType getRecordType() {
        return RecordType.DATA;
    }

    @Override
    protected int getFieldCount() {
        return columns;
    }

    @Override
    protected void setComment(char[] text, int offset, int length) {
        String line = "#" + new String(text, offset, length);
        if (CsvField.startsWithErrorOfExcel(line)) {
            for (String field : line.split(Pattern.quote(String.valueOf(separator)), -1)) {
                byte[] latin = field.getBytes(StandardCharsets.ISO_8859_1);
                give(latin, 0, latin.length);
            }
        }
    }

    @Override
    protected void setEmpty() {}

    @Override
    protected Boolean buildRecord() {
        return columns > 0 ? Boolean.TRUE : null;
    }
}
