package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void theStreamIsThatOfTheJdkGeneratorFromTheSamePaper() {
        for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE, 0x123456789ABCDEFL}) {
            SplitMix64 random = new SplitMix64(seed);
            SplittableRandom expected = new SplittableRandom(seed);
            for (int i = 0; i < 1000; i++) {
                assertEquals(expected.nextLong(), random.nextLong(), "seed " + seed + ", value " + i);
            }
        }
    }

    @Test
    void everyIntegerBelowTheBoundIsEquallyLikely() {
        for (int bound : new int[] {1, 2, 3, 7, 10, 64}) {
            SplitMix64 random = new SplitMix64(bound);
            int[] seen = new int[bound];
            int draws = 20_000 * bound;
            for (int i = 0; i < draws; i++) {
                seen[random.nextInt(bound)]++;
            }
            for (int value = 0; value < bound; value++) {
                assertEquals(20_000, seen[value], 5 * StrictMath.sqrt(20_000), "bound " + bound + ", value " + value);
            }
        }
    }

    @Test
    void aBoundThatDoesNotDivideTheSourceIsNotBiased() {
        // With bound 3 * 2^29 a plain modulo or product would give one third of the values twice the weight.
        int bound = 3 << 29;
        SplitMix64 random = new SplitMix64(5);
        int[] thirds = new int[3];
        for (int i = 0; i < 300_000; i++) {
            thirds[random.nextInt(bound) % 3]++;
        }
        for (int third : thirds) {
            assertEquals(100_000, third, 5 * StrictMath.sqrt(100_000));
        }
    }

    @Test
    void aBoundBelowOneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SplitMix64(1).nextInt(0));
        assertThrows(IllegalArgumentException.class, () -> new SplitMix64(1).nextInt(-5));
    }

    @Test
    void doublesFillTheUnitInterval() {
        SplitMix64 random = new SplitMix64(11);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 100_000; i++) {
            double value = random.nextDouble();
            assertTrue(value >= 0 && value < 1, () -> "not in [0, 1): " + value);
            sum += value;
            squares += value * value;
        }
        assertEquals(1.0 / 2, sum / 100_000, 0.005);
        assertEquals(1.0 / 3, squares / 100_000, 0.005);
    }

    @Test
    void gaussiansHaveTheirMoments() {
        SplitMix64 random = new SplitMix64(13);
        double[] moments = new double[5];
        int draws = 400_000;
        for (int i = 0; i < draws; i++) {
            double value = random.nextGaussian();
            double power = 1;
            for (int m = 0; m < moments.length; m++) {
                moments[m] += power;
                power *= value;
            }
        }
        assertEquals(0, moments[1] / draws, 0.01);
        assertEquals(1, moments[2] / draws, 0.02);
        assertEquals(0, moments[3] / draws, 0.03);
        assertEquals(3, moments[4] / draws, 0.1);
    }

    @Test
    void aGaussianIsAlwaysFinite() {
        SplitMix64 random = new SplitMix64(17);
        for (int i = 0; i < 100_000; i++) {
            assertTrue(Double.isFinite(random.nextGaussian()));
        }
    }

    @Test
    void mixedSeedsDependOnEachWordItsPlaceAndTheirNumber() {
        assertEquals(SplitMix64.mix(1, 2, 3), SplitMix64.mix(1, 2, 3));
        assertNotEquals(SplitMix64.mix(1, 2, 3), SplitMix64.mix(3, 2, 1));
        assertNotEquals(SplitMix64.mix(0), SplitMix64.mix(0, 0));
        assertNotEquals(SplitMix64.mix(), SplitMix64.mix(0));
        Set<Long> seeds = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            for (int epoch = 0; epoch < 50; epoch++) {
                for (int shard = 0; shard < 64; shard++) {
                    seeds.add(SplitMix64.mix(seed, epoch, shard));
                }
            }
        }
        assertEquals(20 * 50 * 64, seeds.size());
    }
}
