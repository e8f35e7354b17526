package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * An open IDX file of unsigned bytes: two zero bytes, the type, the number of dimensions, each dimension as a
 * big-endian int, then the data, the last dimension fastest. Source: the MNIST page of LeCun, Cortes and Burges, "The
 * IDX file format". Plain or gzip, detected by the first bytes and not by the name.
 *
 * <p>The header is trusted only after a comparison with the length of the file: a plain file must have exactly that
 * length, a gzip file at least what deflate needs. So a wrong header cannot cost memory.
 */
final class IdxFile implements AutoCloseable {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final int BUFFER_BYTES = 1 << 16;
    /** Deflate's limit, according to zlib's technical notes. */
    private static final long MOST_COMPRESSION = 1032;

    private final String path;
    private final InputStream in;
    private final int[] sizes;
    private final long recordBytes;
    /** The row at the position of the stream. */
    private long next;

    /** Opens a file whose rows have {@code dimensions - 1} dimensions and checks its header. */
    static IdxFile open(Storage storage, String path, int dimensions) throws IOException {
        if (!storage.exists(path)) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    path + ": there is no such file, expected an IDX file; check the path.");
        }
        InputStream in = new BufferedInputStream(storage.open(path), BUFFER_BYTES);
        try {
            in.mark(2);
            boolean compressed = Gunzip.startsLike(in.read(), in.read());
            in.reset();
            if (compressed) {
                in = new Gunzip(in);
            }
            return new IdxFile(path, storage.length(path), in, compressed, dimensions);
        } catch (EOFException | ZipException damage) {
            in.close();
            throw damaged(path, damage);
        } catch (IOException | RuntimeException failure) {
            in.close();
            throw failure;
        }
    }

    private IdxFile(String path, long fileBytes, InputStream in, boolean compressed, int dimensions)
            throws IOException {
        this.path = path;
        this.in = in;
        int headerBytes = 4 + 4 * dimensions;
        byte[] header = in.readNBytes(headerBytes);
        if (header.length >= 4) {
            checkMagic(header, dimensions);
        }
        if (header.length < headerBytes) {
            throw bad(header.length + " bytes", "a header of " + headerBytes + " bytes");
        }
        sizes = new int[dimensions];
        long bytes = 1;
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = bigEndian(header, 4 + 4 * i);
            if (sizes[i] < 1) {
                throw bad("size " + sizes[i] + " in dimension " + (i + 1) + " of " + dimensions, "at least 1");
            }
            try {
                bytes = Math.multiplyExact(bytes, sizes[i]);
            } catch (ArithmeticException overflow) {
                throw bad("a header that claims " + claim(i + 1) + " bytes", "data that a file can hold");
            }
        }
        recordBytes = bytes / sizes[0];
        if (recordBytes > Integer.MAX_VALUE) {
            throw bad("a header that claims rows of " + recordBytes + " bytes", "at most " + Integer.MAX_VALUE);
        }
        if (compressed && bytes / MOST_COMPRESSION > fileBytes) {
            throw bad(
                    "a header that claims " + claim(dimensions) + " bytes of data in a gzip file of " + fileBytes
                            + " bytes",
                    "at most " + MOST_COMPRESSION + " bytes from each");
        }
        if (!compressed && fileBytes - headerBytes != bytes) {
            throw bad(
                    fileBytes - headerBytes + " bytes of data",
                    bytes + " as the header claims (" + claim(dimensions) + ")");
        }
    }

    /** Size of each dimension, the number of rows first. */
    int[] sizes() {
        return sizes.clone();
    }

    /**
     * The bytes of the wanted rows, one row after the other. Call this once only, since the stream moves forward. If
     * the last row of the file is wanted, the end of the file is checked too (nothing more, and gzip's checksum);
     * otherwise reading stops after the last wanted row.
     */
    byte[] read(RowSet wanted) throws IOException {
        if (wanted.end() > sizes[0]) {
            throw new IndexOutOfBoundsException("Row " + (wanted.end() - 1) + " of " + sizes[0] + " in " + path + ".");
        }
        if (wanted.size() * recordBytes > Integer.MAX_VALUE - 8) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            path + ": " + wanted.size() + " rows of " + recordBytes
                                    + " bytes are wanted at once, expected at most " + (Integer.MAX_VALUE - 8)
                                    + " bytes; use more partitions.")
                    .fixedBy("partitions");
        }
        byte[] target = new byte[(int) (wanted.size() * recordBytes)];
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
            throw damaged(path, damage);
        }
        return target;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** An error about this file's content. */
    UserError bad(String found, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": found " + found + ", expected " + expected + "; get the file again or give another one.");
    }

    private static UserError damaged(String path, IOException damage) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": " + damage.getMessage() + ", expected a whole file; get it again.",
                damage);
    }

    private void checkMagic(byte[] header, int dimensions) {
        if (header[0] != 0 || header[1] != 0) {
            throw bad(
                    String.format("first bytes %02x %02x %02x %02x", header[0], header[1], header[2], header[3]),
                    String.format("00 00 08 %02x (IDX, plain or gzip)", dimensions));
        }
        if (header[2] != UNSIGNED_BYTE) {
            throw bad(String.format("IDX type %02x", header[2]), "08 (unsigned bytes)");
        }
        if (header[3] != dimensions) {
            throw bad(
                    (header[3] & 0xFF) + " dimensions",
                    dimensions + (dimensions == 1 ? " (labels)" : " (pictures)")
                            + "; are the files of pictures and labels exchanged?");
        }
    }

    private String claim(int dimensions) {
        return String.join(
                " x ",
                Arrays.stream(sizes)
                        .limit(dimensions)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    private static int bigEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | (bytes[at + 3] & 0xFF);
    }
}
