package io.treegrad.formats;

import io.treegrad.common.Decimal;
import io.treegrad.common.EightBytes;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Decimal numbers in ASCII, in every locale. Java's own parser also accepts {@code NaN}, {@code 1f}, hexadecimal floats
 * and digits of other scripts.
 */
final class CsvNumber {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");
    /** Powers of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    /** The largest of them that a float holds exactly. */
    private static final int LARGEST_FLOAT_POWER = 10;
    /** A float holds all whole numbers up to this exactly. */
    private static final int LARGEST_WHOLE_FLOAT = 1 << 24;
    /** Digits behind those of such a number are left out: they are less than the last bit of a double. */
    private static final long ENOUGH = 100_000_000_000_000_000L;
    /** A number below this is one below {@link #ENOUGH} with eight more digits. */
    private static final long FEW = 1_000_000_000L;
    /** Bits of a double that a float has not. */
    private static final int REST = (1 << 29) - 1;

    private static final long ZEROS = EightBytes.allOf((byte) '0');

    private CsvNumber() {}

    /** The number that is all of a text; NaN if it is none. */
    static float parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    /**
     * The float nearest to the number in {@code text[from .. to - 1]}; NaN if that is not a number, or if a float would
     * make infinity or zero of it.
     */
    static float parse(byte[] text, int from, int to) {
        if (to - from == 1 && isDigit(text[from])) {
            return text[from] - '0';
        }
        long digits = digits(text, from, to);
        return digits >= 0 ? EightBytes.number(digits) : decimal(text, from, to);
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** One to eight digits as eight bytes of 0 to 9, with zeros before; negative if the text is anything else. */
    private static long digits(byte[] text, int from, int to) {
        int length = to - from;
        if (length < 1 || length > Long.BYTES || from > text.length - Long.BYTES) {
            return -1;
        }
        long eight = (EightBytes.at(text, from) - ZEROS) << (Byte.SIZE * (Long.BYTES - length));
        return EightBytes.areDigits(eight) ? eight : -1;
    }

    /** A number with a sign, a point or an exponent: {@code significand} times ten to the {@code power}. */
    private static float decimal(byte[] text, int from, int to) {
        long significand = 0;
        int power = 0;
        int digits = 0;
        int at = from < to && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
        for (; at < to && isDigit(text[at]); at++, digits++) {
            if (significand < ENOUGH) {
                significand = 10 * significand + text[at] - '0';
            } else {
                power++;
            }
        }
        if (at < to && text[at] == '.') {
            at++;
            long rest = significand < FEW ? digits(text, at, to) : -1;
            if (rest >= 0) {
                power = at - to;
                digits -= power;
                significand = significand * (long) POWERS[-power] + EightBytes.number(rest);
                at = to;
            }
            for (; at < to && isDigit(text[at]); at++, digits++) {
                if (significand < ENOUGH) {
                    significand = 10 * significand + text[at] - '0';
                    power--;
                }
            }
        }
        if (at < to - 1 && (text[at] == 'e' || text[at] == 'E') && digits > 0) {
            at++;
            boolean isNegative = text[at] == '-';
            at += isNegative || text[at] == '+' ? 1 : 0;
            int exponent = 0;
            digits = 0;
            for (; at < to && isDigit(text[at]) && digits < 4; at++, digits++) {
                exponent = 10 * exponent + text[at] - '0';
            }
            power += isNegative ? -exponent : exponent;
        }
        float nearest = at == to && digits > 0 ? nearest(significand, power) : Float.NaN;
        if (Float.isNaN(nearest)) {
            return general(new String(text, from, to - from, StandardCharsets.ISO_8859_1));
        }
        return text[from] == '-' ? -nearest : nearest;
    }

    /** The float nearest to {@code significand * 10^power}, of which digits may have been left out; NaN if in doubt. */
    private static float nearest(long significand, int power) {
        if (significand <= LARGEST_WHOLE_FLOAT && power <= 0 && power >= -LARGEST_FLOAT_POWER) {
            // both operands are exact, so the one rounding of the division is that of the number itself
            return significand / (float) POWERS[-power];
        }
        if (Math.abs(power) >= POWERS.length) {
            return Float.NaN;
        }
        double value = power < 0 ? significand / POWERS[-power] : significand * POWERS[power];
        // With the digits left out, the conversion and this operation, it is less than 4 units in the last place from
        // the number. Both have the same nearest float if no middle between two floats is as near.
        int rest = (int) Double.doubleToRawLongBits(value) & REST;
        float nearest = (float) value;
        return Math.abs(rest - (REST + 1) / 2) < 4 || Float.isInfinite(nearest) ? Float.NaN : nearest;
    }

    private static float general(String number) {
        if (!DECIMAL.matcher(number).matches()) {
            return Float.NaN;
        }
        float value = Float.parseFloat(number);
        boolean underflow = value == 0 && Decimal.hasNonZeroDigit(number);
        return Float.isInfinite(value) || underflow ? Float.NaN : value;
    }
}
