package io.treegrad.cli;

import io.treegrad.common.Redaction;
import java.io.PrintStream;

/**
 * Passes text on without credentials, whoever printed it; bytes as they are. A path must be printed as a whole, which
 * {@code printf} does with its arguments.
 */
final class RedactedPrintStream extends PrintStream {
    private final PrintStream target;

    RedactedPrintStream(PrintStream target) {
        super(target, true);
        this.target = target;
    }

    /** What all other methods come down to that print more than a character. The target encodes it. */
    @Override
    public void print(String text) {
        target.print(Redaction.redact(String.valueOf(text)));
    }
}
