package io.treegrad.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutsideFailureTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException("Call From here to there failed"), 75),
                Arguments.of(new UncheckedIOException(new UnknownHostException("nowhere")), 75),
                Arguments.of(new IOException("org.apache.hadoop.ipc.StandbyException: not now"), 75),
                Arguments.of(
                        new IOException("Unable to close file because the last block BP-1:blk_1 does not have enough"
                                + " number of replicas."),
                        75),
                Arguments.of(new NoSuchFileException("/a"), 66),
                Arguments.of(new FileNotFoundException("/a (Permission denied)"), 66),
                Arguments.of(new IllegalStateException(new AccessDeniedException("/a")), 66),
                Arguments.of(new IOException("Input/output error"), 66),
                Arguments.of(new IllegalStateException(new OutOfMemoryError("Java heap space")), 78),
                Arguments.of(new IllegalStateException("ExecutorLostFailure ... Command exited with code 52"), 78),
                Arguments.of(
                        new IllegalStateException(
                                new Exception(
                                        "Job aborted due to stage failure: Total size of serialized"
                                                + " results of 2 tasks (1.2 GiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)")),
                        78),
                Arguments.of(new FileSystemException("/a", null, "No space left on device"), 73),
                Arguments.of(new IOException("No FileSystem for scheme \"x\""), 78),
                Arguments.of(new RuntimeException(new ClassNotFoundException("Class org.a.s3a.B not found")), 78),
                Arguments.of(
                        new IOException("failure to login: java.lang.NullPointerException: invalid null input: name"),
                        78));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailedAccessIsNoBugWhateverItIsWrappedIn(Throwable failure, int code) {
        Ending ending = Ending.of(new RuntimeException("of Spark", failure));
        assertEquals(code, ending.exitCode());
        assertFalse(ending.isBug());
        assertTrue(ending.message().contains("expected"), ending.message());
    }

    @Test
    void whatAUserErrorSaysCountsMoreThanItsCause() {
        UserError error = new UserError(UserError.Kind.BAD_DATA, "a row", new IOException("No space left on device"));
        assertEquals(65, Ending.of(new RuntimeException(error)).exitCode());
    }

    @Test
    void otherExceptionsAreBugs() {
        assertTrue(Ending.of(new IllegalStateException("x")).isBug());
        assertTrue(Ending.of(new NullPointerException()).isBug());
    }
}
