package io.treegrad.spark;

import io.treegrad.data.Credentials;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a class of this package. Its lines tell of paths and of failures that name paths, but not of credentials. */
final class DiscreetLog {
    private final Logger logger;

    private DiscreetLog(Logger logger) {
        this.logger = logger;
    }

    static DiscreetLog of(Class<?> speaker) {
        return new DiscreetLog(LoggerFactory.getLogger(speaker));
    }

    /** @param arguments take the places of {@code {}} in the format; an exception is told by its name and message */
    void warn(String format, Object... arguments) {
        logger.warn(format, hidden(arguments));
    }

    void debug(String format, Object... arguments) {
        logger.debug(format, hidden(arguments));
    }

    private static Object[] hidden(Object... arguments) {
        return Arrays.stream(arguments)
                .map(argument -> Credentials.hidden(String.valueOf(argument)))
                .toArray();
    }
}
