package io.treegrad.common;

import java.util.regex.Pattern;

/**
 * Removes keys and passwords from paths such as {@code s3a://key:secret@bucket}. No log, file or message may show them.
 */
public final class Redaction {
    /** Up to the last @ of the authority. A key may contain slashes, but what follows host and port is a path. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)(?:[^/\\s]*(?=@)|[^/\\s@:]*:(?!\\d*/)\\S*(?=@))");

    private Redaction() {}

    /** The same text, with {@code user:password} of each URL replaced by three asterisks. */
    public static String redact(String text) {
        return USER_INFO.matcher(text).replaceAll("***");
    }
}
