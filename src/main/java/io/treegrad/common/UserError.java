package io.treegrad.common;

import java.util.List;

/**
 * A failure that the user can fix. Its message names what was found, what was expected and what to do, and is shown
 * without a stack trace; its kind decides the exit code of the process. {@link Ending} tells how other
 * exceptions end it.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What went wrong. The exit code tells it to a scheduler. */
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
        /** Stopped by a signal, after saving any progress. */
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
    private final List<String> settings;

    public UserError(Kind kind, String message) {
        this(kind, message, null);
    }

    public UserError(Kind kind, String message, Throwable cause) {
        this(kind, message, cause, List.of());
    }

    private UserError(Kind kind, String message, Throwable cause, List<String> settings) {
        super(message, cause);
        this.kind = kind;
        this.settings = settings;
    }

    /**
     * The same error, with the settings that fix it. The message does not say how the user sets them: as an option, a
     * Spark key or a line in a file.
     *
     * @param names of settings, such as {@code learning-rate}
     */
    public UserError fixedBy(String... names) {
        return new UserError(kind, getMessage(), getCause(), List.of(names));
    }

    /** Names of the settings that fix it, the likeliest first; empty if no setting does. */
    public List<String> settings() {
        return settings;
    }

    /** The same error without its causes, which might not be serializable. */
    public UserError withoutCause() {
        return new UserError(kind, getMessage(), null, settings);
    }

    public Kind kind() {
        return kind;
    }
}
