package io.treegrad.storage;

import io.treegrad.common.Printable;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a class. Its lines contain paths, and exceptions that name paths, but no credentials. */
public final class RedactedLog {
    private final Logger logger;

    private RedactedLog(Logger logger) {
        this.logger = logger;
    }

    public static RedactedLog of(Class<?> owner) {
        return new RedactedLog(LoggerFactory.getLogger(owner));
    }

    /** @param arguments replace {@code {}} in the format; an exception is logged by its class and message */
    public void warn(String format, Object... arguments) {
        logger.warn(format, redacted(arguments));
    }

    public void info(String format, Object... arguments) {
        logger.info(format, redacted(arguments));
    }

    public void debug(String format, Object... arguments) {
        logger.debug(format, redacted(arguments));
    }

    private static Object[] redacted(Object... arguments) {
        return Arrays.stream(arguments)
                .map(argument -> Printable.onTerminal(String.valueOf(argument)))
                .toArray();
    }
}
