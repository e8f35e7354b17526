package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Spark and Hadoop throw when they cannot be started, and what the user is told. */
class StartFailureTest {
    private static final SparkConf CONF = new SparkConf(false);

    private static UserError told(SparkConf conf, Throwable failure) {
        return assertThrows(
                UserError.class,
                () -> StartFailure.orUserError(conf, () -> {
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (Exception) failure;
                }));
    }

    @Test
    void whatStartsIsReturned() {
        assertEquals("started", StartFailure.orUserError(CONF, () -> "started"));
    }

    @Test
    void aUserErrorIsToldAsItIsWhateverItIsWrappedIn() {
        UserError error = new UserError(UserError.Kind.TRY_AGAIN, "later");
        assertSame(error, told(CONF, error));
        assertSame(error, told(CONF, new InvocationTargetException(error)));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new IllegalStateException(new UnknownHostException("nowhere: Name or service not known")),
                        UserError.Kind.BAD_CONFIGURATION,
                        "Spark cannot be started: a host name has no address (nowhere: Name or service not known),"
                                + " expected names that can be looked up. Correct spark.driver.host"),
                Arguments.of(
                        new ExceptionInInitializerError(
                                new UnknownHostException("nowhere").initCause(new IOException("of the resolver"))),
                        UserError.Kind.BAD_CONFIGURATION,
                        "Spark cannot be started: a host name has no address (nowhere), expected"),
                Arguments.of(
                        new UnresolvedAddressException(),
                        UserError.Kind.BAD_CONFIGURATION,
                        "Spark cannot be started: a host name has no address (UnresolvedAddressException null), expected"),
                Arguments.of(
                        new IOException("of YARN", new ConnectException("Connection refused")),
                        UserError.Kind.TRY_AGAIN,
                        "Spark cannot be started: another machine does not answer (Connection refused), expected one that"
                                + " does. Run again later."),
                Arguments.of(
                        new IOException("No FileSystem for scheme \"x\""),
                        UserError.Kind.BAD_CONFIGURATION,
                        "No file system is known for paths that begin with x:"),
                Arguments.of(
                        new IllegalStateException("of Spark", new NumberFormatException("For input string: \"many\"")),
                        UserError.Kind.BAD_CONFIGURATION,
                        "Spark cannot be started: For input string: \"many\", expected settings and a Java that Spark accepts"
                                + " (this is Java " + Runtime.version().feature()
                                + "). Correct the setting (--conf, --properties-file"),
                Arguments.of(
                        new NoClassDefFoundError("of another Java"),
                        UserError.Kind.BAD_CONFIGURATION,
                        "Spark cannot be started: of another Java, expected settings and a Java"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureToStartIsNoBug(Throwable failure, UserError.Kind kind, String sentence) {
        UserError error = told(CONF, failure);
        assertEquals(kind, error.kind());
        assertTrue(error.getMessage().startsWith(sentence), error.getMessage());
        assertSame(failure, error.getCause());
    }

    @Test
    void aDirectoryOfEventLogsThatIsMissingIsNamedOnlyWhereTheyAreWritten() {
        SparkConf logging = CONF.clone().set("spark.eventLog.enabled", "true");
        Exception local = new FileNotFoundException("File file:/tmp/spark-events does not exist");
        assertEquals(
                "Spark cannot be started: File file:/tmp/spark-events does not exist, expected a directory at"
                        + " spark.eventLog.dir, /tmp/spark-events. Make it, or set spark.eventLog.enabled to false.",
                told(logging, local).getMessage());
        assertTrue(told(CONF, local).getMessage().contains("settings and a Java"));
        SparkConf remote = logging.clone().set("spark.eventLog.dir", "hdfs://name:8020/logs");
        Exception missing = new FileNotFoundException("File does not exist: hdfs://name:8020/logs");
        assertTrue(told(remote, missing).getMessage().contains("spark.eventLog.dir, hdfs://name:8020/logs."));
        assertTrue(told(remote, local).getMessage().contains("settings and a Java"), "another file");
    }
}
