package io.treegrad.training;

/** The learning rate of each step, a pure function of its number. */
public sealed interface LearningRateSchedule {
    double at(long step);

    record Constant(double rate) implements LearningRateSchedule {
        @Override
        public double at(long step) {
            return rate;
        }
    }

    /** Multiplied by {@code factor} after every {@code stepsPerDrop} steps. */
    record StepDecay(double rate, long stepsPerDrop, double factor) implements LearningRateSchedule {
        @Override
        public double at(long step) {
            long drops = step / stepsPerDrop;
            return rate * StrictMath.pow(factor, (double) drops);
        }
    }

    /**
     * From {@code rate} along half a cosine to {@code floor} after {@code steps} steps: I. Loshchilov, F. Hutter, "SGDR",
     * ICLR (2017), equation (5), without restarts.
     */
    record Cosine(double rate, double floor, long steps) implements LearningRateSchedule {
        @Override
        public double at(long step) {
            double progress = Math.min(1, (double) step / steps);
            return floor + (rate - floor) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
        }
    }

    /** Rises in equal parts to what {@code then} asks for over the first {@code steps} steps. */
    record Warmup(long steps, LearningRateSchedule then) implements LearningRateSchedule {
        @Override
        public double at(long step) {
            return then.at(step) * Math.min(1, (step + 1.0) / (steps + 1.0));
        }
    }
}
