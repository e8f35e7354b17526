package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.network.SplitMix64;
import io.treegrad.training.LossTrace;
import org.junit.jupiter.api.Test;

class StepLossesTest {
    @Test
    void aShortRunKeepsEveryStep() {
        float[] losses = new float[2048];
        for (int step = 0; step < losses.length; step++) {
            losses[step] = 1f / (step + 1);
        }
        StepLosses steps = StepLosses.of(losses, 1);
        assertEquals(2048, steps.points());
        assertEquals(1, steps.width());
        assertEquals(1.0 / 2048, steps.lowest(2047));
        assertEquals(1.0 / 2048, steps.mean(2047));
        assertEquals(1.0 / 2048, steps.highest(2047));
    }

    @Test
    void aLongRunKeepsTheEnvelopeOfItsSteps() {
        long seed = 42;
        SplitMix64 random = new SplitMix64(seed);
        float[] losses = new float[50_001];
        for (int step = 0; step < losses.length; step++) {
            losses[step] = (float) random.nextDouble() * 3;
        }
        StepLosses steps = StepLosses.of(losses, 1);
        assertEquals(32, steps.width()); // 50001 / 2048 is 24.4: the next power of two
        assertEquals(1563, steps.points()); // 50001 / 32 is 1562.5
        for (int point = 0; point < steps.points(); point++) {
            double lowest = Double.POSITIVE_INFINITY;
            double highest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int count = 0;
            for (int step = 32 * point; step < Math.min(losses.length, 32 * (point + 1)); step++) {
                lowest = Math.min(lowest, losses[step]);
                highest = Math.max(highest, losses[step]);
                sum += losses[step];
                count++;
            }
            assertEquals(lowest, steps.lowest(point), "seed " + seed + ", point " + point);
            assertEquals(highest, steps.highest(point), "seed " + seed + ", point " + point);
            assertEquals(sum / count, steps.mean(point), 1e-12, "seed " + seed + ", point " + point);
        }
    }

    @Test
    void aTraceThatWasThinnedKeepsItsSteps() {
        StepLosses steps = StepLosses.of(new LossTrace(new float[4096], 8, 0, 0));
        assertEquals(16, steps.width());
        assertEquals(2048, steps.points());
    }

    @Test
    void aRunWithoutStepsHasNoPoints() {
        assertEquals(0, StepLosses.of(new float[0], 1).points());
    }
}
