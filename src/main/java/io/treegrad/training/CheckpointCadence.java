package io.treegrad.training;

import io.treegrad.common.Decimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How often a state is saved: every {@code count} epochs, steps or minutes, written {@code 1e}, {@code 100s},
 * {@code 5m}.
 */
public record CheckpointCadence(Unit unit, long count) {
    /** What is counted. */
    enum Unit {
        EPOCHS('e'),
        STEPS('s'),
        MINUTES('m');

        private final char letter;

        Unit(char letter) {
            this.letter = letter;
        }
    }

    private static final long MOST = 999_999_999;

    /** Empty if the text has another form. */
    public static Optional<CheckpointCadence> parse(String text) {
        int last = text.length() - 1;
        for (Unit unit : Unit.values()) {
            if (last > 0 && text.charAt(last) == unit.letter) {
                OptionalLong count = Decimal.whole(text.substring(0, last));
                if (count.isPresent() && count.getAsLong() >= 1 && count.getAsLong() <= MOST) {
                    return Optional.of(new CheckpointCadence(unit, count.getAsLong()));
                }
            }
        }
        return Optional.empty();
    }

    public boolean isDue(TrainingState state, long nanosSinceTheLast) {
        return switch (unit) {
            case EPOCHS -> state.sums().rows() == 0 && state.epochs().size() % count == 0;
            case STEPS -> state.step() % count == 0;
            case MINUTES -> nanosSinceTheLast >= TimeUnit.MINUTES.toNanos(count);
        };
    }
}
