package io.treegrad.data;

import io.treegrad.common.Decimal;
import java.util.Optional;
import java.util.OptionalLong;

/** How many rows there may be: from {@code least} to {@code most}. */
public record RowRange(long least, long most) {
    /** Reads {@code 60000} or {@code 50000..70000}. */
    public static Optional<RowRange> parse(String text) {
        String[] bounds = text.split("\\.\\.", -1);
        OptionalLong least = Decimal.whole(bounds[0]);
        OptionalLong most = Decimal.whole(bounds[bounds.length - 1]);
        return bounds.length <= 2
                        && least.isPresent()
                        && most.isPresent()
                        && least.getAsLong() >= 0
                        && least.getAsLong() <= most.getAsLong()
                ? Optional.of(new RowRange(least.getAsLong(), most.getAsLong()))
                : Optional.empty();
    }

    public boolean contains(long rows) {
        return least <= rows && rows <= most;
    }

    @Override
    public String toString() {
        return least == most ? Long.toString(least) : least + " to " + most;
    }
}
