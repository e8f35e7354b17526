package io.treegrad.common;

import java.util.List;

/** A user's text, made safe to show. */
public final class Printable {
    private static final int LIMIT = 100;

    private Printable() {}

    /** In quotation marks, for a message. */
    public static String quoted(String text) {
        return '"' + plain(text) + '"';
    }

    /** Redacted and cut to 100 characters, on one line, as {@link #onTerminal}. */
    public static String plain(String text) {
        String safe = Redaction.redact(text);
        int characters = safe.codePointCount(0, safe.length());
        String cut = characters > LIMIT ? safe.substring(0, safe.offsetByCodePoints(0, LIMIT)) + "..." : safe;
        return escaped(cut, "");
    }

    /** The first so many of them, separated by commas, with dots where there are more. */
    public static String list(List<String> texts, int most) {
        return String.join(", ", texts.subList(0, Math.min(most, texts.size()))) + (texts.size() > most ? ", ..." : "");
    }

    /** Redacted and {@link #escaped}. */
    public static String onTerminal(String text) {
        return escaped(Redaction.redact(text));
    }

    /**
     * With what a terminal would obey as Java escapes: control characters except the ends of lines and tabs, and
     * characters that change the direction or the visibility of others. Not redacted: for data.
     */
    public static String escaped(String text) {
        return escaped(text, "\n\t");
    }

    private static String escaped(String text, String allowed) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean obeyed = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            if (obeyed && allowed.indexOf(c) < 0) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
