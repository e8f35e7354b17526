package io.treegrad.network;

/**
 * A small pseudo-random generator whose whole state is one {@code long}, so that a stream can be started anywhere from
 * a few numbers (seed, epoch, shard) and needs no stored state to resume. Every method gives the same bits on every
 * machine. Not thread-safe and not for secrets.
 *
 * <p>Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
 * <a href="https://doi.org/10.1145/2660193.2660195">doi:10.1145/2660193.2660195</a>, with the fixed increment of that
 * paper and the mixing constants of D. Stafford's variant 13.
 */
public final class SplitMix64 {
    /** 2^64 divided by the golden ratio, made odd: consecutive states are spread evenly. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final double TO_UNIT = 0x1.0p-53;

    private long state;

    public SplitMix64(long seed) {
        state = seed;
    }

    /** One seed from several words; the order and the number of the words matter. */
    public static long mix(long... words) {
        long hash = finish(words.length);
        for (long word : words) {
            hash = finish(hash + GOLDEN_GAMMA + word);
        }
        return hash;
    }

    public long nextLong() {
        state += GOLDEN_GAMMA;
        return finish(state);
    }

    /**
     * Uniform in {@code [0, bound)}, without bias: the few values of the source that would favour small results are
     * drawn again. Source: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("The bound is " + bound + ", expected at least 1.");
        }
        long product = (nextLong() >>> 32) * bound;
        long low = product & 0xFFFF_FFFFL;
        if (low < bound) {
            long biased = (1L << 32) % bound;
            while (low < biased) {
                product = (nextLong() >>> 32) * bound;
                low = product & 0xFFFF_FFFFL;
            }
        }
        return (int) (product >>> 32);
    }

    /** Uniform in {@code [0, 1)}, a multiple of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * TO_UNIT;
    }

    /**
     * Normal with mean 0 and deviation 1, by Box and Muller (1958). Always consumes two words and keeps no second
     * value back, so that the state stays one {@code long}.
     */
    public double nextGaussian() {
        double radius = StrictMath.sqrt(-2.0 * StrictMath.log(1.0 - nextDouble())); // 1 - u is in (0, 1]
        return radius * StrictMath.cos(2.0 * Math.PI * nextDouble());
    }

    /** A bijection of the 64-bit words in which every input bit moves about half of the output bits. */
    private static long finish(long word) {
        word = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
        word = (word ^ (word >>> 27)) * 0x94D049BB133111EBL;
        return word ^ (word >>> 31);
    }
}
