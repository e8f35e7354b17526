package io.treegrad.cli;

import java.io.PrintStream;

/** Where progress is shown. */
sealed interface ProgressSurface permits ProgressSurface.Quiet, ProgressSurface.Lines, ProgressBarLine {
    /** The time from one {@link #moment} to the next. */
    long intervalNanos();

    void start(long steps);

    /** Shows the progress after {@code done} steps, until the next moment. */
    void moment(long done, String text);

    /** Shows a finished epoch, in a line that stays. */
    void epoch(String text);

    /** Shows a sentence that is not progress. */
    void say(String sentence);

    void finish();

    /** Sentences only. */
    record Quiet(PrintStream err) implements ProgressSurface {
        @Override
        public long intervalNanos() {
            return Long.MAX_VALUE / 2; // half, so that a time plus this does not overflow
        }

        @Override
        public void start(long steps) {}

        @Override
        public void moment(long done, String text) {}

        @Override
        public void epoch(String text) {}

        @Override
        public void say(String sentence) {
            err.println(sentence);
        }

        @Override
        public void finish() {}
    }

    /** One line after the other, for a log. */
    record Lines(PrintStream err, long intervalNanos) implements ProgressSurface {
        Lines(PrintStream err) {
            this(err, 5_000_000_000L);
        }

        @Override
        public void start(long steps) {}

        @Override
        public void moment(long done, String text) {
            err.println(text);
        }

        @Override
        public void epoch(String text) {
            err.println(text);
        }

        @Override
        public void say(String sentence) {
            err.println(sentence);
        }

        @Override
        public void finish() {
            err.flush();
        }
    }
}
