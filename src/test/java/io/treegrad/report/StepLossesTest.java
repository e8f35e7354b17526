package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.SplitMix64;
import org.junit.jupiter.api.Test;

class StepLossesTest {
    @Test
    void aShortRunKeepsEveryStep() {
        StepLosses losses = new StepLosses();
        assertTrue(losses.isEmpty());
        for (int step = 0; step < 2048; step++) {
            losses.add(step, 1.0 / (step + 1));
        }
        assertEquals(1, losses.width());
        assertEquals(1.0 / 2048, losses.mean(2047));
        assertEquals(1.0 / 2048, losses.lowest(2047));
        assertEquals(1.0 / 2048, losses.highest(2047));
    }

    @Test
    void aLongRunKeepsTheEnvelopeOfItsSteps() {
        long seed = 42;
        SplitMix64 random = new SplitMix64(seed);
        int steps = 50_000;
        double[] all = new double[steps];
        StepLosses losses = new StepLosses();
        for (int step = 0; step < steps; step++) {
            all[step] = random.nextDouble() * 3;
            losses.add(step, all[step]);
        }
        assertEquals(32, losses.width()); // 50000 / 2048 is 24.4: the next power of two
        for (int bucket = 0; bucket < losses.buckets(); bucket++) {
            double lowest = Double.POSITIVE_INFINITY;
            double highest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int count = 0;
            for (int step = 32 * bucket; step < Math.min(steps, 32 * (bucket + 1)); step++) {
                lowest = Math.min(lowest, all[step]);
                highest = Math.max(highest, all[step]);
                sum += all[step];
                count++;
            }
            assertEquals(count, losses.count(bucket));
            if (count > 0) {
                assertEquals(lowest, losses.lowest(bucket), "seed " + seed + ", bucket " + bucket);
                assertEquals(highest, losses.highest(bucket), "seed " + seed + ", bucket " + bucket);
                assertEquals(sum / count, losses.mean(bucket), 1e-12, "seed " + seed + ", bucket " + bucket);
            }
        }
    }

    @Test
    void aResumedRunBeginsWhereItWas() {
        StepLosses losses = new StepLosses();
        losses.add(1_000_000, 0.5);
        losses.add(1_000_001, 0.25);
        assertEquals(512, losses.width());
        assertEquals(0, losses.count(0));
        assertEquals(2, losses.count(1_000_000 / 512));
        assertEquals(0.375, losses.mean(1_000_000 / 512));
    }

    @Test
    void aLossThatIsNoNumberIsLeftOut() {
        StepLosses losses = new StepLosses();
        losses.add(0, Double.NaN);
        losses.add(1, Double.POSITIVE_INFINITY);
        assertTrue(losses.isEmpty());
        assertThrows(IllegalArgumentException.class, () -> losses.add(-1, 1));
    }
}
