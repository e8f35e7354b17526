package io.treegrad.settings;

import io.treegrad.common.Decimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the text of a setting may be: decided by {@code accepts}, said to the user by {@code expected} ("expected ...")
 * and shown by an {@code example} that is itself accepted.
 */
public record Rule(String expected, String example, Predicate<String> accepts) {

    static Rule text(String expected, String example) {
        return new Rule(
                expected + ", on one line",
                example,
                text -> !text.isBlank() && text.chars().noneMatch(Character::isISOControl));
    }

    static Rule matching(String regex, String expected, String example) {
        return new Rule(expected, example, text -> text.matches(regex));
    }

    static Rule whole(long min, long max) {
        return new Rule(
                "a whole number from " + min + " to " + max,
                Long.toString(Math.max(min, Math.min(max, 10))),
                text -> inRange(text, min, max));
    }

    /** Numbers from {@code min} to {@code max}; a bound is excluded where the words in {@code expected} say so. */
    static Rule number(String expected, String example, double min, boolean withMin, double max, boolean withMax) {
        return new Rule(expected, example, text -> {
            var parsed = Decimal.number(text);
            if (parsed.isEmpty()) {
                return false;
            }
            double value = parsed.getAsDouble();
            return (withMin ? value >= min : value > min) && (withMax ? value <= max : value < max);
        });
    }

    static Rule oneOf(String... words) {
        return new Rule(
                String.join(", ", words).replaceFirst(", ([^,]*)$", " or $1"), words[0], List.of(words)::contains);
    }

    static Rule listOf(Rule item, int minSize, int maxSize, String expected, String example) {
        return new Rule(expected, example, text -> {
            String[] items = text.split(",", -1);
            return items.length >= minSize
                    && items.length <= maxSize
                    && Arrays.stream(items).allMatch(item.accepts());
        });
    }

    Rule where(Predicate<String> alsoAccepts) {
        return new Rule(expected, example, accepts.and(alsoAccepts));
    }

    Rule or(String word) {
        return new Rule(expected + ", or " + word, example, accepts.or(word::equals));
    }

    /** The same with {@code prefix} before it is accepted as well. */
    Rule orAfter(String prefix) {
        return new Rule(
                expected + ", or the same after " + prefix,
                example,
                text -> accepts.test(text.startsWith(prefix) ? text.substring(prefix.length()) : text));
    }

    private static boolean inRange(String text, long min, long max) {
        var parsed = Decimal.whole(text);
        return parsed.isPresent() && parsed.getAsLong() >= min && parsed.getAsLong() <= max;
    }
}
