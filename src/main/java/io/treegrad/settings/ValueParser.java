package io.treegrad.settings;

import io.treegrad.common.Decimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How text becomes the value of a setting. Text is parsed once, here, and nowhere else.
 *
 * @param expected what is accepted, as messages say it after "expected"
 * @param example a text that is accepted
 * @param parse empty for text that is not accepted
 */
public record ValueParser<T>(String expected, String example, Function<String, Optional<T>> parse) {

    /** Any text on one line that is not blank. */
    static ValueParser<String> text(String expected, String example) {
        return new ValueParser<>(
                expected + ", on one line",
                example,
                text -> text.isBlank() || text.chars().anyMatch(Character::isISOControl)
                        ? Optional.empty()
                        : Optional.of(text));
    }

    static ValueParser<String> matching(String regex, String expected, String example) {
        return new ValueParser<>(expected, example, text -> text.matches(regex) ? Optional.of(text) : Optional.empty());
    }

    static ValueParser<Boolean> flag() {
        return new ValueParser<>(
                "true or false",
                "true",
                text -> text.equals("true") || text.equals("false")
                        ? Optional.of(Boolean.valueOf(text))
                        : Optional.empty());
    }

    static ValueParser<Long> wholeLong(long min, long max) {
        return new ValueParser<>(
                "a whole number from " + min + " to " + max, Long.toString(Math.max(min, Math.min(max, 10))), text -> {
                    OptionalLong number = Decimal.whole(text);
                    return number.isPresent() && number.getAsLong() >= min && number.getAsLong() <= max
                            ? Optional.of(number.getAsLong())
                            : Optional.empty();
                });
    }

    static ValueParser<Integer> whole(int min, int max) {
        return wholeLong(min, max).map(Math::toIntExact);
    }

    /** The numbers that {@code inRange} accepts; {@code expected} describes them. */
    static ValueParser<Double> number(String expected, String example, Predicate<Double> inRange) {
        return new ValueParser<>(expected + ", within the range of float", example, text -> {
            OptionalDouble number = Decimal.number(text);
            return number.isPresent() && inRange.test(number.getAsDouble())
                    ? Optional.of(number.getAsDouble())
                    : Optional.empty();
        });
    }

    /** A whole number of seconds, minutes, hours or days: {@code 30s}, {@code 10m}, {@code 12h}, {@code 30d}. */
    static ValueParser<Duration> duration(String example) {
        return new ValueParser<>("a whole number followed by s, m, h or d", example, text -> {
            OptionalLong number =
                    text.isEmpty() ? OptionalLong.empty() : Decimal.whole(text.substring(0, text.length() - 1));
            if (number.isEmpty() || number.getAsLong() < 0 || number.getAsLong() > 1_000_000) {
                return Optional.empty();
            }
            return switch (text.charAt(text.length() - 1)) {
                case 's' -> Optional.of(Duration.ofSeconds(number.getAsLong()));
                case 'm' -> Optional.of(Duration.ofMinutes(number.getAsLong()));
                case 'h' -> Optional.of(Duration.ofHours(number.getAsLong()));
                case 'd' -> Optional.of(Duration.ofDays(number.getAsLong()));
                default -> Optional.empty();
            };
        });
    }

    /** The constants of an enum, by their names: {@code CROSS_ENTROPY} is {@code cross-entropy}. */
    static <E extends Enum<E>> ValueParser<E> oneOf(Class<E> type) {
        return oneOf(type, constant -> true);
    }

    /** Only the constants that are allowed here. */
    static <E extends Enum<E>> ValueParser<E> oneOf(Class<E> type, Predicate<E> allowed) {
        List<E> constants =
                Arrays.stream(type.getEnumConstants()).filter(allowed).toList();
        List<String> names = constants.stream().map(ValueParser::name).toList();
        return new ValueParser<>(
                inWords(names),
                names.get(0),
                text -> names.contains(text) ? Optional.of(constants.get(names.indexOf(text))) : Optional.empty());
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code a, b or c}. */
    private static String inWords(List<String> names) {
        return String.join(", ", names).replaceFirst(", ([^,]*)$", " or $1");
    }

    /** One value or several, separated by commas. */
    static <E> ValueParser<List<E>> listOf(ValueParser<E> item, int maxSize, String expected, String example) {
        return new ValueParser<>(expected, example, text -> {
            List<E> items = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                Optional<E> parsed = item.parse.apply(part);
                if (parsed.isEmpty() || items.size() == maxSize) {
                    return Optional.empty();
                }
                items.add(parsed.get());
            }
            return Optional.of(List.copyOf(items));
        });
    }

    <R> ValueParser<R> map(Function<T, R> function) {
        return new ValueParser<>(expected, example, text -> parse.apply(text).map(function));
    }

    /** The same, but {@code word} means {@code value}. */
    ValueParser<T> or(String word, T value) {
        return new ValueParser<>(
                expected + ", or " + word, example, text -> text.equals(word) ? Optional.of(value) : parse.apply(text));
    }

    /** The same, but {@code word} means no value. */
    ValueParser<Optional<T>> orNothing(String word) {
        return map(Optional::of).or(word, Optional.empty());
    }
}
