package io.treegrad.formats;

import io.treegrad.common.Printable;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/** What the classes of a data set are called, in the order of their numbers. Immutable. */
public final class Classes implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int MOST_SHOWN = 4;
    /** A label of a row of bytes is a byte. */
    private static final int MOST_BYTE_CLASSES = 256;

    /** Of rows that have numbers instead. */
    static final Classes NONE = new Classes(List.of());

    private final List<String> names;
    private final HashMap<String, Integer> numbers = new HashMap<>();
    /** If labels are running whole numbers, the first of them; otherwise -1. */
    private final long first;

    /** @param names all different */
    public Classes(List<String> names) {
        this(names, firstNumber(names));
    }

    private Classes(List<String> names, long first) {
        this.names = List.copyOf(names);
        for (int number = 0; number < names.size(); number++) {
            numbers.put(names.get(number), number);
        }
        this.first = first;
    }

    private static long firstNumber(List<String> names) {
        boolean startsAtOne = !names.isEmpty() && names.get(0).equals("1");
        long start = startsAtOne ? 1 : 0;
        boolean running = IntStream.range(0, names.size())
                .allMatch(number -> names.get(number).equals(Long.toString(start + number)));
        return running ? start : -1;
    }

    /** Names of classes that are labelled by their numbers from 0. */
    static Classes labelledByNumber(List<String> names) {
        return new Classes(names, 0);
    }

    /** {@code first}, {@code first + 1}, … */
    static Classes numbered(int first, int count) {
        return new Classes(IntStream.range(first, first + count)
                .mapToObj(Integer::toString)
                .toList());
    }

    public List<String> names() {
        return names;
    }

    public int count() {
        return names.size();
    }

    /** Whether the rows have classes and not numbers, so few that rows of bytes can have them. */
    boolean fitBytes() {
        return !names.isEmpty() && names.size() <= MOST_BYTE_CLASSES;
    }

    /** The class that is labelled with a number; -1 if there is none. */
    int of(long label) {
        if (first >= 0) {
            return label >= first && label < first + names.size() ? (int) (label - first) : -1;
        }
        return of(Long.toString(label));
    }

    /** The class of a name; -1 if there is none. */
    int of(String name) {
        return numbers.getOrDefault(name, -1);
    }

    /** Whether all names are whole numbers. */
    boolean areNumbers() {
        return names.stream().allMatch(name -> name.matches("-?[0-9]{1,9}"));
    }

    /** As in {@code 0 to 9}, or {@code one of setosa, versicolor, virginica}. */
    String words() {
        if (first >= 0) {
            return first + " to " + (first + names.size() - 1);
        }
        return "one of " + Printable.list(names, MOST_SHOWN);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Classes that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
