package io.treegrad.cli;

import io.treegrad.data.Credentials;

/** Text of the user as it may be shown again: on one line, not endless, and without a password. */
final class Shown {
    private static final int LIMIT = 100;

    private Shown() {}

    /** In quotation marks, for a message. */
    static String quoted(String text) {
        return '"' + plain(text) + '"';
    }

    /** Whole, but {@code user:password} of a URL becomes three asterisks. */
    static String redacted(String text) {
        return Credentials.hidden(text);
    }

    /** Redacted and cut to length, control characters as their Java escapes. */
    static String plain(String text) {
        String safe = redacted(text);
        StringBuilder shown = new StringBuilder();
        safe.codePoints().limit(LIMIT).forEach(c -> {
            if (Character.isISOControl(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return safe.codePointCount(0, safe.length()) > LIMIT ? shown + "..." : shown.toString();
    }
}
