package io.treegrad.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How an unsigned byte u of feature p becomes an input: {@code x = a_p u + c_p}, with {@code a_p u} in one rounding.
 * Immutable.
 */
public final class ByteScale implements Serializable {
    private static final long serialVersionUID = 1;

    /** {@code a u} of each byte, where all features have the same a; else null.   [256] */
    private final float[] products;
    /** {@code 1 / a_p}, where they differ; else null.   [features] */
    private final float[] divisors;
    /** {@code c_p}, or null where all are zero.   [features] */
    private final float[] constants;

    private ByteScale(float[] products, float[] divisors, float[] constants) {
        this.products = products;
        this.divisors = divisors;
        this.constants = constants;
    }

    /**
     * The same for each feature.
     *
     * @param products {@code a u} of each byte, kept; zero for zero   [256]
     */
    public static ByteScale shared(float[] products, float constant, int features) {
        float[] constants = null;
        if (constant != 0) {
            constants = new float[features];
            Arrays.fill(constants, constant);
        }
        return new ByteScale(products, null, constants);
    }

    /** {@code (u - mean_p) / divisor_p}; both arrays are kept.   [features] */
    public static ByteScale standard(float[] mean, float[] divisors) {
        float[] constants = new float[mean.length];
        for (int p = 0; p < mean.length; p++) {
            constants[p] = -mean[p] / divisors[p];
        }
        return new ByteScale(null, divisors, constants);
    }

    /**
     * Writes {@code a_p u} of the bytes of a row that are not zero.
     *
     * @param occupied bit p of {@code words} words from {@code firstWord} on tells whether byte p is one of them
     * @param bytes those bytes, {@code count} of them from {@code firstByte} on
     * @param target gets as many products, from {@code at} on
     */
    void products(
            long[] occupied, int firstWord, int words, byte[] bytes, int firstByte, float[] target, int at, int count) {
        if (products != null) {
            for (int i = 0; i < count; i++) {
                target[at + i] = products[bytes[firstByte + i] & 0xFF];
            }
            return;
        }
        int i = 0;
        for (int word = 0; word < words; word++) {
            for (long bits = occupied[firstWord + word]; bits != 0; bits &= bits - 1) {
                int feature = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                target[at + i] = (bytes[firstByte + i] & 0xFF) / divisors[feature];
                i++;
            }
        }
    }

    float constant(int feature) {
        return constants == null ? 0 : constants[feature];
    }

    /** Null where all are zero. */
    float[] constants() {
        return constants;
    }
}
