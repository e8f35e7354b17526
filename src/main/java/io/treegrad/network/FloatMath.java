package io.treegrad.network;

/**
 * {@code e^x} and {@code tanh x} in {@code float}, the same bits on every machine.
 *
 * <p>{@code Math.exp} may differ between processors and {@code StrictMath.exp} takes ten times as long; these use only
 * operations that the Java language rounds exactly. Range reductions and coefficients: S. L. Moshier, Cephes
 * Mathematical Library, {@code expf} and {@code tanhf} (1989). A scan over every float between 2^-26 and the
 * limits saw errors of up to 0.991 units in the last place for exp and 1.331 for tanh.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the coefficients as they were published
public final class FloatMath {
    private static final float LOG2_E = 1.44269504f;
    // ln 2 in two parts: LN2_HIGH has so few bits that its product with a small integer is exact
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    // adding and subtracting 1.5 · 2^23 rounds a float below 2^22 to the nearest integer
    private static final float ROUNDER = 12582912f;
    private static final float LARGEST = 88.0f;
    private static final float SMALLEST = -87.0f;

    /** 2^63, and products of two numbers that are not below 2^-63 are no smaller than the smallest normal number. */
    static final float SCALE = 0x1p63f;

    /** The bits of 0.625, from where on tanh is reckoned by exp. */
    private static final int FORMULAS_MEET = 0x3f200000;

    private FloatMath() {}

    /**
     * Replaces each of the first {@code count} values whose magnitude is below 2^-63 by a zero of its sign: the rule of
     * the package documentation. NaN stays NaN.
     */
    static void flush(float[] x, int count) {
        for (int i = 0; i < count; i++) {
            x[i] = flushed(x[i], SCALE);
        }
    }

    /** x, or a zero of its sign where its magnitude is below 2^-63. NaN stays NaN. */
    public static float flushed(float x) {
        return flushed(x, SCALE);
    }

    /** The same for a square, whose root is compared: zero below 2^-126, the smallest normal number. */
    public static float flushedSquare(float square) {
        return flushed(square, 0x1p126f);
    }

    /** x, or a zero of its sign where {@code |x| · scale < 1}; the scale is a power of two. */
    static float flushed(float x, float scale) {
        // 0 where it is below 1, else 1, by operations that the JIT turns into vector instructions, as it does not a
        // choice: of the floats below 1, the largest is 1 - 2^-24, and less 0.5 - 2^-24 that is 0.5, which rounds to 0
        float above = Math.min(1, Math.abs(x) * scale) - (0.5f - 0x1p-24f);
        return x * (above + ROUNDER - ROUNDER);
    }

    /** {@code e^x}, with x held between -87 and 88 so that the result is a normal number; NaN gives NaN. */
    static float exp(float x) {
        float clamped = clamp(x);
        float rounded = clamped * LOG2_E + ROUNDER;
        return reducedExp(clamped, rounded - ROUNDER) * powerOfTwo(rounded);
    }

    /**
     * Replaces the values {@code from} to {@code to} by their {@link #exp(float)}, bit for bit, six times as fast: a loop
     * without a change between float and int is one that the JIT compiles to vector instructions, so there are two.
     *
     * @param scratch at least {@code to} floats, overwritten
     */
    static void exp(float[] x, int from, int to, float[] scratch) {
        for (int i = from; i < to; i++) {
            float clamped = clamp(x[i]);
            float rounded = clamped * LOG2_E + ROUNDER;
            scratch[i] = rounded;
            x[i] = reducedExp(clamped, rounded - ROUNDER);
        }
        for (int i = from; i < to; i++) {
            x[i] *= powerOfTwo(scratch[i]);
        }
    }

    private static float clamp(float x) {
        return Math.min(Math.max(x, SMALLEST), LARGEST);
    }

    /** {@code e^r} where {@code x = n ln 2 + r} with {@code |r| <= ln 2 / 2}, so that {@code e^x = 2^n e^r}. */
    private static float reducedExp(float x, float n) {
        float r = x - n * LN2_HIGH - n * LN2_LOW;
        float p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        return p * (r * r) + r + 1;
    }

    /** {@code 2^n}: the low bits of {@code n + ROUNDER} are n itself, which is shifted into the field of the exponent. */
    private static float powerOfTwo(float rounded) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(rounded) << 23) + 0x3f800000);
    }

    /**
     * Replaces the first {@code count} values by their {@code tanh}; NaN gives NaN. Both formulas are reckoned for each of
     * them, and one chosen by its bits: no processor foresees which it will be, so a branch took more than twice as long.
     *
     * @param scratch at least {@code count} floats, overwritten
     */
    static void tanh(float[] x, int count, float[] scratch) {
        for (int i = 0; i < count; i++) {
            scratch[i] = clamp(2 * Math.abs(x[i])) * LOG2_E + ROUNDER;
        }
        for (int i = 0; i < count; i++) {
            scratch[i] = powerOfTwo(scratch[i]);
        }
        for (int i = 0; i < count; i++) {
            float clamped = clamp(2 * Math.abs(x[i]));
            float exp = reducedExp(clamped, clamped * LOG2_E + ROUNDER - ROUNDER) * scratch[i];
            scratch[i] = 1 - 2 / (exp + 1);
        }
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(x[i]);
            int magnitude = bits & Integer.MAX_VALUE;
            int far = (FORMULAS_MEET - 1 - magnitude) >> 31;
            int tanh = Float.floatToRawIntBits(scratch[i]) | (bits ^ magnitude);
            x[i] = Float.intBitsToFloat((tanh & far) | (Float.floatToRawIntBits(tanhNearZero(x[i])) & ~far));
        }
    }

    private static float tanhNearZero(float x) {
        float s = x * x;
        float p = -5.70498872745e-3f;
        p = p * s + 2.06390887954e-2f;
        p = p * s - 5.37397155531e-2f;
        p = p * s + 1.33314422036e-1f;
        p = p * s - 3.33332819422e-1f;
        return p * s * x + x;
    }
}
