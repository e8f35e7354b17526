package io.treegrad.formats;

import java.nio.ByteBuffer;

/** The type of the numbers of an array in a file. */
enum ElementType {
    UNSIGNED_BYTE(1),
    BYTE(1),
    SHORT(2),
    UNSIGNED_SHORT(2),
    INT(4),
    UNSIGNED_INT(4),
    LONG(8),
    UNSIGNED_LONG(8),
    HALF(2),
    FLOAT(4),
    DOUBLE(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** The number at an offset in bytes. */
    double value(ByteBuffer data, int offset) {
        return switch (this) {
            case UNSIGNED_BYTE -> data.get(offset) & 0xFF;
            case BYTE -> data.get(offset);
            case SHORT -> data.getShort(offset);
            case UNSIGNED_SHORT -> data.getShort(offset) & 0xFFFF;
            case INT -> data.getInt(offset);
            case UNSIGNED_INT -> data.getInt(offset) & 0xFFFF_FFFFL;
            case LONG -> data.getLong(offset);
            case UNSIGNED_LONG -> unsigned(data.getLong(offset));
            case HALF -> half(data.getShort(offset));
            case FLOAT -> data.getFloat(offset);
            case DOUBLE -> data.getDouble(offset);
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
    }

    /** A float of 16 bits: a sign, five bits of exponent and ten of fraction (IEEE 754 binary16). */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double size =
                switch (exponent) {
                    case 0 -> Math.scalb((double) fraction, -24);
                    case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                    default -> Math.scalb((double) (0x400 + fraction), exponent - 25);
                };
        return bits < 0 ? -size : size;
    }
}
