package io.treegrad.common;

/**
 * A failure that the user can mend. Its message names what was found, what was expected and what to do, and is shown
 * without a stack trace; its kind decides the exit code of the process. Every other exception is a bug (exit code 1).
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What went wrong, as a scheduler needs to know it. */
    public enum Kind {
        USAGE(2),
        BAD_DATA(65),
        INPUT_MISSING(66),
        CANNOT_WRITE(73),
        TRY_AGAIN(75),
        BAD_CONFIGURATION(78),
        GATE_NOT_MET(80),
        DIVERGED(81),
        NO_CHECKPOINT(82),
        /** Stopped by a signal, after saving what there was to save. */
        STOPPED(143);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    public UserError(Kind kind, String message) {
        this(kind, message, null);
    }

    public UserError(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
