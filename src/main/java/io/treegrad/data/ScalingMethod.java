package io.treegrad.data;

import java.util.Locale;
import java.util.function.Supplier;

/** How inputs are scaled. {@code standard} also needs statistics of the training rows ({@link Scaling}). */
public enum ScalingMethod {
    /** As the values of the training rows suggest ({@link ValueRange}). */
    AUTO,
    /** Bytes to [0, 1]. */
    UNIT,
    /** Bytes to [-1, 1]. */
    SYMMETRIC,
    /** Mean 0 and deviation 1 for each feature. */
    STANDARD,
    /** Values as they are. */
    NONE;

    /**
     * This method, or for {@code AUTO} the one that the rows suggest: {@code UNIT} for bytes.
     *
     * @param byRange what the range of other values suggests; asked for only where it decides
     */
    public ScalingMethod orSuggested(boolean areBytes, Supplier<ScalingMethod> byRange) {
        return this != AUTO ? this : areBytes ? UNIT : byRange.get();
    }

    /** The name in options, files and models. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
