package io.treegrad.formats;

import io.treegrad.common.EightBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines of a text file, which end with LF, CRLF or CR. A line without quotation marks is taken apart here, where its
 * bytes lie, eight at a time. All other lines are for FastCSV, to which this is a reader of characters, one byte each. It
 * gets one line at a time: so it holds nothing of the next row when it has read one, and each row can go either way.
 */
final class TextLines extends Reader {
    private static final int BUFFER_BYTES = 1 << 16;

    private static final long LINE_FEEDS = EightBytes.allOf((byte) '\n');
    private static final long RETURNS = EightBytes.allOf((byte) '\r');
    private static final long QUOTATION_MARKS = EightBytes.allOf((byte) '"');

    private final InputStream in;
    private final boolean tabsAreBlanks;
    /** With room to look at eight bytes from the last one on. */
    private final byte[] buffer = new byte[BUFFER_BYTES + Long.BYTES];
    /** Bytes of the file that are in the buffer: {@code buffer[0 .. filled - 1]}. */
    private int filled;
    /** What was not yet handed out of the current line is {@code buffer[at .. lineEnd - 1]}. */
    private int at;

    private int lineEnd;
    /** Whether the current line goes on behind the buffer. */
    private boolean lineGoesOn;
    /** Where the last line ends that is whole in the buffer. */
    private int wholeEnd;
    /** The whole lines up to here have no quotation marks. */
    private int plainEnd;

    private int[] bounds = new int[1 << 10];

    /** Offset of {@code buffer[0]} in the file. */
    private long bufferOffset;
    /** How many lines of the file have begun. */
    private long lines;

    /**
     * @param in positioned at {@code offset}, where a line begins that has {@code lines} lines before it
     * @param tabsAreBlanks whether each tab is read as a blank
     */
    TextLines(InputStream in, long offset, long lines, boolean tabsAreBlanks) {
        this.in = in;
        this.tabsAreBlanks = tabsAreBlanks;
        this.bufferOffset = offset;
        this.lines = lines;
    }

    /** Offset in the file of the next line. */
    long nextOffset() {
        return bufferOffset + lineEnd;
    }

    /** The number of the next line, from 1. */
    long nextNumber() {
        return lines + 1;
    }

    /** Whether {@link #split} can take the next line: it is whole in the buffer, and has neither marks nor a comment. */
    boolean nextIsPlain() throws IOException {
        if (at < lineEnd || lineGoesOn) {
            return false;
        }
        if (at >= plainEnd) {
            if (at >= wholeEnd) {
                fill();
            }
            plainEnd = endOfLastLine(at, indexOfQuotationMark());
        }
        return at < plainEnd && buffer[at] != '#';
    }

    /**
     * Takes the next line apart, which is plain, into fields: {@link #text} and {@link #bounds} have them until the next call.
     *
     * @return how many there are; none if the line is empty
     */
    int split(byte separator) {
        long separators = EightBytes.allOf(separator);
        int[] target = bounds;
        target[0] = at - 1;
        int fields = 0;
        long lineEnds;
        int i = at;
        do {
            if (target.length <= fields + Long.BYTES) {
                target = Arrays.copyOf(target, 2 * target.length);
            }
            long eight = EightBytes.at(buffer, i);
            long ends = EightBytes.equal(eight, separators);
            lineEnds = EightBytes.below16(eight);
            if (lineEnds != 0) {
                lineEnds = EightBytes.equal(eight, LINE_FEEDS) | EightBytes.equal(eight, RETURNS);
                ends = (ends | lineEnds) & upToFirst(lineEnds);
            }
            int end = fields + Long.bitCount(ends);
            // seldom more than four, and a loop of varying length would cost more
            for (int next = fields + 1; next <= fields + 4; next++) {
                target[next] = i + EightBytes.first(ends);
                ends &= ends - 1;
            }
            for (int next = fields + 5; next <= end; next++) {
                target[next] = i + EightBytes.first(ends);
                ends &= ends - 1;
            }
            fields = end;
            i += Long.BYTES;
        } while (lineEnds == 0);
        bounds = target;
        boolean isEmpty = target[fields] == at;
        lines++;
        lineEnd = endOfLine(target[fields]);
        at = lineEnd;
        return isEmpty ? 0 : fields;
    }

    /** The bits up to the lowest one that is set; all if none is. */
    private static long upToFirst(long bits) {
        return (Long.lowestOneBit(bits) << 1) - 1;
    }

    byte[] text() {
        return buffer;
    }

    /** Field i is {@code text()[bounds()[i] + 1 .. bounds()[i + 1] - 1]}. */
    int[] bounds() {
        return bounds;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (at == lineEnd && !nextPiece()) {
            return -1;
        }
        int count = Math.min(length, lineEnd - at);
        // the JDK copies and widens with vectors
        new String(buffer, at, count, StandardCharsets.ISO_8859_1).getChars(0, count, target, offset);
        at += count;
        return count;
    }

    /** Goes on to the next line, or to as much of a line as the buffer holds; false at the end of the file. */
    private boolean nextPiece() throws IOException {
        if (at >= wholeEnd) {
            fill();
        }
        lines += lineGoesOn ? 0 : 1;
        lineGoesOn = at >= wholeEnd;
        if (lineGoesOn) {
            boolean mayBeHalfALineEnd = filled == BUFFER_BYTES && buffer[filled - 1] == '\r';
            lineEnd = mayBeHalfALineEnd ? filled - 1 : filled;
        } else {
            lineEnd = at;
            while (!isLineEnd(buffer[lineEnd])) {
                lineEnd++;
            }
            lineEnd = endOfLine(lineEnd);
        }
        return at < filled;
    }

    /** Moves what is left to the start of the buffer, and fills the rest of it. */
    private void fill() throws IOException {
        filled -= at;
        System.arraycopy(buffer, at, buffer, 0, filled);
        bufferOffset += at;
        at = 0;
        lineEnd = 0;
        while (filled < BUFFER_BYTES) {
            int read = in.read(buffer, filled, BUFFER_BYTES - filled);
            if (read < 0) {
                break;
            }
            for (int i = filled; tabsAreBlanks && i < filled + read; i++) {
                buffer[i] = buffer[i] == '\t' ? (byte) ' ' : buffer[i];
            }
            filled += read;
        }
        wholeEnd = endOfLastLine(0, filled);
        plainEnd = 0;
    }

    /** After the last line end in {@code buffer[from .. to - 1]}; {@code from} if there is none. */
    private int endOfLastLine(int from, int to) {
        // a return at the end of the buffer may be the first half of CR LF
        int i = to == filled && to > from && buffer[to - 1] == '\r' ? to - 1 : to;
        while (i > from && !isLineEnd(buffer[i - 1])) {
            i--;
        }
        return i;
    }

    private static boolean isLineEnd(byte character) {
        return character == '\n' || character == '\r';
    }

    /** After the line end that begins at {@code index}. */
    private int endOfLine(int index) {
        return buffer[index] == '\r' && buffer[index + 1] == '\n' ? index + 2 : index + 1;
    }

    /** Of the first one from {@code at} on; the end of the buffer if there is none. */
    private int indexOfQuotationMark() {
        for (int i = at; i < filled; i += Long.BYTES) {
            long marks = EightBytes.equal(EightBytes.at(buffer, i), QUOTATION_MARKS);
            if (marks != 0) {
                return Math.min(filled, i + EightBytes.first(marks));
            }
        }
        return filled;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
