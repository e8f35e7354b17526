package io.treegrad.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A name followed by numbers, as in {@code normal:0.1}: a choice with its parameters. */
public record NameWithNumbers(String name, List<Double> numbers) {
    public NameWithNumbers {
        numbers = List.copyOf(numbers);
    }

    /** Empty when something after the name is not a number. */
    public static Optional<NameWithNumbers> parse(String text) {
        String[] parts = text.split(":", -1);
        List<Double> numbers = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            OptionalDouble number = Decimal.number(parts[i]);
            if (number.isEmpty()) {
                return Optional.empty();
            }
            numbers.add(number.getAsDouble());
        }
        return Optional.of(new NameWithNumbers(parts[0], numbers));
    }

    /** The text of a name and numbers, which {@link #parse} takes apart again. */
    public static String text(String name, double... numbers) {
        StringBuilder text = new StringBuilder(name);
        for (double number : numbers) {
            boolean whole = number == (long) number;
            text.append(':').append(whole ? Long.toString((long) number) : Double.toString(number));
        }
        return text.toString();
    }

    /** Whether the name is {@code expected} and {@code count} numbers follow it. */
    public boolean is(String expected, int count) {
        return name.equals(expected) && numbers.size() == count;
    }

    /** The number at {@code index}, from 0. */
    public double number(int index) {
        return numbers.get(index);
    }
}
