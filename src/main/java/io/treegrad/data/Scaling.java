package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final float[] NO_STATISTICS = {};
    private static final Scaling UNIT = new Scaling(Kind.UNIT, NO_STATISTICS, NO_STATISTICS);
    private static final Scaling SYMMETRIC = new Scaling(Kind.SYMMETRIC, NO_STATISTICS, NO_STATISTICS);
    private static final Scaling NONE = new Scaling(Kind.NONE, NO_STATISTICS, NO_STATISTICS);

    private final Kind kind;
    private final float[] mean;
    private final float[] deviation;
    /** Result for each unsigned byte, or null if it depends on the feature. */
    private final float[] byteTable;

    private Scaling(Kind kind, float[] mean, float[] deviation) {
        this.kind = kind;
        this.mean = mean;
        this.deviation = deviation;
        if (kind == Kind.STANDARD) {
            byteTable = null;
        } else {
            byteTable = new float[BYTE_VALUES];
            for (int value = 0; value < BYTE_VALUES; value++) {
                byteTable[value] = apply(value, 0);
            }
        }
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
                        .mendedBy("scale");
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

    /** Scales {@code count} unsigned bytes, features 0 to {@code count - 1} of one row. */
    void bytes(byte[] values, int from, int count, float[] target, int at) {
        if (byteTable == null) {
            for (int i = 0; i < count; i++) {
                target[at + i] = ((values[from + i] & 0xFF) - mean[i]) / deviation[i];
            }
            return;
        }
        // Eight bytes a load, and nothing more for eight zeros, of which pictures of digits mostly consist: measured at
        // 45 us for 100 MNIST rows, where a plain loop over the table took 61 us and one multiplication a value 60 us.
        float[] table = byteTable;
        Arrays.fill(target, at, at + count, table[0]);
        int whole = count & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            long word = (long) EIGHT_BYTES.get(values, from + i);
            if (word != 0) {
                int to = at + i;
                target[to] = table[(int) word & 0xFF];
                target[to + 1] = table[(int) (word >>> 8) & 0xFF];
                target[to + 2] = table[(int) (word >>> 16) & 0xFF];
                target[to + 3] = table[(int) (word >>> 24) & 0xFF];
                target[to + 4] = table[(int) (word >>> 32) & 0xFF];
                target[to + 5] = table[(int) (word >>> 40) & 0xFF];
                target[to + 6] = table[(int) (word >>> 48) & 0xFF];
                target[to + 7] = table[(int) (word >>> 56)];
            }
        }
        for (int i = whole; i < count; i++) {
            target[at + i] = table[values[from + i] & 0xFF];
        }
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
