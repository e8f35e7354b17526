package io.treegrad.settings;

/**
 * How the learning rate changes: {@code [warmup:EPOCHS+]DECAY}, where DECAY is {@code constant},
 * {@code step:EPOCHS:FACTOR} (times FACTOR after every EPOCHS epochs) or {@code cosine[:FLOOR]} (half a cosine from the
 * full rate down to FLOOR times it; FLOOR is 0 when not written). EPOCHS may be fractions. {@code warmup:EPOCHS} alone
 * is followed by {@code constant}.
 *
 * @param warmupEpochs length of the linear rise from zero, in epochs; 0 for none
 * @param decay what follows the rise, with one of the three names above
 */
public record ScheduleForm(double warmupEpochs, Form decay) {

    static boolean isSchedule(String text) {
        String[] parts = text.split("\\+", -1);
        return switch (parts.length) {
            case 1 -> Form.isDecay(text) || Form.isWarmup(text);
            case 2 -> Form.isWarmup(parts[0]) && Form.isDecay(parts[1]);
            default -> false;
        };
    }

    /** {@code text} must be one that {@link #isSchedule} accepts. */
    static ScheduleForm parse(String text) {
        String[] parts = text.split("\\+", -1);
        double warmupEpochs = Form.isWarmup(parts[0]) ? Form.parse(parts[0]).argument(0, 0) : 0;
        String last = parts[parts.length - 1];
        return new ScheduleForm(warmupEpochs, Form.parse(Form.isWarmup(last) ? "constant" : last));
    }
}
