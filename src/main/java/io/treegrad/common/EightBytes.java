package io.treegrad.common;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes of an array at once, for what is read byte by byte where the JIT finds no vectors. */
public final class EightBytes {
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The lower seven bits of each of eight bytes. */
    private static final long SEVEN_BITS = 0x7F7F7F7F7F7F7F7FL;

    /** Its product with the lowest bits of eight bytes has these bits, in their order, in its highest byte. */
    private static final long GATHER = 0x0102040810204080L;

    private static final long LOWEST_BITS = 0x0101010101010101L;

    /** How many bytes a copy may write behind its last one. */
    public static final int OVERRUN = 2 * Long.BYTES;

    private EightBytes() {}

    /** The bytes from {@code index} on, the first of them lowest. */
    public static long at(byte[] bytes, int index) {
        return (long) LITTLE_ENDIAN.get(bytes, index);
    }

    /** Writes eight bytes from {@code index} on, the lowest of them first. */
    private static void put(byte[] bytes, int index, long eight) {
        LITTLE_ENDIAN.set(bytes, index, eight);
    }

    /** Eight times the same byte. */
    public static long allOf(byte value) {
        return (value & 0xFF) * LOWEST_BITS;
    }

    /** The highest bit of each byte that is equal in both, and no other bit. */
    public static long equal(long eight, long others) {
        return nonZero(eight ^ others) ^ ~SEVEN_BITS;
    }

    /** Whether each of eight bytes is 0 to 9. */
    public static boolean areDigits(long eight) {
        return ((eight | (eight + 118 * LOWEST_BITS)) & ~SEVEN_BITS) == 0;
    }

    /** The number that eight digits of 0 to 9 are, the first of them in the lowest byte. */
    public static int number(long digits) {
        long pairs = digits * 10 + (digits >>> 8); // in every second byte, from the lowest on
        long fours = pairs & 0x000000FF000000FFL;
        return (int)
                ((fours * 0x000F424000000064L + ((pairs >>> 16) & 0x000000FF000000FFL) * 0x0000271000000001L) >>> 32);
    }

    /** The highest bit of each byte that is below 16, and no other bit. */
    public static long below16(long eight) {
        return ((((eight & SEVEN_BITS) + 112 * LOWEST_BITS) | eight) & ~SEVEN_BITS) ^ ~SEVEN_BITS;
    }

    /** Which of eight bytes is the first to have a bit set; 8 if none has. */
    public static int first(long eight) {
        return Long.numberOfTrailingZeros(eight) / Byte.SIZE;
    }

    /** The highest bit of each byte that is not zero, and no other bit. */
    public static long nonZero(long eight) {
        return (((eight & SEVEN_BITS) + SEVEN_BITS) | eight) & ~SEVEN_BITS;
    }

    /** Bit i is set where {@code bytes[from + i]} is not zero; up to 64 of them, eight at a time. */
    public static long occupied(byte[] bytes, int from, int end) {
        long bits = 0;
        if (end - from == Long.SIZE) {
            for (int i = 0; i < Long.SIZE; i += Long.BYTES) { // the compiler unrolls it
                bits |= occupied(at(bytes, from + i)) << i;
            }
            return bits;
        }
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            bits |= occupied(at(bytes, at)) << (at - from);
        }
        for (; at < end; at++) {
            bits |= bytes[at] != 0 ? 1L << (at - from) : 0;
        }
        return bits;
    }

    /** Bit i is set where byte i is not zero. */
    private static long occupied(long eight) {
        return ((nonZero(eight) >>> 7) * GATHER) >>> 56;
    }

    /**
     * Copies the bytes that have a bit set, run by run, since those of pictures lie side by side.
     *
     * @param from index of the byte of the lowest bit
     * @param target receives them from {@code to} on, and up to {@link #OVERRUN} more
     */
    public static void copy(byte[] bytes, int from, long bits, byte[] target, int to) {
        boolean mayOverrun = from <= bytes.length - Long.SIZE - OVERRUN;
        int at = to;
        for (long left = bits; left != 0; left &= left + Long.lowestOneBit(left)) { // without its lowest run
            int start = Long.numberOfTrailingZeros(left);
            int length = Long.numberOfTrailingZeros(~(left >>> start));
            if (mayOverrun) {
                // most runs are so short, and a loop of varying length would cost more
                put(target, at, at(bytes, from + start));
                put(target, at + Long.BYTES, at(bytes, from + start + Long.BYTES));
                for (int i = OVERRUN; i < length; i += Long.BYTES) {
                    put(target, at + i, at(bytes, from + start + i));
                }
            } else {
                System.arraycopy(bytes, from + start, target, at, length);
            }
            at += length;
        }
    }
}
