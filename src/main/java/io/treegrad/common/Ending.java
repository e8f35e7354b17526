package io.treegrad.common;

import java.io.IOException;
import java.util.List;

/**
 * How a process ends after an exception.
 *
 * @param message without passwords
 * @param settings names of the settings that fix it
 * @param isBug whether the user cannot fix it
 */
public record Ending(int exitCode, String message, List<String> settings, boolean isBug) {
    private static final int BUG = 1;
    private static final int MOST_CAUSES = 50;

    /**
     * A user error counts wherever it is among the causes, because Spark wraps what a task throws. So does what
     * {@link OutsideFailure} knows.
     */
    public static Ending of(Throwable thrown) {
        UserError error = userErrorIn(thrown);
        if (error == null) {
            error = OutsideFailure.ofPlatform(thrown);
        }
        IOException access = OutsideFailure.accessIn(thrown);
        if (error == null && access != null) {
            error = OutsideFailure.of(access);
        }
        return error == null
                ? new Ending(BUG, Redaction.redact(String.valueOf(thrown)), List.of(), true)
                : new Ending(error.kind().exitCode(), Redaction.redact(error.getMessage()), error.settings(), false);
    }

    private static UserError userErrorIn(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof UserError error) {
                return error;
            }
            cause = cause.getCause();
        }
        return null;
    }
}
