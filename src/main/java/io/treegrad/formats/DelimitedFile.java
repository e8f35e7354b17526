package io.treegrad.formats;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.ZipException;

/**
 * An open text file of fields, plain or gzip (detected by content), read row by row in the memory of one field. Rows
 * without quotation marks are taken apart by {@link TextLines}, all others by FastCSV: lines end with LF, CRLF or CR; fields
 * may be quoted. Blank lines, comments from {@code #} to the end of a line that begins so, and a byte-order mark are skipped;
 * {@code #N/A} and other errors of Excel begin no comment.
 */
final class DelimitedFile implements AutoCloseable {
    /** A longer field is refused, so that a file without separators cannot use up the memory. */
    private static final int LONGEST_FIELD = 1 << 20;

    private static final int SHOWN = 40;

    private final String path;
    private final TextLines lines;
    private final byte separator;
    private final RowHandler handler;
    private final CsvReader<Boolean> reader;
    private final CloseableIterator<Boolean> rows;

    /**
     * @param entry of the index, where to begin
     * @throws UserError INPUT_MISSING if there is no such file
     */
    static DelimitedFile open(Storage storage, String path, char separator, RowIndex index, int entry)
            throws IOException {
        InputStream in = InputFile.open(storage, path);
        try {
            in.skipNBytes(index.offset(entry));
        } catch (EOFException | ZipException damage) {
            in.close();
            boolean hasEnded = damage.getMessage() == null; // as skipNBytes throws it
            throw InputFile.damaged(
                    path, hasEnded ? new EOFException("the file is shorter than when it was first opened") : damage);
        } catch (IOException | RuntimeException failure) {
            in.close();
            throw failure;
        }
        TextLines lines = new TextLines(in, index.offset(entry), index.line(entry), separator == ' ');
        return new DelimitedFile(path, lines, separator);
    }

    private DelimitedFile(String path, TextLines lines, char separator) throws IOException {
        this.path = path;
        this.lines = lines;
        this.separator = (byte) separator;
        this.handler = new RowHandler(
                lines, separator, () -> bad("more than " + RowHandler.MOST_COLUMNS + " columns", "one line a row"));
        try {
            this.reader = CsvReader.builder()
                    .fieldSeparator(separator)
                    .commentStrategy(CommentStrategy.READ)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowExtraCharsAfterClosingQuote(true)
                    .maxBufferSize(LONGEST_FIELD)
                    .build(handler, lines);
            this.rows = reader.iterator();
        } catch (RuntimeException failure) {
            lines.close();
            throw failure;
        }
    }

    /**
     * Goes to the next row and hands out its fields; false at the end of the file.
     *
     * @throws UserError what {@code fields} threw first, after the end of the row
     */
    boolean next(FieldConsumer fields) throws IOException {
        boolean isThere = advance(fields);
        if (handler.refusal() != null) {
            throw handler.refusal();
        }
        return isThere;
    }

    /** The same, but leaves what {@code fields} threw to {@link #refusal}. */
    boolean advance(FieldConsumer fields) throws IOException {
        handler.expect(fields);
        try {
            while (lines.nextIsPlain()) {
                handler.begin();
                handler.addPlain(lines.split(separator));
                if (handler.columns() > 0) {
                    return true;
                }
            }
            return rows.hasNext() && rows.next();
        } catch (IOException e) {
            throw asDamage(e);
        } catch (UncheckedIOException e) {
            throw asDamage(e.getCause());
        } catch (CsvParseException e) {
            if (e.getCause() instanceof UserError refusal) {
                throw refusal;
            }
            throw bad(
                    "a field of more than " + LONGEST_FIELD + " bytes, or a quotation mark without its end",
                    "one line a row");
        }
    }

    private IOException asDamage(IOException failure) {
        if (failure instanceof EOFException || failure instanceof ZipException) {
            throw InputFile.damaged(path, failure);
        }
        return failure;
    }

    /** Why a field of the last row was refused; null if none was. */
    UserError refusal() {
        return handler.refusal();
    }

    /** How many fields the last row had. */
    int columns() {
        return handler.columns();
    }

    /** The last row as messages name it. */
    String place() {
        return path + ":" + Math.max(1, handler.line());
    }

    /** Notes where the row that was just read began. */
    void index(RowIndex index, long row) {
        index.add(row, handler.offset(), handler.line() - 1);
    }

    /**
     * The text of a field that is used as it is.
     *
     * @throws UserError if it is not UTF-8: other names would become the same
     */
    String name(int column, byte[] text, int from, int to) {
        String name = CsvField.text(text, from, to);
        if (!CsvField.isUtf8(name)) {
            throw CsvField.notUtf8(place(), name, column);
        }
        return name;
    }

    /**
     * An error about a field that has to be a number.
     *
     * @param column its number, with its name if it has one
     */
    UserError notANumber(String column, byte[] text, int from, int to) {
        String field = CsvField.text(text, from, to);
        if (CsvField.isMissing(field)) {
            return badField(
                            column,
                            field,
                            "a number: a value is missing here. Fill it in, remove the row, or leave the"
                                    + " column out")
                    .fixedBy("drop");
        }
        boolean hasThousands = field.matches("[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?");
        if (hasThousands && (separator == ',' || !field.matches("[^,]*,[0-9]+"))) {
            return badField(
                    column, field, "a number without separators of thousands and with a decimal point, such as 1200.5");
        }
        if (field.matches("[+-]?[0-9]*,[0-9]+")) {
            return badField(column, field, "a number with a decimal point: replace the decimal commas by points");
        }
        String number = "a decimal number such as 0.5, with a point, within the range of float";
        return bad(words(field, column), number, "correct the file, or leave the column out")
                .fixedBy("drop");
    }

    /**
     * An error about a field.
     *
     * @param column its number, with its name if it has one
     */
    UserError badField(String column, String field, String expected) {
        return bad(words(field, column), expected);
    }

    private static String words(String field, String column) {
        StringBuilder shown = new StringBuilder();
        field.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(shown::appendCodePoint);
        return "\"" + shown + (field.length() > SHOWN ? "..." : "") + "\" in " + column;
    }

    /** An error about the last row. */
    UserError bad(String found, String expected) {
        return bad(found, expected, "correct the file or give another one");
    }

    private UserError bad(String found, String expected, String advice) {
        return new UserError(
                UserError.Kind.BAD_DATA, "%s: found %s, expected %s; %s.".formatted(place(), found, expected, advice));
    }

    @Override
    public void close() throws IOException {
        rows.close();
        reader.close();
        lines.close();
    }
}
