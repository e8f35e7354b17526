package io.treegrad.common;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Numbers as users may write them in options: ASCII digits and a decimal point, in every locale. Java's own parsers
 * also accept digits of other scripts, hexadecimal floats, {@code 1d}, {@code NaN} and surrounding blanks, and turn
 * 1e999 into infinity.
 */
public final class Decimal {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
    private static final Pattern NUMBER = Pattern.compile("-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

    private Decimal() {}

    /** Empty when {@code text} is not a whole number or does not fit into a long. */
    public static OptionalLong whole(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException overflow) {
            return OptionalLong.empty();
        }
    }

    /**
     * Empty when {@code text} is not a decimal number, or when the program, which computes in float, would take it for
     * infinity or zero.
     */
    public static OptionalDouble number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(text);
        float computed = (float) value;
        boolean underflow = computed == 0 && hasNonZeroDigit(text);
        return Float.isInfinite(computed) || underflow ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Whether a decimal number is another than zero. */
    public static boolean hasNonZeroDigit(String text) {
        return text.split("[eE]", 2)[0].chars().anyMatch(c -> c >= '1' && c <= '9');
    }
}
