package io.treegrad.cli;

import java.util.regex.Pattern;

/** Text of the user as it may be shown again: on one line, not endless, and without a password. */
final class Shown {
    private static final int LIMIT = 100;
    /** Up to the last @ of the authority; a key may hold slashes itself, but what follows host and port is a path. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)(?:[^/\\s]*(?=@)|[^/\\s@:]*:(?!\\d*/)\\S*(?=@))");

    private Shown() {}

    /** In quotation marks, for a message. */
    static String quoted(String text) {
        return '"' + plain(text) + '"';
    }

    /** Whole, but {@code user:password} of a URL becomes three asterisks. */
    static String redacted(String text) {
        return USER_INFO.matcher(text).replaceAll("***");
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
