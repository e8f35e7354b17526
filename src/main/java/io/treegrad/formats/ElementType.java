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
            case FLOAT -> data.getFloat(offset);
            case DOUBLE -> data.getDouble(offset);
        };
    }
}
