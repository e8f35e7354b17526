package io.treegrad.training;

import io.treegrad.common.Decimal;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a new model must reach on the test rows before it is published. */
public sealed interface Gate {
    /** What is measured. */
    Measure measure();

    /** A bound for the value itself: {@code accuracy>=0.975}, {@code log-loss<=0.1}, {@code recall:7>=0.9}. */
    record Bound(Measure measure, double bound) implements Gate {}

    /**
     * A comparison with the published model, the champion, on the same rows: {@code champion:accuracy-0.002}.
     *
     * @param tolerance by how much the new model may be worse
     */
    record AgainstChampion(Measure measure, double tolerance) implements Gate {}

    /**
     * Reads one gate. The sign must fit the measure: an accuracy is to be at least something and not to fall by more, a
     * loss is to be at most something and not to rise by more.
     */
    static Optional<Gate> parse(String text) {
        Matcher parts =
                Pattern.compile("(champion:)?(.+?)(>=|<=|[+-])([0-9.]+)").matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        boolean comparison = parts.group(1) != null;
        String sign = parts.group(3);
        OptionalDouble value = Decimal.number(parts.group(4));
        return Measure.parse(parts.group(2))
                .filter(measure -> value.isPresent() && sign.equals(sign(measure, comparison)))
                .map(measure -> comparison
                        ? new AgainstChampion(measure, value.getAsDouble())
                        : new Bound(measure, value.getAsDouble()));
    }

    private static String sign(Measure measure, boolean comparison) {
        if (comparison) {
            return measure.lowerIsBetter() ? "+" : "-";
        }
        return measure.lowerIsBetter() ? "<=" : ">=";
    }
}
