package io.treegrad.data;

import io.treegrad.common.UserError;
import io.treegrad.network.ByteScale;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;

/**
 * How a stored value {@code v} becomes the input of a network. Immutable; part of a model, since predictions must
 * scale as the training did.
 */
public final class Scaling implements Serializable {
    private static final long serialVersionUID = 1;

    private enum Kind {
        UNIT,
        SYMMETRIC,
        NONE,
        STANDARD
    }

    private static final int BYTE_VALUES = 256;
    private static final float[] NO_STATISTICS = {};
    private static final Scaling UNIT = new Scaling(Kind.UNIT, NO_STATISTICS, NO_STATISTICS);
    private static final Scaling SYMMETRIC = new Scaling(Kind.SYMMETRIC, NO_STATISTICS, NO_STATISTICS);
    private static final Scaling NONE = new Scaling(Kind.NONE, NO_STATISTICS, NO_STATISTICS);

    private final Kind kind;
    private final float[] mean;
    private final float[] deviation;
    /** Made when it is first asked for; whoever else makes it makes the same. */
    private transient volatile ByteScale ofBytes;

    private Scaling(Kind kind, float[] mean, float[] deviation) {
        this.kind = kind;
        this.mean = mean;
        this.deviation = deviation;
    }

    /** {@code v / 255}: bytes to [0, 1]. */
    public static Scaling unit() {
        return UNIT;
    }

    /** {@code v / 255 * 2 - 1}: bytes to [-1, 1]. */
    public static Scaling symmetric() {
        return SYMMETRIC;
    }

    /** The values as they are. */
    public static Scaling none() {
        return NONE;
    }

    /**
     * {@code (v - mean) / deviation}, feature by feature; both arrays are copied.
     *
     * @param mean of each feature over the training rows, finite   [features]
     * @param deviation of each feature, finite and not negative; 0, a constant feature, counts as 1   [features]
     */
    public static Scaling standard(float[] mean, float[] deviation) {
        if (mean.length != deviation.length || mean.length == 0) {
            throw new IllegalArgumentException("There are " + mean.length + " means and " + deviation.length
                    + " deviations, expected as many of each as there are features.");
        }
        float[] divisor = deviation.clone();
        for (int feature = 0; feature < mean.length; feature++) {
            if (!Float.isFinite(mean[feature]) || !Float.isFinite(divisor[feature]) || divisor[feature] < 0) {
                throw new IllegalArgumentException("Feature " + feature + " has mean " + mean[feature]
                        + " and deviation " + divisor[feature] + ", expected finite ones, the deviation not negative.");
            }
            if (divisor[feature] == 0) {
                divisor[feature] = 1;
            }
        }
        return new Scaling(Kind.STANDARD, mean.clone(), divisor);
    }

    /**
     * The scaling of this {@linkplain #name() name}.
     *
     * @param mean and {@code deviation} as for {@link #standard}; ignored, and may be empty, for the other names
     */
    public static Scaling of(String name, float[] mean, float[] deviation) {
        return switch (name) {
            case "unit" -> UNIT;
            case "symmetric" -> SYMMETRIC;
            case "none" -> NONE;
            case "standard" -> standard(mean, deviation);
            default ->
                throw new UserError(
                                UserError.Kind.BAD_CONFIGURATION,
                                "The scaling is \"" + name + "\", expected unit, symmetric, standard or none.")
                        .fixedBy("scale");
        };
    }

    /** {@code unit}, {@code symmetric}, {@code none} or {@code standard}. */
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** A copy of the means; empty unless this is {@code standard}.   [features] */
    public float[] mean() {
        return mean.clone();
    }

    /** A copy of the divisors, none of them 0; empty unless this is {@code standard}.   [features] */
    public float[] deviation() {
        return deviation.clone();
    }

    /** One value scaled. */
    public float apply(float value, int feature) {
        return switch (kind) {
            case UNIT -> value / 255f;
            case SYMMETRIC -> value / 255f * 2f - 1f;
            case NONE -> value;
            case STANDARD -> (value - mean[feature]) / deviation[feature];
        };
    }

    /** The same for unsigned bytes, as a block of them takes it; its roundings differ from those of {@link #apply}. */
    ByteScale ofBytes(int features) {
        if (ofBytes == null) {
            ofBytes = kind == Kind.STANDARD
                    ? ByteScale.standard(mean, deviation)
                    : ByteScale.shared(products(), kind == Kind.SYMMETRIC ? -1 : 0, features);
        }
        return ofBytes;
    }

    private float[] products() {
        float[] products = new float[BYTE_VALUES];
        for (int value = 0; value < BYTE_VALUES; value++) {
            products[value] = kind == Kind.SYMMETRIC ? value / 255f * 2f : apply(value, 0);
        }
        return products;
    }

    /** Scales {@code count} values, features 0 to {@code count - 1} of one row. */
    void floats(float[] values, int from, int count, float[] target, int at) {
        if (kind == Kind.NONE) {
            System.arraycopy(values, from, target, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[at + i] = apply(values[from + i], i);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scaling that
                && kind == that.kind
                && Arrays.equals(mean, that.mean)
                && Arrays.equals(deviation, that.deviation);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + Arrays.hashCode(mean)) + Arrays.hashCode(deviation);
    }

    @Override
    public String toString() {
        return name();
    }
}
