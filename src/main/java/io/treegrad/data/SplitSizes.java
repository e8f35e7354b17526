package io.treegrad.data;

import io.treegrad.common.Decimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How rows are divided into training, validation and test: three shares of one, or three numbers of rows. */
public sealed interface SplitSizes {
    /** Divides rows with these labels, drawn by the seed so that each class has the same share in every part. */
    Split of(int[] labels, long seed);

    /** Parses {@code A,B,C}; empty if it is neither three shares that add up to one nor three numbers of rows. */
    static Optional<SplitSizes> parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        double[] numbers = new double[3];
        boolean whole = true;
        for (int i = 0; i < 3; i++) {
            OptionalDouble number = Decimal.number(parts[i]);
            OptionalLong rows = Decimal.whole(parts[i]);
            if (number.isEmpty() || number.getAsDouble() < 0 || number.getAsDouble() > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            numbers[i] = number.getAsDouble();
            whole &= rows.isPresent();
        }
        if (Math.abs(Arrays.stream(numbers).sum() - 1) < 1e-9) {
            return Optional.of(new Shares(numbers[0], numbers[1], numbers[2]));
        }
        return whole ? Optional.of(new Rows((int) numbers[0], (int) numbers[1], (int) numbers[2])) : Optional.empty();
    }

    /** Shares of all rows, which add up to 1. */
    record Shares(double train, double validation, double test) implements SplitSizes {
        @Override
        public Split of(int[] labels, long seed) {
            return Split.stratifiedFractions(labels, train, validation, test, seed);
        }
    }

    /** Numbers of rows, which must add up to the number of all rows. */
    record Rows(int train, int validation, int test) implements SplitSizes {
        @Override
        public Split of(int[] labels, long seed) {
            return Split.stratified(labels, train, validation, test, seed);
        }
    }
}
