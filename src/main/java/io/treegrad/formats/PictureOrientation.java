package io.treegrad.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How the lines and columns that a camera stored lie in what a person sees, as Exif says it in a JPEG or PNG: a camera that
 * is held upright often stores its pictures lying. Source: Exif 2.32, tag 274.
 *
 * @param isTurned whether stored lines are columns of what is seen
 * @param fromBottom whether stored lines are counted from the bottom, before they are turned
 * @param fromRight whether stored columns are counted from the right, before they are turned
 */
record PictureOrientation(boolean isTurned, boolean fromBottom, boolean fromRight) {
    static final PictureOrientation UPRIGHT = new PictureOrientation(false, false, false);

    private static final int PNG = 0x89504E47;
    private static final int SIGNATURE_OF_PNG = 8;
    private static final int CHUNK_OF_PNG = ascii("eXIf");
    private static final int EXIF_OF_JPEG = ascii("Exif");

    private static final int START_OF_PIXELS = 0xDA;

    /** The start of a TIFF header of this byte order, MM. */
    private static final short BIG_ENDIAN = 0x4D4D;

    private static final short ORIENTATION = 0x0112;
    private static final int ENTRY = 12;

    private static int ascii(String four) {
        return ByteBuffer.wrap(four.getBytes(StandardCharsets.US_ASCII)).getInt();
    }

    /** Of a file that is whole or not; upright if it says nothing that can be understood. */
    static PictureOrientation of(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        try {
            return ofTiff(bytes.getInt(0) == PNG ? exifOfPng(bytes) : exifOfJpeg(bytes));
        } catch (IndexOutOfBoundsException damage) {
            return UPRIGHT;
        }
    }

    /** @throws IndexOutOfBoundsException if there is none */
    private static ByteBuffer exifOfPng(ByteBuffer bytes) {
        int chunk = SIGNATURE_OF_PNG;
        while (bytes.getInt(chunk + 4) != CHUNK_OF_PNG) {
            chunk += 12 + Math.min(bytes.getInt(chunk) & Integer.MAX_VALUE, bytes.limit());
        }
        return bytes.slice(chunk + 8, bytes.getInt(chunk));
    }

    /** @throws IndexOutOfBoundsException if there is none before the pixels */
    private static ByteBuffer exifOfJpeg(ByteBuffer bytes) {
        int segment = 2;
        int marker = bytes.get(segment + 1) & 0xFF;
        while (marker != 0xE1 || bytes.getInt(segment + 4) != EXIF_OF_JPEG) {
            segment += marker == 0xFF ? 1 : 2 + (bytes.getShort(segment + 2) & 0xFFFF);
            marker = bytes.get(segment + 1) & 0xFF;
            if (bytes.get(segment) != (byte) 0xFF || marker == START_OF_PIXELS) {
                return bytes.slice(0, 0);
            }
        }
        return bytes.slice(segment + 10, (bytes.getShort(segment + 2) & 0xFFFF) - 8);
    }

    /** Of the first directory behind a TIFF header. */
    private static PictureOrientation ofTiff(ByteBuffer tiff) {
        tiff.order(tiff.getShort(0) == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + i * ENTRY;
            if (tiff.getShort(entry) == ORIENTATION) {
                return numbered(tiff.getShort(entry + 8));
            }
        }
        return UPRIGHT;
    }

    private static PictureOrientation numbered(int number) {
        return switch (number) {
            case 2 -> new PictureOrientation(false, false, true);
            case 3 -> new PictureOrientation(false, true, true);
            case 4 -> new PictureOrientation(false, true, false);
            case 5 -> new PictureOrientation(true, false, false);
            case 6 -> new PictureOrientation(true, true, false);
            case 7 -> new PictureOrientation(true, true, true);
            case 8 -> new PictureOrientation(true, false, true);
            default -> UPRIGHT;
        };
    }
}
