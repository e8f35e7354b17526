package io.treegrad.common;

import java.util.regex.Pattern;

/** Keys and passwords within paths, such as {@code s3a://key:secret@bucket}, which no log, file or message may show. */
public final class Redaction {
    /** Up to the last @ of the authority; a key may hold slashes itself, but what follows host and port is a path. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)(?:[^/\\s]*(?=@)|[^/\\s@:]*:(?!\\d*/)\\S*(?=@))");

    private Redaction() {}

    /** The same text, but {@code user:password} of each URL in it is three asterisks. */
    public static String redact(String text) {
        return USER_INFO.matcher(text).replaceAll("***");
    }
}
