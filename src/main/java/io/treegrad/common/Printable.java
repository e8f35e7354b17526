package io.treegrad.common;

/** A user's text, made safe to show: on one line, at most 100 characters, without passwords. */
public final class Printable {
    private static final int LIMIT = 100;

    private Printable() {}

    /** In quotation marks, for a message. */
    public static String quoted(String text) {
        return '"' + plain(text) + '"';
    }

    /** Redacted and cut to 100 characters, with control characters as Java escapes. */
    public static String plain(String text) {
        String safe = Redaction.redact(text);
        StringBuilder escaped = new StringBuilder();
        safe.codePoints().limit(LIMIT).forEach(c -> {
            if (Character.isISOControl(c)) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return safe.codePointCount(0, safe.length()) > LIMIT ? escaped + "..." : escaped.toString();
    }
}
