package io.treegrad.training;

import io.treegrad.common.NameWithNumbers;
import java.util.List;
import java.util.Optional;

/**
 * How the learning rate changes over a training: a pure function of the step. Lengths are in epochs, so that a schedule
 * means the same at any batch size.
 */
public sealed interface LearningRateSchedule {
    /** How schedules are written. EPOCHS may be a fraction; FLOOR is 0 by default; a cosine lasts as long as the training by default. */
    String FORMS = "constant, step:EPOCHS:FACTOR or cosine[:FLOOR[:EPOCHS]], each after [warmup:EPOCHS+]";

    /**
     * The learning rate of a step.
     *
     * @param rate the full rate
     * @param step number of the step, from 0
     * @param length of the whole training
     */
    double at(double rate, long step, TrainingLength length);

    /** The same rates as in a training of so many epochs, however long the training is. */
    LearningRateSchedule over(long epochs);

    /** As {@link #parse} reads it. */
    String text();

    /**
     * The schedule that {@code text} describes; empty if there is none. {@code warmup:EPOCHS} alone is followed by
     * constant.
     */
    static Optional<LearningRateSchedule> parse(String text) {
        String[] parts = text.split("\\+", -1);
        Optional<NameWithNumbers> first = NameWithNumbers.parse(parts[0]);
        boolean warmup = first.isPresent() && first.get().is("warmup", 1);
        if (!warmup) {
            return parts.length == 1 ? first.flatMap(LearningRateSchedule::decay) : Optional.empty();
        }
        double epochs = first.get().number(0);
        Optional<LearningRateSchedule> then =
                switch (parts.length) {
                    case 1 -> Optional.of(new Constant());
                    case 2 -> NameWithNumbers.parse(parts[1]).flatMap(LearningRateSchedule::decay);
                    default -> Optional.empty();
                };
        return epochs > 0 ? then.map(decay -> new Warmup(epochs, decay)) : Optional.empty();
    }

    private static Optional<LearningRateSchedule> decay(NameWithNumbers parsed) {
        if (parsed.is("constant", 0)) {
            return Optional.of(new Constant());
        }
        if (parsed.is("step", 2) && parsed.number(0) > 0 && parsed.number(1) > 0 && parsed.number(1) <= 1) {
            return Optional.of(new Step(parsed.number(0), parsed.number(1)));
        }
        if (parsed.is("cosine", 0)) {
            return Optional.of(new Cosine(0));
        }
        boolean falls = parsed.is("cosine", 1) || (parsed.is("cosine", 2) && parsed.number(1) > 0);
        if (falls && parsed.number(0) >= 0 && parsed.number(0) <= 1) {
            List<Double> epochs = parsed.numbers().subList(1, parsed.numbers().size());
            return Optional.of(new Cosine(parsed.number(0), epochs.stream().findFirst()));
        }
        return Optional.empty();
    }

    /** The full rate at every step. */
    record Constant() implements LearningRateSchedule {
        @Override
        public double at(double rate, long step, TrainingLength length) {
            return rate;
        }

        @Override
        public LearningRateSchedule over(long epochs) {
            return this;
        }

        @Override
        public String text() {
            return "constant";
        }
    }

    /** The rate is multiplied by {@code factor} after every {@code epochs} epochs. */
    record Step(double epochs, double factor) implements LearningRateSchedule {
        @Override
        public double at(double rate, long step, TrainingLength length) {
            long drops = step / length.stepsOf(epochs);
            return rate * StrictMath.pow(factor, (double) drops);
        }

        @Override
        public LearningRateSchedule over(long of) {
            return this;
        }

        @Override
        public String text() {
            return NameWithNumbers.text("step", epochs, factor);
        }
    }

    /**
     * Half a cosine from the full rate down to {@code floor} times that rate, where it stays: I. Loshchilov, F. Hutter,
     * "SGDR", ICLR (2017), equation (5), without restarts.
     *
     * @param epochs that the fall takes; empty for all of the training
     */
    record Cosine(double floor, Optional<Double> epochs) implements LearningRateSchedule {
        public Cosine(double floor) {
            this(floor, Optional.empty());
        }

        @Override
        public double at(double rate, long step, TrainingLength length) {
            long steps = epochs.isPresent() ? length.stepsOf(epochs.get()) : length.steps();
            double progress = Math.min(1, (double) step / steps);
            double lowest = rate * floor;
            return lowest + (rate - lowest) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
        }

        @Override
        public LearningRateSchedule over(long of) {
            return epochs.isPresent() ? this : new Cosine(floor, Optional.of((double) of));
        }

        @Override
        public String text() {
            return epochs.isPresent()
                    ? NameWithNumbers.text("cosine", floor, epochs.get())
                    : NameWithNumbers.text("cosine", floor);
        }
    }

    /** Rises linearly to the rate of {@code then} over the first {@code epochs} epochs. */
    record Warmup(double epochs, LearningRateSchedule then) implements LearningRateSchedule {
        @Override
        public double at(double rate, long step, TrainingLength length) {
            return then.at(rate, step, length) * Math.min(1, (step + 1.0) / (length.stepsOf(epochs) + 1.0));
        }

        @Override
        public LearningRateSchedule over(long of) {
            return new Warmup(epochs, then.over(of));
        }

        @Override
        public String text() {
            return NameWithNumbers.text("warmup", epochs) + "+" + then.text();
        }
    }
}
