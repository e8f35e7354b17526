package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.RowSet;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * An open array of numbers in a file, the last dimension fastest. The stream stands after the header, which the class
 * that opened it has checked.
 */
final class ArrayFile implements AutoCloseable {
    /** So few that they are still in the cache of the processor when they are looked at. */
    private static final int PIECE_BYTES = 1 << 18;

    private final String name;
    private final InputStream in;
    private final ElementType type;
    private final ByteOrder order;
    private final int[] sizes;
    private final long recordBytes;
    /** The row at the position of the stream. */
    private long next;

    /**
     * @param name of the file, and of the array in it
     * @param in taken over
     * @param sizes of each dimension, the number of rows first; at least one
     * @throws UserError if they are impossible
     */
    ArrayFile(String name, InputStream in, ElementType type, ByteOrder order, int[] sizes) {
        this.name = name;
        this.in = in;
        this.type = type;
        this.order = order;
        this.sizes = sizes.clone();
        long bytes = type.bytes();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1) {
                throw bad("size " + sizes[i] + " in dimension " + (i + 1) + " of " + sizes.length, "at least 1");
            }
            try {
                bytes = Math.multiplyExact(bytes, sizes[i]);
            } catch (ArithmeticException overflow) {
                throw bad("a header that claims " + claim() + " bytes", "data that a file can hold");
            }
        }
        recordBytes = bytes / sizes[0];
        if (recordBytes > Integer.MAX_VALUE) {
            throw bad("a header that claims rows of " + recordBytes + " bytes", "at most " + Integer.MAX_VALUE);
        }
    }

    /** Size of each dimension, the number of rows first. */
    int[] sizes() {
        return sizes.clone();
    }

    int dimensions() {
        return sizes.length;
    }

    ElementType type() {
        return type;
    }

    /** Of all rows. */
    long bytes() {
        return recordBytes * sizes[0];
    }

    /** The sizes as in a message. */
    String claim() {
        return String.join(
                " x ", Arrays.stream(sizes).mapToObj(Integer::toString).toList());
    }

    /**
     * The bytes of the wanted rows, one row after the other. The next call can only want later rows, since the stream moves
     * forward. If the last row of the array is wanted, its end is checked too (nothing more, and any checksum); otherwise
     * reading stops after the last wanted row.
     */
    byte[] read(RowSet wanted) throws IOException {
        if (wanted.size() * recordBytes > Integer.MAX_VALUE - 8) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            name + ": " + wanted.size() + " rows of " + recordBytes
                                    + " bytes are wanted at once, expected at most " + (Integer.MAX_VALUE - 8)
                                    + " bytes; use more partitions.")
                    .fixedBy("partitions");
        }
        byte[] bytes = new byte[(int) (wanted.size() * recordBytes)];
        read(wanted, bytes);
        return bytes;
    }

    private void read(RowSet wanted, byte[] target) throws IOException {
        if (wanted.end() > sizes[0]) {
            throw new IndexOutOfBoundsException("Row " + (wanted.end() - 1) + " of " + sizes[0] + " in " + name + ".");
        }
        int at = 0;
        try {
            for (long i = 0; i < wanted.size(); ) {
                long row = wanted.at(i);
                long run = 1;
                while (i + run < wanted.size() && wanted.at(i + run) == row + run) {
                    run++;
                }
                in.skipNBytes((row - next) * recordBytes);
                int length = (int) (run * recordBytes);
                int found = in.readNBytes(target, at, length);
                if (found < length) {
                    throw bad("an end within row " + (row + found / recordBytes), sizes[0] + " rows");
                }
                at += length;
                i += run;
                next = row + run;
            }
            if (next == sizes[0] && in.read() >= 0) {
                throw bad("more data after row " + (sizes[0] - 1), sizes[0] + " rows as the header claims");
            }
        } catch (EOFException | ZipException damage) {
            throw InputFile.damaged(name, damage);
        }
    }

    /** What is done with the bytes of some of the wanted rows. */
    @FunctionalInterface
    interface PieceReader {
        /**
         * @param first which of the wanted rows comes first
         * @param count how many there are
         * @param bytes begin with theirs; valid during the call
         */
        void take(int first, int count, byte[] bytes);
    }

    /**
     * As {@link #read}, piece by piece: the bytes of all rows of a task may not fit into its memory, while what is kept of
     * them does.
     */
    void readPieces(RowSet wanted, PieceReader reader) throws IOException {
        int rowsOfPiece = (int) Math.min(wanted.size(), Math.max(1, PIECE_BYTES / recordBytes));
        byte[] piece = new byte[Math.toIntExact(rowsOfPiece * recordBytes)];
        for (long first = 0; first < wanted.size(); first += rowsOfPiece) {
            int count = (int) Math.min(rowsOfPiece, wanted.size() - first);
            read(wanted.slice(first, first + count), piece);
            reader.take(Math.toIntExact(first), count, piece);
        }
    }

    /** The numbers in what {@link #read} returned. */
    ByteBuffer numbers(byte[] read) {
        return ByteBuffer.wrap(read).order(order);
    }

    /** An error about the content. */
    UserError bad(String found, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                name + ": found " + found + ", expected " + expected + "; get the file again or give another one.");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
