package io.treegrad.settings;

import io.treegrad.common.Decimal;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** A word with numbers behind it: {@code normal:0.1} is the name "normal" with the argument 0.1. */
public record Form(String name, List<Double> arguments) {
    public Form {
        arguments = List.copyOf(arguments);
    }

    /** {@code text} must have been accepted by the rule of its setting. */
    static Form parse(String text) {
        String[] parts = text.split(":", -1);
        List<Double> arguments = Arrays.stream(parts, 1, parts.length)
                .map(part -> Decimal.number(part).orElseThrow(() -> new IllegalArgumentException(text)))
                .toList();
        return new Form(parts[0], arguments);
    }

    /** The argument at {@code index}, or {@code absent} when so many were not written. */
    public double argument(int index, double absent) {
        return index < arguments.size() ? arguments.get(index) : absent;
    }

    static boolean isInitialisation(String text) {
        return switch (head(text)) {
            case "glorot", "he" -> !text.contains(":");
            case "normal", "uniform" ->
                hasArguments(text, 1, 1) && argumentOf(text, 1) > 0 && argumentOf(text, 1) <= 1e6;
            default -> false;
        };
    }

    /** One part of a schedule: {@code constant}, {@code step:EPOCHS:FACTOR} or {@code cosine[:FLOOR]}. */
    static boolean isDecay(String text) {
        return switch (head(text)) {
            case "constant" -> !text.contains(":");
            case "step" ->
                hasArguments(text, 2, 2)
                        && argumentOf(text, 1) > 0
                        && argumentOf(text, 2) > 0
                        && argumentOf(text, 2) <= 1;
            case "cosine" ->
                hasArguments(text, 0, 1)
                        && (!text.contains(":") || (argumentOf(text, 1) >= 0 && argumentOf(text, 1) <= 1));
            default -> false;
        };
    }

    static boolean isWarmup(String text) {
        return head(text).equals("warmup") && hasArguments(text, 1, 1) && argumentOf(text, 1) > 0;
    }

    private static String head(String text) {
        return text.split(":", 2)[0];
    }

    private static boolean hasArguments(String text, int min, int max) {
        String[] parts = text.split(":", -1);
        return parts.length - 1 >= min
                && parts.length - 1 <= max
                && Arrays.stream(parts, 1, parts.length).map(Decimal::number).allMatch(OptionalDouble::isPresent);
    }

    private static double argumentOf(String text, int index) {
        return Decimal.number(text.split(":", -1)[index]).getAsDouble();
    }
}
