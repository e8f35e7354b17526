package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults 14 and 19 on a real HDFS: failing operations, data nodes that stop, and safe mode. */
class StorageFaultsOnHdfsIT {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    @TempDir
    private static Path directory;

    private static Hdfs hdfs;
    private static OutputUnderFaults outputs;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeAll
    static void start() throws IOException {
        hdfs = new Hdfs(directory, 2);
        outputs = new OutputUnderFaults(hdfs.configuration(), hdfs.faultyUri() + "/" + System.nanoTime());
    }

    @AfterAll
    static void stop() {
        hdfs.close();
    }

    @AfterEach
    void repair() throws IOException {
        FaultyFileSystem.disarm();
        hdfs.safeMode(false);
        hdfs.startDataNodes();
    }

    /** A disk that is full from some operation on is as a quota that is used up. */
    @ParameterizedTest
    @EnumSource(
            value = FaultyFileSystem.Fault.class,
            names = {"FAIL", "DISK_FULL", "CRASH"})
    void savingPublishingAndTheRecordSurviveFailingOperations(FaultyFileSystem.Fault fault) throws IOException {
        int stride = 6;
        int first = 1 + random.nextInt(stride);
        System.err.printf("%s from operation %d, every %d%n", fault, first, stride);
        assertTrue(outputs.savingSurvives(fault, first, stride) > 20);
        assertTrue(outputs.publishingSurvives(fault, first, stride) > 20);
        assertTrue(outputs.replacingSurvives("run.json", fault, first, stride) > 8);
    }

    /** HDFS makes up for it where it has put a file on both nodes, as it does unless it finds one of them too busy. */
    @Test
    void aDataNodeThatStopsInTheMidstOfPublishingIsMadeUpForOrMeansTryAgain() throws IOException {
        int operations = operationsOfPublishing();
        for (int i = 0; i < 2; i++) {
            int n = 1 + random.nextInt(operations);
            String where = "at operation " + n + " of " + operations + ", seed " + seed;
            String output = outputs.prepared("node-" + i);
            FaultyFileSystem.arm(hdfs::stopDataNode, n);
            UserError error = assertTimeout(LONGEST, () -> publishing(output), where);
            assertTrue(FaultyFileSystem.disarm(), where);
            hdfs.startDataNodes();
            outputs.verifyAll(output, FaultyFileSystem.Fault.EVENT, where);
            if (error != null) {
                assertEquals(UserError.Kind.TRY_AGAIN, error.kind(), where + ": " + error.getMessage());
                assertEquals(1, outputs.published(output), where);
                outputs.publish(output, "again", SmallRun.model(2));
            }
            assertEquals(2, outputs.published(output), where);
        }
    }

    /** What was said of a publish that failed; null if it passed. */
    private UserError publishing(String output) {
        try {
            outputs.publish(output, "new", SmallRun.model(2));
            return null;
        } catch (UserError e) {
            return e;
        }
    }

    @Test
    void withoutAnyDataNodeAPublishFailsSoonAndTheOldVersionStays() throws IOException {
        int operations = operationsOfPublishing();
        for (int n : new int[] {1, 1 + random.nextInt(operations - 1)}) {
            String where = "at operation " + n + " of " + operations + ", seed " + seed;
            String output = outputs.prepared("no-node-" + n);
            FaultyFileSystem.arm(
                    () -> {
                        hdfs.stopDataNode();
                        hdfs.stopDataNode();
                    },
                    n);
            UserError error = assertTimeout(LONGEST, () -> publishing(output), where);
            FaultyFileSystem.disarm();
            if (error == null && n > 1) { // the last operations need the name node alone
                hdfs.startDataNodes();
                outputs.verifyAll(output, FaultyFileSystem.Fault.EVENT, where);
                assertEquals(2, outputs.published(output), where);
                continue;
            }
            assertNotNull(error, where);
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind(), where + ": " + error.getMessage());
            UserError unread =
                    assertTimeout(LONGEST, () -> assertThrows(UserError.class, () -> outputs.published(output), where));
            assertEquals(UserError.Kind.TRY_AGAIN, unread.kind(), where + ": " + unread.getMessage());
            hdfs.startDataNodes();
            outputs.verifyAll(output, FaultyFileSystem.Fault.EVENT, where);
            assertEquals(1, outputs.published(output), where);
            outputs.twoMinutesPass(output);
            outputs.publish(output, "new", SmallRun.model(2));
            assertEquals(2, outputs.published(output), where);
        }
    }

    @Test
    void safeModeInTheMidstOfPublishingMeansTryAgainAndLosesNothing() throws IOException {
        int operations = operationsOfPublishing();
        for (int n = 1; n <= operations; n += 1 + random.nextInt(9)) {
            String where = "at operation " + n + " of " + operations + ", seed " + seed;
            String output = outputs.prepared("safe-" + n);
            FaultyFileSystem.arm(() -> safeMode(true), n);
            UserError error = null;
            try {
                outputs.publish(output, "new", SmallRun.model(2));
            } catch (UserError e) {
                error = e;
            }
            FaultyFileSystem.disarm();
            float number = outputs.published(output);
            // safe mode also keeps what a publish that fails at its very end would take back: old or new, but whole
            assertTrue(number == 2 || (number == 1 && error != null), where + ": model " + number);
            if (error != null) {
                assertEquals(UserError.Kind.TRY_AGAIN, error.kind(), where + ": " + error.getMessage());
            }
            outputs.verifyAll(output, FaultyFileSystem.Fault.CRASH, where); // a _SUCCESS may be there, and empty
            safeMode(false);
            outputs.twoMinutesPass(output);
            outputs.publish(output, "new", SmallRun.model(3));
            assertEquals(3, outputs.published(output), where);
        }
    }

    private static void safeMode(boolean on) {
        try {
            hdfs.safeMode(on);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int operationsOfPublishing() throws IOException {
        String output = outputs.prepared("counted-" + System.nanoTime());
        FaultyFileSystem.arm(FaultyFileSystem.Fault.NONE, 1);
        outputs.publish(output, "new", SmallRun.model(2));
        int operations = FaultyFileSystem.operations();
        assertTrue(operations > 20, operations + " operations");
        return operations;
    }
}
