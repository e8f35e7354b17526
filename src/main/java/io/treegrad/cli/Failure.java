package io.treegrad.cli;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A failed command as its user sees it. Never prints the words that schedulers search a log for ("exit code:" and the
 * names of cluster applications and drivers).
 *
 * @param bug what to print the stack of; null for a failure the user can mend
 */
record Failure(int exitCode, String message, Throwable bug) {
    private static final int MOST_LINES = 15;
    private static final int MOST_CAUSES = 50;

    /** A user error counts wherever it is among the causes: Spark wraps what a task throws. */
    static Failure of(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof UserError error) {
                return new Failure(error.kind().exitCode(), Printable.redacted(error.getMessage()), null);
            }
            cause = cause.getCause();
        }
        return new Failure(1, Printable.redacted(String.valueOf(thrown)), thrown);
    }

    void print(PrintStream err) {
        if (bug == null) {
            (Syntax.PROGRAM + ": " + message).lines().limit(MOST_LINES).forEach(err::println);
            return;
        }
        StringWriter stack = new StringWriter();
        bug.printStackTrace(new PrintWriter(stack));
        err.print(Printable.redacted(stack.toString()));
        err.println(Syntax.PROGRAM + ": this is a bug. Please report it with the lines above and the options used.");
    }
}
