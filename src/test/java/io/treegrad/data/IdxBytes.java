package io.treegrad.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** IDX files as bytes, right ones and crafted ones. */
public final class IdxBytes {
    private IdxBytes() {}

    /** Header of these sizes, whatever follows. */
    public static byte[] header(int... sizes) {
        ByteBuffer header = ByteBuffer.allocate(4 + 4 * sizes.length);
        header.put(new byte[] {0, 0, 8, (byte) sizes.length});
        for (int size : sizes) {
            header.putInt(size);
        }
        return header.array();
    }

    /** Pictures whose pixel {@code p} of row {@code r} is {@code 7 r + p}, modulo 256. */
    public static byte[] pictures(int rows, int height, int width) {
        byte[] data = new byte[rows * height * width];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (7 * (i / (height * width)) + i % (height * width));
        }
        return join(header(rows, height, width), data);
    }

    /** Labels 0, 1 … 9, 0, 1 … */
    public static byte[] labels(int rows) {
        byte[] data = new byte[rows];
        for (int row = 0; row < rows; row++) {
            data[row] = (byte) (row % 10);
        }
        return join(header(rows), data);
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    public static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    public static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed.toByteArray();
    }
}
