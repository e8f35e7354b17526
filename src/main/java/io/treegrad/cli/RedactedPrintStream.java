package io.treegrad.cli;

import io.treegrad.common.Printable;
import java.io.PrintStream;

/**
 * Removes credentials from all printed text, and what a terminal would obey: names and labels come from files. Bytes pass
 * unchanged, and so does a line that begins with a carriage return, as only progress does. A path must be printed as a whole, as {@code printf}
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
        String printed = String.valueOf(text);
        boolean progress = printed.startsWith("\r");
        target.print(progress ? printed.replaceAll("[\\p{Cntrl}&&[^\r\n]]", "?") : Printable.onTerminal(printed));
    }
}
