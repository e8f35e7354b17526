package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.Storage;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * Opens IDX files: two zero bytes, the type, the number of dimensions, each dimension as a big-endian int, then the
 * data, the last dimension fastest. Source: the MNIST page of LeCun, Cortes and Burges, "The IDX file format". Plain or
 * gzip, detected by the first bytes and not by the name.
 *
 * <p>The header is trusted only after a comparison with the length of the file: a plain file must have exactly that
 * length, a gzip file at least what deflate needs. So a wrong header cannot cost memory.
 *
 * @param path of the file
 */
record IdxFile(String path) implements ArrayPlace {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_DIMENSIONS = 4;
    /** Deflate's limit, according to zlib's technical notes. */
    private static final long MOST_COMPRESSION = 1032;

    private static final Map<Integer, ElementType> TYPES = Map.of(
            0x08, ElementType.UNSIGNED_BYTE,
            0x09, ElementType.BYTE,
            0x0B, ElementType.SHORT,
            0x0C, ElementType.INT,
            0x0D, ElementType.FLOAT,
            0x0E, ElementType.DOUBLE);

    @Override
    public boolean mayHaveLabelsFirst() {
        return true;
    }

    @Override
    public ArrayFile open(Storage storage) throws IOException {
        InputFile.require(storage, path);
        InputStream in = new BufferedInputStream(storage.open(path), BUFFER_BYTES);
        try {
            in.mark(2);
            boolean compressed = Gunzip.startsLike(in.read(), in.read());
            in.reset();
            if (compressed) {
                in = new Gunzip(in);
            }
            return open(in, storage.length(path), compressed);
        } catch (EOFException | ZipException damage) {
            in.close();
            throw InputFile.damaged(path, damage);
        } catch (IOException | RuntimeException failure) {
            in.close();
            throw failure;
        }
    }

    private ArrayFile open(InputStream in, long fileBytes, boolean compressed) throws IOException {
        byte[] magic = in.readNBytes(4);
        if (magic.length < 4) {
            throw bad(magic.length + " bytes", "a header of at least 8 bytes");
        }
        if (magic[0] != 0 || magic[1] != 0) {
            throw bad(
                    String.format("first bytes %02x %02x %02x %02x", magic[0], magic[1], magic[2], magic[3]),
                    "00 00 08 03 or other bytes of IDX, plain or gzip");
        }
        ElementType type = TYPES.get((int) magic[2]);
        if (type == null) {
            throw bad(String.format("IDX type %02x", magic[2]), "08 (unsigned bytes), 09, 0b, 0c, 0d or 0e");
        }
        int dimensions = magic[3] & 0xFF;
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw bad(dimensions + " dimensions", "1 to " + MOST_DIMENSIONS);
        }
        int headerBytes = 4 + 4 * dimensions;
        byte[] header = in.readNBytes(4 * dimensions);
        if (header.length < 4 * dimensions) {
            throw bad((4 + header.length) + " bytes", "a header of " + headerBytes + " bytes");
        }
        int[] sizes = new int[dimensions];
        ByteBuffer.wrap(header).asIntBuffer().get(sizes);
        ArrayFile array = new ArrayFile(path, in, type, ByteOrder.BIG_ENDIAN, sizes);
        if (compressed && array.bytes() / MOST_COMPRESSION > fileBytes) {
            throw bad(
                    "a header that claims " + array.claim() + " values in a gzip file of " + fileBytes + " bytes",
                    "at most " + MOST_COMPRESSION + " bytes from each");
        }
        if (!compressed && fileBytes - headerBytes != array.bytes()) {
            throw bad(
                    fileBytes - headerBytes + " bytes of data",
                    array.bytes() + " as the header claims (" + array.claim() + ")");
        }
        return array;
    }

    private UserError bad(String found, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                path + ": found " + found + ", expected " + expected + "; get the file again or give another one.");
    }
}
