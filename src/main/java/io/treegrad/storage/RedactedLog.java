package io.treegrad.storage;

import io.treegrad.common.Redaction;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a class of this package. Its lines tell of paths and of failures that name paths, but not of credentials. */
public final class RedactedLog {
    private final Logger logger;

    private RedactedLog(Logger logger) {
        this.logger = logger;
    }

    public static RedactedLog of(Class<?> speaker) {
        return new RedactedLog(LoggerFactory.getLogger(speaker));
    }

    /** @param arguments take the places of {@code {}} in the format; an exception is told by its name and message */
    public void warn(String format, Object... arguments) {
        logger.warn(format, redacted(arguments));
    }

    public void debug(String format, Object... arguments) {
        logger.debug(format, redacted(arguments));
    }

    private static Object[] redacted(Object... arguments) {
        return Arrays.stream(arguments)
                .map(argument -> Redaction.redact(String.valueOf(argument)))
                .toArray();
    }
}
