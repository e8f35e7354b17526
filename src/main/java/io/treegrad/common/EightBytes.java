package io.treegrad.common;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes of an array at once. */
public final class EightBytes {
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The lower seven bits of each of eight bytes. */
    private static final long SEVEN_BITS = 0x7F7F7F7F7F7F7F7FL;

    private EightBytes() {}

    /** The bytes from {@code index} on, the first of them lowest. */
    public static long at(byte[] bytes, int index) {
        return (long) LITTLE_ENDIAN.get(bytes, index);
    }

    /** The highest bit of each byte that is not zero, and no other bit. */
    public static long nonZero(long eight) {
        return (((eight & SEVEN_BITS) + SEVEN_BITS) | eight) & ~SEVEN_BITS;
    }
}
