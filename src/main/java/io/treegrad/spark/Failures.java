package io.treegrad.spark;

import io.treegrad.common.UserError;

/** Finds in what Spark throws what its tasks threw. */
final class Failures {
    private Failures() {}

    /** The user's error that made a job fail, or else the failure itself, unchecked. */
    static RuntimeException unwrapped(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserError error) {
                return error;
            }
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /**
     * The reason that Spark gives for the end of a barrier job, in one line: what follows its first line, which only says
     * that the job ended, and precedes the stack trace, which it holds as text.
     */
    static String reason(Throwable failure) {
        String[] lines = String.valueOf(failure.getMessage()).split("\n");
        return lines.length == 1 || lines[1].startsWith("\tat ") ? lines[0] : lines[1];
    }
}
