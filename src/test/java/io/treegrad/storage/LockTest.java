package io.treegrad.storage;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 18: two runs at once, and owners that are dead. */
class LockTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(FaultyFileSystem.configuration());
    private static final Duration LIFE = Duration.ofMinutes(1);

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
                        Lock.take(STORAGE, path, "contender " + number, LIFE);
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
        Files.writeString(lock(), "token\nrun far\nelsewhere pid:[1]\n17\n2026-01-01T00:00:00Z\n");
        age(50);
        UserError error = assertThrows(UserError.class, () -> take("run near"));
        assertTrue(error.getMessage().contains("run far (process 17 on elsewhere)"), error.getMessage());
        age(70);
        try (Lock taken = take("run near")) {
            taken.requireHeld();
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

    @Test
    void aHeartbeatKeepsTheLockYoung() throws Exception {
        try (Lock held = Lock.take(STORAGE, lock().toString(), "me", Duration.ofMillis(400))) {
            age(70);
            await("a heartbeat")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertTrue(Files.getLastModifiedTime(lock())
                            .toInstant()
                            .isAfter(Instant.now().minusSeconds(60))));
            held.requireHeld();
        }
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
        try (Lock held = Lock.take(STORAGE, path, "me", Duration.ofMillis(20))) {
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
    void aHeartbeatThatFailsLeavesTheLockToItsOwner() throws Exception {
        String path = FaultyFileSystem.path(directory) + "/LOCK";
        try (Lock held = Lock.take(STORAGE, path, "me", Duration.ofMillis(20))) {
            FaultyFileSystem.arm(FaultyFileSystem.Fault.DISK_FULL, 3);
            Awaitility.await()
                    .during(Duration.ofMillis(100)) // some twenty beats
                    .untilAsserted(held::requireHeld);
        } finally {
            FaultyFileSystem.disarm();
        }
    }

    @Test
    void aLockThatCannotBeReadKeepsOthersOutForItsLifeAndNoLonger() throws IOException {
        String path = FaultyFileSystem.path(directory) + "/LOCK";
        Files.writeString(lock(), "token\nrun far\nelsewhere pid:[1]\n17\n2026-01-01T00:00:00Z\n");
        try {
            FaultyFileSystem.arm(FaultyFileSystem.Fault.UNREADABLE, 1, "LOCK");
            UserError error = assertThrows(UserError.class, () -> Lock.take(STORAGE, path, "me", LIFE));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertTrue(error.getMessage().contains("is held by an unknown process"), error.getMessage());
            age(70);
            FaultyFileSystem.arm(FaultyFileSystem.Fault.UNREADABLE, 1, "LOCK");
            try (Lock mine = Lock.take(STORAGE, path, "me", LIFE)) {
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
        String content = "token\nrun far\nelsewhere pid:[1]\n17\n2026-01-01T00:00:00Z\n";
        Files.writeString(lock(), content);
        age(70);
        FaultyFileSystem.refuseRenames();
        try {
            UserError error = assertThrows(UserError.class, () -> Lock.take(STORAGE, path, "me", LIFE));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        } finally {
            FaultyFileSystem.disarm();
        }
        assertEquals(content, Files.readString(lock()));
        assertEquals(List.of("LOCK"), STORAGE.at(directory.toString()).names());
    }

    private void age(int seconds) throws IOException {
        Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    private Path lock() {
        return directory.resolve("LOCK");
    }

    private Lock take(String owner) {
        return Lock.take(new HadoopStorage(new Configuration()), lock().toString(), owner, LIFE);
    }
}
