package io.treegrad.formats;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.ZipException;

/**
 * An open text file of fields, plain or gzip (detected by content), read row by row in the memory of one field. FastCSV
 * takes it apart: lines end with LF, CRLF or CR; fields may be quoted. Blank lines, comments from {@code #} to the end
 * of a line that begins so, and a byte-order mark are skipped.
 */
final class DelimitedFile implements AutoCloseable {
    /** A longer field is refused, so that a file without separators cannot use up the memory. */
    private static final int LONGEST_FIELD = 1 << 20;

    private static final int MOST_COLUMNS = 1 << 24;
    private static final int SHOWN = 40;
    private static final char[] NO_TEXT = {};

    /** Receives the fields of a row, one after the other. */
    interface Fields {
        /**
         * @param column from 0
         * @param text the field is {@code text[from .. to - 1]}, one byte of the file a character; valid during the call
         */
        void field(int column, char[] text, int from, int to);
    }

    private final String path;
    private final LineChunks chunks;
    private final Handler handler;
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
        LineChunks chunks = new LineChunks(in, index.offset(entry), index.line(entry));
        return new DelimitedFile(path, chunks, separator, index.line(entry));
    }

    private DelimitedFile(String path, LineChunks chunks, char separator, long linesBefore) throws IOException {
        this.path = path;
        this.chunks = chunks;
        this.handler = new Handler(separator == ' ', linesBefore);
        try {
            this.reader = CsvReader.builder()
                    .fieldSeparator(separator)
                    .commentStrategy(CommentStrategy.SKIP)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowExtraCharsAfterClosingQuote(true)
                    .maxBufferSize(LONGEST_FIELD)
                    .build(handler, chunks);
            this.rows = reader.iterator();
        } catch (RuntimeException failure) {
            chunks.close();
            throw failure;
        }
    }

    /**
     * Goes to the next row and hands out its fields; false at the end of the file.
     *
     * @throws UserError what {@code fields} threw first, after the end of the row
     */
    boolean next(Fields fields) throws IOException {
        boolean isThere = advance(fields);
        if (handler.refusal != null) {
            throw handler.refusal;
        }
        return isThere;
    }

    /** The same, but leaves what {@code fields} threw to {@link #refusal}. */
    boolean advance(Fields fields) throws IOException {
        handler.fields = fields;
        handler.refusal = null;
        try {
            return rows.hasNext() && rows.next();
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
        return handler.refusal;
    }

    /** How many fields the last row had. */
    int columns() {
        return handler.columns;
    }

    /** The last row as messages name it. */
    String place() {
        return path + ":" + Math.max(1, handler.line);
    }

    /** Notes the row that was just read, if it began where another reader can begin. */
    void index(RowIndex index, long row) {
        if (chunks.hasPassedBoundary()) {
            index.add(row, chunks.boundary(), chunks.boundaryLines());
        }
    }

    /** An error about a field that has to be a number. */
    UserError notANumber(int column, char[] text, int from, int to) {
        String field = CsvField.text(text, from, to);
        if (CsvField.isMissing(field)) {
            return badField(
                            column,
                            field,
                            "a number: a value is missing here. Fill it in, remove the row, or leave the"
                                    + " column out")
                    .fixedBy("drop");
        }
        return badField(
                column,
                field,
                field.matches("[+-]?[0-9]*,[0-9]+")
                        ? "a number with a decimal point: replace the decimal commas by points"
                        : "a decimal number such as 0.5, with a point, within the range of float");
    }

    /** An error about a field. */
    UserError badField(int column, String field, String expected) {
        StringBuilder shown = new StringBuilder();
        field.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(shown::appendCodePoint);
        return bad("\"" + shown + (field.length() > SHOWN ? "..." : "") + "\" in column " + (column + 1), expected);
    }

    /** An error about the last row. */
    UserError bad(String found, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                place() + ": found " + found + ", expected " + expected + "; correct the file or give another one.");
    }

    @Override
    public void close() throws IOException {
        rows.close();
        reader.close();
        chunks.close();
    }

    /** What FastCSV calls while it takes a row apart. */
    private final class Handler extends CsvCallbackHandler<Boolean> {
        private final boolean separatedByBlanks;
        private final long linesBefore;
        private Fields fields;
        private UserError refusal;
        private long line;
        private int columns;
        /** The first field was blank: the line may be, and then is no row. */
        private boolean mayBeBlank;

        Handler(boolean separatedByBlanks, long linesBefore) {
            this.separatedByBlanks = separatedByBlanks;
            this.linesBefore = linesBefore;
            this.line = linesBefore;
        }

        @Override
        protected void beginRecord(long startingLineNumber) {
            line = linesBefore + startingLineNumber;
            columns = 0;
            mayBeBlank = false;
        }

        @Override
        protected void addField(char[] text, int offset, int length, boolean quoted) {
            int end = offset + length;
            int from = line == 1 && columns == 0 && startsWithMark(text, offset, end) ? offset + 3 : offset;
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

        private void give(char[] text, int from, int to) {
            if (columns == MOST_COLUMNS) {
                throw bad("more than " + MOST_COLUMNS + " columns", "one line a row");
            }
            if (refusal == null) {
                try {
                    fields.field(columns, text, from, to);
                } catch (UserError e) { // the rest of the row is passed over, so that another one can follow
                    refusal = e;
                }
            }
            columns++;
        }

        private static boolean isBlank(char[] text, int from, int end) {
            int i = from;
            while (i < end && CsvField.isBlank(text[i])) {
                i++;
            }
            return i == end;
        }

        private static boolean startsWithMark(char[] text, int from, int end) {
            return end - from >= 3 && text[from] == 0xEF && text[from + 1] == 0xBB && text[from + 2] == 0xBF;
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
        protected void setComment(char[] text, int offset, int length) {}

        @Override
        protected void setEmpty() {}

        @Override
        protected Boolean buildRecord() {
            return columns > 0 ? Boolean.TRUE : null;
        }
    }
}
