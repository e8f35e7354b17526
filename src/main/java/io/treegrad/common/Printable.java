package io.treegrad.common;

/** Text of the user as it may be shown again: on one line, not endless, and without a password. */
public final class Printable {
    private static final int LIMIT = 100;

    private Printable() {}

    /** In quotation marks, for a message. */
    public static String quoted(String text) {
        return '"' + plain(text) + '"';
    }

    /** Redacted and cut to length, control characters as their Java escapes. */
    public static String plain(String text) {
        String safe = Redaction.redact(text);
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
