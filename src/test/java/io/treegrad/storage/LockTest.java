package io.treegrad.storage;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.VersionRegistry;
import io.treegrad.spark.LogLines;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 18: two runs at once, and owners that are dead. */
class LockTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(FaultyFileSystem.configuration());
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final String FOREIGN = "token\nrun far\nelsewhere b7d2 pid:[1]\n17\n4711\n";
    private static final Lock.Patience NONE = new Lock.Patience(Duration.ZERO, Duration.ZERO);

    @TempDir
    private Path directory;

    @Test
    void theSecondIsToldWhoTheFirstIs() {
        try (Lock first = take("run nightly-1")) {
            first.requireHeld();
            UserError error = assertThrows(UserError.class, () -> take("run nightly-2"));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(
                    error.getMessage()
                            .contains("is held by run nightly-1 (process "
                                    + ProcessHandle.current().pid()),
                    error.getMessage());
        }
        assertFalse(Files.exists(lock()));
        take("run nightly-2").close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:", "faulty:"})
    void ofManyAtOnceOneWins(String scheme) throws Exception {
        String path = scheme + directory.resolve("LOCK");
        int contenders = 8;
        // only a local disk promises this to threads that create at the same moment: others take turns
        CyclicBarrier together = new CyclicBarrier(contenders);
        ExecutorService threads = Executors.newFixedThreadPool(contenders);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < contenders; i++) {
                int number = i;
                Callable<Boolean> contender = () -> {
                    if (scheme.equals("file:")) {
                        together.await();
                    }
                    try {
                        Lock.take(STORAGE, path, "contender " + number, LIFE, NONE);
                        return true;
                    } catch (UserError e) {
                        assertEquals(UserError.Kind.TRY_AGAIN, e.kind());
                        return false;
                    }
                };
                results.add(threads.submit(contender));
                if (!scheme.equals("file:")) {
                    results.get(i).get();
                }
            }
            int winners = 0;
            for (Future<Boolean> result : results) {
                winners += result.get() ? 1 : 0;
            }
            assertEquals(1, winners);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aDeadProcessOfThisMachineLosesItsLockAtOnce() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        try (Lock mine = take("me")) {
            mine.requireHeld();
            String[] lines = Files.readString(lock()).split("\n");
            assertTrue(lines[2].matches("\\S+ [0-9a-f-]{36} pid:\\[\\d+\\]"), lines[2]);
            lines[3] = Long.toString(dead.pid());
            Files.writeString(lock(), String.join("\n", lines) + "\n");
            try (Lock next = take("run after")) {
                next.requireHeld();
                UserError error = assertThrows(UserError.class, mine::requireHeld);
                assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
                assertTrue(error.getMessage().contains("was taken over by another run"), error.getMessage());
            }
        }
    }

    @Test
    void aForeignProcessKeepsItsLockForItsLifeAndNoLonger() throws IOException {
        Files.writeString(lock(), FOREIGN);
        age(50);
        UserError error = assertThrows(UserError.class, () -> take("run near"));
        assertTrue(error.getMessage().contains("run far (process 17 on elsewhere)"), error.getMessage());
        age(70);
        try (LogLines log = LogLines.of(Lock.class);
                Lock taken = take("run near")) {
            taken.requireHeld();
            assertEquals(
                    List.of(lock() + " was left behind by run far (process 17 on elsewhere): taking it over."),
                    log.lines());
        }
        assertEquals(List.of(), STORAGE.at(directory.toString()).names());
    }

    @Test
    void anUnreadableLockLivesAsLongAsAnyOther() throws IOException {
        Files.write(lock(), "half a li".getBytes(StandardCharsets.UTF_8));
        assertThrows(UserError.class, () -> take("me"));
        age(70);
        take("me").close();
    }

    /** Others may take a lock that was not touched for its life. */
    @Test
    void aHeartbeatTouchesTheFileWithinTheLifeOfTheLock() throws Exception {
        Duration life = Duration.ofSeconds(4);
        try (Lock held = Lock.take(STORAGE, lock().toString(), "me", life, NONE)) {
            Object file = fileKey();
            age(70);
            await("a heartbeat")
                    .atMost(life)
                    .untilAsserted(() -> assertTrue(Files.getLastModifiedTime(lock())
                            .toInstant()
                            .isAfter(Instant.now().minusSeconds(60))));
            held.requireHeld();
            assertEquals(file, fileKey(), "another file in its place");
        }
    }

    private Object fileKey() throws IOException {
        return Files.readAttributes(lock(), BasicFileAttributes.class).fileKey();
    }

    @Test
    void aLockThatNobodyReleasesKeepsNoProcessAlive() throws Exception {
        FutureTask<Lock> program = new FutureTask<>(() -> take("me"));
        Thread thread = new Thread(program);
        thread.setDaemon(false);
        thread.start();
        try (Lock held = program.get()) {
            held.requireHeld();
            List<Thread> heartbeats = Thread.getAllStackTraces().keySet().stream()
                    .filter(one -> one.getName().equals("heartbeat of " + lock()))
                    .toList();
            assertEquals(1, heartbeats.size());
            assertTrue(heartbeats.get(0).isDaemon());
        }
    }

    @Test
    void aLockThatCannotBeRemovedIsToldAndItsOwnerGoesOn() throws IOException {
        try (LogLines log = LogLines.of(Lock.class)) {
            Lock held = Lock.take(STORAGE, FaultyFileSystem.path(directory) + "/LOCK", "me", LIFE, NONE);
            FaultyFileSystem.arm(FaultyFileSystem.Fault.FAIL, 1, "LOCK");
            held.close();
            assertTrue(FaultyFileSystem.disarm());
            assertTrue(log.lines().get(0).contains("/LOCK could not be removed: "), log.lines()::toString);
        } finally {
            FaultyFileSystem.disarm();
        }
        assertTrue(Files.exists(lock()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"setTimes", "rewrite"})
    void whileTheHeartbeatWritesNobodySeesTheLockFreeOrWithoutItsOwner(String way) throws Exception {
        Path file = directory.resolve("LOCK");
        String path = FaultyFileSystem.path(directory) + "/LOCK";
        FaultyFileSystem.arm(FaultyFileSystem.Fault.SLOW, 1);
        if (way.equals("rewrite")) {
            FaultyFileSystem.ignoreTimes(); // as object stores do
        }
        try (Lock held = Lock.take(STORAGE, path, "me", Duration.ofMillis(20), NONE)) {
            FileTime taken = Files.getLastModifiedTime(file);
            FileTime before = taken;
            for (int beats = 0; beats < 5; ) {
                held.requireHeld();
                if (way.equals("setTimes")) {
                    assertTrue(Files.readString(file).contains("\nme\n"), "a reader found " + Files.readString(file));
                }
                FileTime now = Files.getLastModifiedTime(file);
                beats += now.equals(before) ? 0 : 1;
                before = now;
            }
        } finally {
            FaultyFileSystem.disarm();
        }
        assertEquals(List.of(), STORAGE.at(directory.toString()).names());
    }

    @Test
    void aHeartbeatThatFailsLeavesTheLockToItsOwnerAndBeatsAgain() throws Exception {
        String path = FaultyFileSystem.path(directory) + "/LOCK";
        try (LogLines log = LogLines.of(Lock.class);
                Lock held = Lock.take(STORAGE, path, "me", Duration.ofMillis(20), NONE)) {
            FaultyFileSystem.arm(FaultyFileSystem.Fault.DISK_FULL, 3);
            await("failed beats").until(() -> log.lines().size() >= 3);
            assertTrue(log.lines().get(0).contains("could not be renewed"), log.lines()::toString);
            held.requireHeld();
            FaultyFileSystem.disarm();
            age(70);
            await("a beat").until(() -> Files.getLastModifiedTime(lock())
                    .toInstant()
                    .isAfter(Instant.now().minusSeconds(60)));
        } finally {
            FaultyFileSystem.disarm();
        }
    }

    /** The owner was stopped for longer than the life of its lock, and goes on. */
    @Test
    void anOwnerThatLostItsLockKnowsItSoonAndWritesNothingMore() throws Exception {
        OutputDirectory output = new OutputDirectory(STORAGE, directory + "/output");
        RunDirectory run = output.run("r");
        Path file = directory.resolve("output/runs/r/LOCK");
        try (Lock lost = run.lock("run r");
                Lock publishing = output.lockForPublishing("run r", lost)) {
            run.write(lost, "run.json", out -> out.write('1'));
            run.checkpoints().save(lost, SmallRun.checkpoint(10), 2);
            run.writeModel(lost, SmallRun.model(1));
            Files.writeString(file, FOREIGN);
            List<Executable> writes = List.of(
                    () -> run.write(lost, "run.json", out -> out.write('2')),
                    () -> run.remove(lost, "run.json"),
                    () -> run.startAgain(lost),
                    () -> run.checkpoints().save(lost, SmallRun.checkpoint(20), 1),
                    () -> run.writeModel(lost, SmallRun.model(2)),
                    () -> output.publish(publishing, "20260101T000000Z-r", SmallRun.model(1)),
                    lost::requireHeld,
                    lost::requireNotLost);
            for (Executable write : writes) {
                UserError error = assertThrows(UserError.class, write);
                assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
                assertTrue(error.getMessage().contains("runs/r/LOCK was taken over"), error.getMessage());
            }
        }
        assertEquals(FOREIGN, Files.readString(file), "the lock of the other");
        assertEquals("1", Files.readString(directory.resolve("output/runs/r/run.json")));
        assertEquals(
                List.of("LOCK", "checkpoints", "model", "run.json"),
                STORAGE.at(directory + "/output/runs/r").names());
        assertEquals(
                List.of("ckpt-000000000010"),
                STORAGE.at(directory + "/output/runs/r/checkpoints").names());
        assertEquals(
                1, ModelFiles.read(STORAGE, directory + "/output/runs/r/model").parameters()[0]);
        assertEquals(List.of("runs"), STORAGE.at(directory + "/output").names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version-before-success", "checkpoint-before-success"})
    void aLockThatIsLostWhileFilesAreWrittenLeavesThemUnfinished(String moment) throws Exception {
        OutputDirectory output = new OutputDirectory(STORAGE, FaultyFileSystem.path(directory) + "/output");
        RunDirectory run = output.run("r");
        Path file = directory.resolve("output/runs/r/LOCK");
        try (Lock lost = run.lock("run r");
                Lock publishing = output.lockForPublishing("run r", lost)) {
            FaultyFileSystem.arm(takenOver(file), 8); // when the first file is being written
            UserError error = assertThrows(
                    UserError.class,
                    moment.startsWith("version")
                            ? () -> output.publish(publishing, "20260101T000000Z-r", SmallRun.model(1))
                            : () -> run.checkpoints().save(lost, SmallRun.checkpoint(10), 1));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind(), error.getMessage());
        } finally {
            FaultyFileSystem.disarm();
        }
        assertFalse(Files.exists(directory.resolve("output/CURRENT")));
        try (Stream<Path> files = Files.walk(directory)) {
            assertEquals(0, files.filter(found -> found.endsWith("_SUCCESS")).count());
        }
    }

    /** After the last look of a commit: what others read, and what they have, stays. */
    @ParameterizedTest
    @ValueSource(strings = {"champion", "candidate", "checkpoint"})
    void aLockThatIsLostWhenTheFilesAreCompleteChangesNothingElse(String what) throws Exception {
        OutputDirectory output = new OutputDirectory(STORAGE, FaultyFileSystem.path(directory) + "/output");
        RunDirectory run = output.run("r");
        Path file = directory.resolve("output/runs/r/LOCK");
        String version = "20260101T000000Z-r";
        try (Lock lost = run.lock("run r");
                Lock publishing = output.lockForPublishing("run r", lost)) {
            run.checkpoints().save(lost, SmallRun.checkpoint(10), 1);
            FaultyFileSystem.arm(takenOver(file), 1, "_SUCCESS");
            switch (what) {
                case "champion" -> assertTakenOver(() -> output.publish(publishing, version, SmallRun.model(1)));
                case "candidate" ->
                    assertTakenOver(() -> output.publishCandidate(publishing, version, SmallRun.model(1)));
                default -> {
                    try (LogLines log = LogLines.of(Checkpoints.class)) {
                        run.checkpoints().save(lost, SmallRun.checkpoint(20), 1);
                        assertTrue(log.lines().get(0).endsWith(" Old checkpoints stay."), log.lines()::toString);
                    }
                }
            }
            assertTrue(FaultyFileSystem.disarm());
        } finally {
            FaultyFileSystem.disarm();
        }
        assertFalse(Files.exists(directory.resolve("output/CURRENT")));
        assertFalse(Files.exists(directory.resolve("output").resolve(VersionRegistry.FILE)));
        assertTrue(Files.exists(directory.resolve("output/runs/r/checkpoints/ckpt-000000000010")));
    }

    private static void assertTakenOver(Executable write) {
        UserError error = assertThrows(UserError.class, write);
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertTrue(error.getMessage().contains("was taken over"), error.getMessage());
    }

    /** Another run writes its own lock. */
    private static Runnable takenOver(Path lock) {
        return () -> {
            try {
                Files.writeString(lock, FOREIGN);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @Test
    void aHeartbeatThatFindsAnotherOwnerTellsIt() throws Exception {
        try (Lock lost = Lock.take(STORAGE, lock().toString(), "me", Duration.ofMillis(20), NONE)) {
            lost.requireNotLost();
            Files.writeString(lock(), FOREIGN);
            await("a beat").untilAsserted(() -> assertThrows(UserError.class, lost::requireNotLost));
            Files.delete(lock());
            assertThrows(UserError.class, lost::requireHeld, "lost is lost");
        }
    }

    @Test
    void whoWaitsGetsTheLockWhenItsOwnerReleasesItAndSaysForWhomItWaits() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (LogLines log = LogLines.of(Lock.class)) {
            Lock first = take("run first");
            Lock.Patience patient = new Lock.Patience(LIFE, Duration.ZERO);
            Future<Lock> second = thread.submit(() -> Lock.take(STORAGE, lock().toString(), "second", LIFE, patient));
            await("a wait").until(() -> !log.lines().isEmpty());
            assertTrue(
                    log.lines().get(0).matches(".*LOCK is held by run first .*: waiting, at most 60 seconds\\."),
                    log.lines()::toString);
            assertFalse(second.isDone());
            first.close();
            second.get(30, TimeUnit.SECONDS).close();
        } finally {
            thread.shutdownNow();
        }
    }

    /** A crash elsewhere, and an immediate restart here. */
    @Test
    void whoWaitsTakesTheLockOverWhenAnOwnerElsewhereRenewsItNoMore() throws IOException {
        Files.writeString(lock(), FOREIGN);
        Lock.Patience patience = new Lock.Patience(Duration.ZERO, LIFE);
        try (Lock taken = Lock.take(STORAGE, lock().toString(), "me", Duration.ofMillis(400), patience)) {
            taken.requireHeld();
        }
    }

    @Test
    void whoWaitsGivesUpAsSoonAsAnOwnerElsewhereRenewsIt() throws Exception {
        Files.writeString(lock(), FOREIGN);
        Lock.Patience patience = new Lock.Patience(Duration.ZERO, LIFE.multipliedBy(10));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (LogLines log = LogLines.of(Lock.class)) {
            Future<Lock> waiting =
                    thread.submit(() -> Lock.take(STORAGE, lock().toString(), "me", Duration.ofSeconds(20), patience));
            await("a wait").until(() -> !log.lines().isEmpty());
            Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().plusMillis(1500)));
            ExecutionException failure =
                    assertThrows(ExecutionException.class, () -> waiting.get(30, TimeUnit.SECONDS));
            assertTrue(failure.getMessage().contains("is held by run far"), failure.getMessage());
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aThreadThatIsInterruptedReleasesItsLock() {
        Lock held = take("me");
        Thread.currentThread().interrupt();
        held.close();
        assertTrue(Thread.interrupted());
        assertFalse(Files.exists(lock()));
    }

    @Test
    void anInterruptionEndsTheWait() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (LogLines log = LogLines.of(Lock.class);
                Lock first = take("run first")) {
            Future<UserError.Kind> kind = thread.submit(() -> {
                UserError error = assertThrows(
                        UserError.class,
                        () -> Lock.take(STORAGE, lock().toString(), "second", LIFE, new Lock.Patience(LIFE, LIFE)));
                return Thread.interrupted() ? error.kind() : null;
            });
            await("a wait").until(() -> !log.lines().isEmpty());
            thread.shutdownNow();
            assertEquals(UserError.Kind.TRY_AGAIN, kind.get(30, TimeUnit.SECONDS));
            first.requireHeld();
        }
    }

    @Test
    void aLockThatCannotBeReadKeepsOthersOutForItsLifeAndNoLonger() throws IOException {
        String path = FaultyFileSystem.path(directory) + "/LOCK";
        Files.writeString(lock(), FOREIGN);
        try (LogLines log = LogLines.of(Lock.class)) {
            FaultyFileSystem.arm(FaultyFileSystem.Fault.UNREADABLE, 1, "LOCK");
            UserError error = assertThrows(UserError.class, () -> Lock.take(STORAGE, path, "me", LIFE, NONE));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(error.getMessage().contains("is held by an unknown process"), error.getMessage());
            assertTrue(log.lines().get(0).contains("/LOCK cannot be read: "), log.lines()::toString);
            age(70);
            FaultyFileSystem.arm(FaultyFileSystem.Fault.UNREADABLE, 1, "LOCK");
            try (Lock mine = Lock.take(STORAGE, path, "me", LIFE, NONE)) {
                FaultyFileSystem.disarm();
                mine.requireHeld();
            }
        } finally {
            FaultyFileSystem.disarm();
        }
    }

    @Test
    void aStaleLockThatCannotBeMovedAwayStaysWhatItIs() throws IOException {
        String path = FaultyFileSystem.path(directory) + "/LOCK";
        Files.writeString(lock(), FOREIGN);
        age(70);
        FaultyFileSystem.refuseRenames();
        try {
            UserError error = assertThrows(UserError.class, () -> Lock.take(STORAGE, path, "me", LIFE, NONE));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        } finally {
            FaultyFileSystem.disarm();
        }
        assertEquals(FOREIGN, Files.readString(lock()));
        assertEquals(List.of("LOCK"), STORAGE.at(directory.toString()).names());
    }

    private void age(int seconds) throws IOException {
        Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    private Path lock() {
        return directory.resolve("LOCK");
    }

    private Lock take(String owner) {
        return Lock.take(new HadoopStorage(new Configuration()), lock().toString(), owner, LIFE, NONE);
    }
}
