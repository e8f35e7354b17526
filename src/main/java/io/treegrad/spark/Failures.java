package io.treegrad.spark;

import io.treegrad.network.UserError;

/** Finds in what Spark throws what its tasks threw. */
final class Failures {
    private Failures() {}

    /** The user's error that made a job fail, or else the failure itself, unchecked. */
    static RuntimeException unwrapped(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserError error) {
                return error;
            }
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }
}
