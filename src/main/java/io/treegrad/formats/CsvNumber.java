package io.treegrad.formats;

import io.treegrad.common.Decimal;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Decimal numbers in ASCII, in every locale. Java's own parser also accepts {@code NaN}, {@code 1f}, hexadecimal floats
 * and digits of other scripts.
 */
final class CsvNumber {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");
    /** Powers of ten that a float holds exactly. */
    private static final float[] POWERS = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f};
    /** A float holds all whole numbers up to this exactly. */
    private static final int LARGEST_WHOLE = 1 << 24;

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
        int at = from;
        boolean negative = at < to && text[at] == '-';
        if (negative) {
            at++;
        }
        int whole = 0;
        int digits = 0;
        int decimals = -1; // digits after the point; -1 before it
        for (; at < to && whole <= LARGEST_WHOLE && decimals < POWERS.length; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                whole = whole * 10 + digit;
                digits++;
                decimals += decimals < 0 ? 0 : 1;
            } else if (text[at] == '.' && decimals < 0) {
                decimals = 0;
            } else {
                break;
            }
        }
        if (at == to && digits > 0 && whole <= LARGEST_WHOLE && decimals < POWERS.length) {
            // both operands are exact, so the one rounding of the division is that of the number itself
            float value = decimals > 0 ? whole / POWERS[decimals] : whole;
            return negative ? -value : value;
        }
        String number = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
        if (!DECIMAL.matcher(number).matches()) {
            return Float.NaN;
        }
        float value = Float.parseFloat(number);
        boolean underflow = value == 0 && Decimal.hasNonZeroDigit(number);
        return Float.isInfinite(value) || underflow ? Float.NaN : value;
    }
}
