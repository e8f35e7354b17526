package io.treegrad.model;

import io.treegrad.common.Sha256;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Checks of the values in this package's records, whether they come from the program or from a file. */
final class Require {
    private Require() {}

    static <T> T present(T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing, expected a value");
        }
        return value;
    }

    static void text(String value, String name) {
        if (present(value, name).isBlank()) {
            throw new IllegalArgumentException(name + " is blank, expected text");
        }
    }

    static void sha256(String value, String name) {
        if (!Sha256.isHex(present(value, name))) {
            throw new IllegalArgumentException(name + " is \"" + value + "\", expected 64 lower-case hex digits");
        }
    }

    static void notNegative(double value, String name) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", expected a finite number from 0 up");
        }
    }

    static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least " + least);
        }
    }

    /** An immutable sorted copy. No value may be null. */
    static <K extends Comparable<K>, V> SortedMap<K, V> sorted(Map<K, V> map, String name) {
        present(map, name).forEach((key, value) -> present(value, name + " of " + key));
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
