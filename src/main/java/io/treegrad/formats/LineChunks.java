package io.treegrad.formats;

import io.treegrad.common.EightBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a text file as characters, one byte each, in chunks that end where a line ends. So whoever reads all
 * lines knows where in the file a row begins that could be the first of another reader.
 */
final class LineChunks extends Reader {
    private static final int BUFFER_BYTES = 1 << 16;
    /** The lowest bit of each of eight bytes. */
    private static final long LOW_BITS = 0x0101010101010101L;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    /** Bytes of the file that are in the buffer: {@code buffer[0 .. filled - 1]}. */
    private int filled;
    /** The chunk is {@code buffer[next .. chunkEnd - 1]}, as far as it was not yet handed out. */
    private int next;

    private int chunkEnd;

    /** Offset of {@code buffer[0]} in the file. */
    private long bufferOffset;
    /** Line ends before {@code buffer[0]}. */
    private long linesBefore;

    private boolean quotesAreOpen;
    private boolean atLineStart = true;

    private long boundary;
    private long boundaryLines;
    private boolean isBoundary;

    /** @param in positioned at {@code offset}, where a line begins that has {@code lines} lines before it */
    LineChunks(InputStream in, long offset, long lines) {
        this.in = in;
        this.bufferOffset = offset;
        this.linesBefore = lines;
    }

    /** Whether a chunk has begun, since this was last asked, where a row can begin. */
    boolean hasPassedBoundary() {
        boolean passed = isBoundary;
        isBoundary = false;
        return passed;
    }

    /** Offset in the file of the last such chunk. */
    long boundary() {
        return boundary;
    }

    /** How many lines end before it. */
    long boundaryLines() {
        return boundaryLines;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (next == chunkEnd && !nextChunk()) {
            return -1;
        }
        int count = Math.min(length, chunkEnd - next);
        // the JDK copies and widens with vectors
        new String(buffer, next, count, StandardCharsets.ISO_8859_1).getChars(0, count, target, offset);
        next += count;
        return count;
    }

    private boolean nextChunk() throws IOException {
        filled -= chunkEnd;
        System.arraycopy(buffer, chunkEnd, buffer, 0, filled);
        bufferOffset += chunkEnd;
        while (filled < BUFFER_BYTES) {
            int read = in.read(buffer, filled, BUFFER_BYTES - filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        if (filled > 0 && atLineStart && !quotesAreOpen) {
            boundary = bufferOffset;
            boundaryLines = linesBefore;
            isBoundary = true;
        }
        next = 0;
        chunkEnd = filled < BUFFER_BYTES ? filled : endOfLastLine();
        count();
        return filled > 0;
    }

    /** After the last line end in the buffer; all of the buffer if there is none. */
    private int endOfLastLine() {
        for (byte lineEnd : new byte[] {'\n', '\r'}) {
            // the last byte may be the first half of CR LF
            for (int i = filled - (lineEnd == '\r' ? 2 : 1); i >= 0; i--) {
                if (buffer[i] == lineEnd) {
                    atLineStart = true;
                    return i + 1;
                }
            }
        }
        atLineStart = false;
        return filled;
    }

    private void count() {
        int feeds = count('\n');
        int returns = count('\r');
        int quotes = count('"');
        linesBefore += feeds > 0 ? feeds : returns;
        quotesAreOpen ^= (quotes & 1) != 0;
    }

    /** How often an ASCII character is in the chunk; eight bytes at a time. */
    private int count(char character) {
        long pattern = character * LOW_BITS;
        int count = 0;
        int i = 0;
        for (; i <= chunkEnd - Long.BYTES; i += Long.BYTES) {
            count += Long.BYTES - Long.bitCount(EightBytes.nonZero(EightBytes.at(buffer, i) ^ pattern));
        }
        for (; i < chunkEnd; i++) {
            count += buffer[i] == character ? 1 : 0;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
