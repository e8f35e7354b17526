package io.treegrad.spark;

import java.time.Duration;

/**
 * How long to wait for an answer of all tasks before they count as hung: many times what the last answer let expect, so
 * that a slow machine is only slow, and twice as long after each wait in vain. Not thread-safe.
 */
final class AnswerLimit {
    /** No answer takes so many times as long because of other load on its machine, a garbage collection and the like. */
    private static final int MARGIN = 20;

    private Duration least;
    private double nanosPerRow;

    /** @param least also what holds until an answer was measured */
    AnswerLimit(Duration least) {
        this.least = least;
    }

    /** For a request that computes on so many rows. */
    Duration of(long rows) {
        Duration expected = Duration.ofNanos((long) Math.min(Long.MAX_VALUE / 2.0, MARGIN * nanosPerRow * rows));
        return expected.compareTo(least) > 0 ? expected : least;
    }

    void answered(long rows, long nanos) {
        nanosPerRow = nanos / (double) Math.max(1, rows);
    }

    void waitedInVain() {
        least = least.multipliedBy(2);
    }
}
