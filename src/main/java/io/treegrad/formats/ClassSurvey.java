package io.treegrad.formats;

import io.treegrad.common.UserError;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Collects the labels of a data set, and decides what its classes are. */
final class ClassSurvey {
    /** A larger label is a value from the wrong column. */
    static final int LARGEST_LABEL = 65_535;

    /** With so few classes, those without rows do no harm. */
    private static final int FEW_CLASSES = 20;

    private static final long FEW_ROWS = 40;

    /** Labels that are numbers, each with the place of its first row. */
    private final TreeMap<Long, String> numbers = new TreeMap<>();
    /** Labels that are names. */
    private final TreeSet<String> names = new TreeSet<>();

    private long rows;

    /** @param place of the row, for messages */
    void add(long label, Supplier<String> place) {
        rows++;
        if (!numbers.containsKey(label)) {
            numbers.put(label, place.get());
        }
    }

    /** @throws UserError if there are too many different ones */
    void add(String label, Supplier<String> place) {
        rows++;
        if (names.add(label) && names.size() > LARGEST_LABEL) {
            throw wrongColumn(place.get() + ": found more than " + LARGEST_LABEL + " different labels");
        }
    }

    /**
     * Names in alphabetical order; whole numbers from 0, or from 1 if there is no 0, up to the largest; other numbers in
     * ascending order.
     *
     * @throws UserError if most classes would have no rows, or a single one: then these are not labels
     */
    Classes classes() {
        if (!names.isEmpty()) {
            requireFewerThanRows(names.size());
            return new Classes(List.copyOf(names));
        }
        if (numbers.isEmpty()) {
            return Classes.numbered(0, 1);
        }
        long lowest = numbers.firstKey();
        long highest = numbers.lastKey();
        if (lowest < 0) {
            return new Classes(numbers.keySet().stream()
                    .map(number -> Long.toString(number))
                    .toList());
        }
        int first = lowest == 1 && highest > 1 ? 1 : 0;
        int count = (int) (highest - first + 1);
        if (count > FEW_CLASSES && count > 2 * numbers.size()) {
            throw wrongColumn(
                    "%s: found label %d, and %d different labels in all: most of the classes %d to %d have no row"
                            .formatted(numbers.get(highest), highest, numbers.size(), first, highest));
        }
        requireFewerThanRows(numbers.size());
        return Classes.numbered(first, count);
    }

    private void requireFewerThanRows(int labels) {
        if (rows > FEW_ROWS && labels > rows / 2) {
            throw wrongColumn("found " + labels + " different labels in " + rows + " rows");
        }
    }

    private static UserError wrongColumn(String found) {
        return new UserError(
                        UserError.Kind.BAD_DATA,
                        found + ", expected labels of which most occur more than once. Say which column has the labels,"
                                + " or correct the file.")
                .fixedBy("label");
    }
}
