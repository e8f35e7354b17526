package io.treegrad.common;

import java.util.regex.Pattern;

/**
 * Removes keys and passwords from text: from paths such as {@code s3a://key:secret@bucket}, and from assignments to names
 * such as {@code fs.s3a.secret.key}. No log, file or message may show them.
 */
public final class Redaction {
    /** Up to the last @ of the authority. A key may contain slashes, but what follows host and port is a path. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)(?:[^/\\s]*(?=@)|[^/\\s@:]*:(?!\\d*/)\\S*(?=@))");

    /** What is assigned to a name by which Spark, Hadoop or an object store calls a key. */
    private static final Pattern SECRET_VALUE = Pattern.compile(
            "((?i:secret|passw(?:or)?d|token|credential|(?:access|account|api)[._-]?key|signature|[?&]sig)"
                    + "[\\w.-]{0,80}=)[^\\s&,;\"']+");

    private Redaction() {}

    /** What follows the host of a URL: web hooks have their keys there. */
    private static final Pattern PATH_OF_URL = Pattern.compile("(?<=://[^/?#\\s]{1,255})[/?#].*");

    /** The address of a web hook, with only its host. */
    public static String redactHook(String url) {
        return PATH_OF_URL.matcher(redact(url)).replaceAll("/***");
    }

    /** The same text, with {@code user:password} of each URL, and the value of each key, replaced by three asterisks. */
    public static String redact(String text) {
        String paths = USER_INFO.matcher(text).replaceAll("***");
        return SECRET_VALUE.matcher(paths).replaceAll("$1***");
    }
}
