package io.treegrad.formats;

import java.io.Serializable;
import java.util.Arrays;

/** Where some of the rows of a text file begin, so that a reader of later rows need not read those before them. */
final class RowIndex implements Serializable {
    private static final long serialVersionUID = 1;

    /** Entries lie at least this far apart. */
    private static final long BYTES_BETWEEN = 1 << 20;

    private int count = 1;
    /** Ascending; the first entry is the start of the file. */
    private long[] rows = new long[1];

    private long[] offsets = new long[1];
    private long[] lines = new long[1];

    /**
     * Notes a row that begins at or after an offset, with nothing but blank lines and comments between.
     *
     * @param row larger than those before
     * @param line how many lines end before the offset
     */
    void add(long row, long offset, long line) {
        if (offset - offsets[count - 1] < BYTES_BETWEEN) {
            return;
        }
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
            lines = Arrays.copyOf(lines, 2 * count);
        }
        rows[count] = row;
        offsets[count] = offset;
        lines[count] = line;
        count++;
    }

    /** The last entry that is not after a row. */
    int entryFor(long row) {
        int found = Arrays.binarySearch(rows, 0, count, row);
        return found >= 0 ? found : -(found + 1) - 1;
    }

    long row(int entry) {
        return rows[entry];
    }

    long offset(int entry) {
        return offsets[entry];
    }

    long line(int entry) {
        return lines[entry];
    }
}
