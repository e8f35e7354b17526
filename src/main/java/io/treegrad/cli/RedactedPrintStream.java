package io.treegrad.cli;

import io.treegrad.common.Redaction;
import java.io.PrintStream;

/**
 * Removes credentials from all printed text; bytes pass unchanged. A path must be printed as a whole, as {@code printf}
 * does with its arguments.
 */
final class RedactedPrintStream extends PrintStream {
    private final PrintStream target;

    RedactedPrintStream(PrintStream target) {
        super(target, true);
        this.target = target;
    }

    /** All methods that print more than one character call this one. The target encodes the text. */
    @Override
    public void print(String text) {
        target.print(Redaction.redact(String.valueOf(text)));
    }
}
