package io.treegrad.data;

/** Choices of rows and numbers that stand for rows; the same wherever they are made. */
public final class Sampling {
    /** 2^64 divided by the golden ratio: a multiplier that mixes bits. */
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private Sampling() {}

    /** So many numbers from 0 to {@code of - 1}, evenly spaced; all of them if there are not more. */
    public static int[] evenlySpaced(int count, int of) {
        int[] chosen = new int[Math.min(count, of)];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = (int) ((long) i * of / chosen.length);
        }
        return chosen;
    }

    /** A hash that another word is added to. */
    static long mixed(long hash, long word) {
        long mixed = (hash ^ word) * ODD;
        return mixed ^ mixed >>> 29;
    }
}
