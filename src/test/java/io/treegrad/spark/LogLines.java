package io.treegrad.spark;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What a class logs while this is open; kept from the console. */
public final class LogLines implements AutoCloseable {
    private static final class Kept extends AbstractAppender {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Kept() {
            super("kept", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
        }
    }

    private final Logger logger;
    private final Level level;
    private final Kept kept = new Kept();

    private LogLines(Logger logger) {
        this.logger = logger;
        this.level = logger.getLevel();
        kept.start();
        logger.addAppender(kept);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO); // last: each of the others takes the level from the configuration again
    }

    public static LogLines of(Class<?> type) {
        return new LogLines((Logger) LogManager.getLogger(type));
    }

    public List<String> lines() {
        return kept.lines;
    }

    @Override
    public void close() {
        logger.removeAppender(kept);
        logger.setAdditive(true);
        logger.setLevel(level);
    }
}
