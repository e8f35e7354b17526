package io.treegrad.training;

import io.treegrad.common.Decimal;
import io.treegrad.network.Meaning;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** By how much the loss of a row is multiplied, according to its class. */
public sealed interface ClassWeights {
    /** How weights are written. */
    String FORMS = "balanced, or CLASS:FACTOR,...";

    /**
     * The weights of the classes.
     *
     * @param names of the classes, by number
     * @param rowsOfClass training rows of each class
     */
    Meaning.OfClasses of(List<String> names, long[] rowsOfClass);

    /** The first class that has a factor and is not among these; empty if there is none. */
    default Optional<String> unknownIn(List<String> names) {
        return Optional.empty();
    }

    /** Empty if the text has another form. */
    static Optional<ClassWeights> parse(String text) {
        if (text.equals("balanced")) {
            return Optional.of(new Balanced());
        }
        Map<String, Double> factors = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int colon = part.lastIndexOf(':');
            OptionalDouble factor = colon < 1 ? OptionalDouble.empty() : Decimal.number(part.substring(colon + 1));
            if (factor.isEmpty() || !((float) factor.getAsDouble() > 0) || factor.getAsDouble() > 1e6) {
                return Optional.empty();
            }
            if (factors.put(part.substring(0, colon), factor.getAsDouble()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new Named(factors));
    }

    /**
     * Each class contributes as much to the loss as any other: of n rows of k classes, those of a class with m rows count
     * {@code n / (k m)} each, as in scikit-learn. Classes without training rows are not among the k.
     */
    record Balanced() implements ClassWeights {
        @Override
        public Meaning.OfClasses of(List<String> names, long[] rowsOfClass) {
            double rows = Arrays.stream(rowsOfClass).sum();
            long present = Arrays.stream(rowsOfClass).filter(count -> count > 0).count();
            return new Meaning.OfClasses(Arrays.stream(rowsOfClass)
                    .mapToObj(count -> count == 0 ? 1f : (float) (rows / present / count))
                    .toList());
        }
    }

    /** Factors of some classes, by their names; the others have 1. */
    record Named(Map<String, Double> factors) implements ClassWeights {
        /** All classes count the same. */
        public static final Named NONE = new Named(Map.of());

        @Override
        public Meaning.OfClasses of(List<String> names, long[] rowsOfClass) {
            return new Meaning.OfClasses(
                    factors.isEmpty()
                            ? List.of()
                            : names.stream()
                                    .map(name -> factors.getOrDefault(name, 1.0).floatValue())
                                    .toList());
        }

        @Override
        public Optional<String> unknownIn(List<String> names) {
            return factors.keySet().stream()
                    .filter(name -> !names.contains(name))
                    .findFirst();
        }
    }
}
