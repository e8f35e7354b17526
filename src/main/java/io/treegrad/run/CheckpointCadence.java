package io.treegrad.run;

import io.treegrad.training.TrainingState;
import java.util.concurrent.TimeUnit;

/** How often to save, as {@code --checkpoint-every} says it: {@code 1e}, {@code 100s}, {@code 5m} or {@code none}. */
record CheckpointCadence(Unit unit, long count) {
    /** What is counted. */
    enum Unit {
        EPOCHS,
        STEPS,
        MINUTES,
        NEVER
    }

    /** {@code text} must have been accepted by the rule of its setting. */
    static CheckpointCadence parse(String text) {
        if (text.equals("none")) {
            return new CheckpointCadence(Unit.NEVER, 0);
        }
        int last = text.length() - 1;
        Unit unit =
                switch (text.charAt(last)) {
                    case 'e' -> Unit.EPOCHS;
                    case 's' -> Unit.STEPS;
                    case 'm' -> Unit.MINUTES;
                    default -> throw new IllegalArgumentException(text);
                };
        return new CheckpointCadence(unit, Long.parseLong(text.substring(0, last)));
    }

    boolean isDue(TrainingState state, long nanosSinceTheLast) {
        return switch (unit) {
            case EPOCHS -> state.sums().rows() == 0 && state.epochs().size() % count == 0;
            case STEPS -> state.step() % count == 0;
            case MINUTES -> nanosSinceTheLast >= TimeUnit.MINUTES.toNanos(count);
            case NEVER -> false;
        };
    }
}
