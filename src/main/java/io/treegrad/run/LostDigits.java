package io.treegrad.run;

import io.treegrad.common.Printable;
import io.treegrad.model.DataProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Features that are large numbers close to each other, such as times in seconds: float keeps 24 bits of each, which are
 * mostly those that all have in common.
 */
final class LostDigits {
    /** Up to this, float tells all whole numbers apart. */
    private static final float LARGEST_WITH_ALL_NEIGHBOURS = 1 << 24;

    /** Of a feature that has more different values than this, the lost digits tell too little to be missed. */
    private static final int ENOUGH_VALUES = 1 << 16;

    private static final int MOST_SHOWN = 4;

    private LostDigits() {}

    /**
     * A sentence about these features; empty if there are none.
     *
     * @param names of the features; empty if they have none
     */
    static Optional<String> sentence(DataProfile profile, List<String> names) {
        List<String> found = new ArrayList<>();
        for (int feature = 0; feature < profile.shape().features(); feature++) {
            float least = profile.least().get(feature);
            float greatest = profile.greatest().get(feature);
            float largest = Math.max(Math.abs(least), Math.abs(greatest));
            float step = Math.ulp(largest);
            if (largest > LARGEST_WITH_ALL_NEIGHBOURS && (greatest - least) / step < ENOUGH_VALUES) {
                String name = names.isEmpty() ? "feature " + (feature + 1) : Printable.quoted(names.get(feature));
                found.add(String.format(
                        Locale.ROOT, "%s (%,.0f to %,.0f in steps of %,.0f)", name, least, greatest, step));
            }
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of("Values lose digits that tell them apart, since float has 24 bits: "
                        + Printable.list(found, MOST_SHOWN)
                        + ". Subtract a number that they have in common, or leave the column out: set drop.");
    }
}
