package io.treegrad.formats;

import io.treegrad.data.IdxBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Arrays and archives as NumPy writes them. */
final class NpzBytes {
    private NpzBytes() {}

    static byte[] npy(String type, String shape, byte[] data) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
        byte[] start =
                ("\u0093NUMPY\1\0" + (char) header.length() + "\0" + header).getBytes(StandardCharsets.ISO_8859_1);
        return IdxBytes.join(start, data);
    }

    static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                zip.write((byte[]) namesAndContents[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    /** As {@code numpy.savez} writes it into a stream: neither compressed nor with lengths before the arrays. */
    static byte[] streamed(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            byte[] name = ((String) namesAndContents[i]).getBytes(StandardCharsets.US_ASCII);
            byte[] content = (byte[]) namesAndContents[i + 1];
            CRC32 checksum = new CRC32();
            checksum.update(content);
            int start = bytes.size();
            bytes.write(littleEndian(30)
                    .putInt(0x04034B50)
                    .putShort((short) 20)
                    .putShort((short) 8)
                    .putShort(26, (short) name.length)
                    .array());
            bytes.write(name);
            bytes.write(content);
            bytes.write(littleEndian(16)
                    .putInt(0x08074B50)
                    .putInt((int) checksum.getValue())
                    .putInt(content.length)
                    .putInt(content.length)
                    .array());
            directory.write(littleEndian(46)
                    .putInt(0x02014B50)
                    .putShort((short) 20)
                    .putShort((short) 20)
                    .putShort((short) 8)
                    .putInt(16, (int) checksum.getValue())
                    .putInt(20, content.length)
                    .putInt(24, content.length)
                    .putShort(28, (short) name.length)
                    .putInt(42, start)
                    .array());
            directory.write(name);
        }
        short entries = (short) (namesAndContents.length / 2);
        byte[] end = littleEndian(22)
                .putInt(0x06054B50)
                .putShort(8, entries)
                .putShort(10, entries)
                .putInt(12, directory.size())
                .putInt(16, bytes.size())
                .array();
        return IdxBytes.join(bytes.toByteArray(), directory.toByteArray(), end);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
