package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 18 and 19: the lock, and files whose writer was killed, on a real HDFS. */
class LockOnHdfsIT {
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final Lock.Patience NONE = new Lock.Patience(Duration.ZERO, Duration.ZERO);
    private static final String FOREIGN = "token\nrun far\nelsewhere b7d2 pid:[1]\n17\n4711\n";

    @TempDir
    private static Path directory;

    private static Hdfs hdfs;
    private static HadoopStorage storage;

    private String output;

    @BeforeAll
    static void start() throws IOException {
        hdfs = new Hdfs(directory, 2);
        storage = new HadoopStorage(hdfs.configuration());
    }

    @AfterAll
    static void stop() {
        hdfs.close();
    }

    @BeforeEach
    void useAnOutputOfItsOwn(TestInfo test) {
        output = hdfs.uri() + "/" + test.getTestMethod().orElseThrow().getName() + System.nanoTime();
    }

    @Test
    void ofManyClientsOneWins() throws Exception {
        int contenders = 6;
        CyclicBarrier together = new CyclicBarrier(contenders);
        ExecutorService threads = Executors.newFixedThreadPool(contenders);
        try {
            List<Future<Lock>> results = new ArrayList<>();
            for (int i = 0; i < contenders; i++) {
                int number = i;
                results.add(threads.submit(() -> Hdfs.asAnotherClient(() -> {
                    storage.exists(lock()); // connects
                    together.await();
                    try {
                        return Lock.take(storage, lock(), "contender " + number, LIFE, NONE);
                    } catch (UserError e) {
                        assertEquals(UserError.Kind.TRY_AGAIN, e.kind(), e.getMessage());
                        return null;
                    }
                })));
            }
            List<Lock> winners = new ArrayList<>();
            for (Future<Lock> result : results) {
                if (result.get() != null) {
                    winners.add(result.get());
                }
            }
            assertEquals(1, winners.size());
            winners.get(0).requireHeld();
            winners.get(0).close();
        } finally {
            threads.shutdownNow();
        }
        assertEquals(List.of(), storage.at(output).names());
    }

    @Test
    void aForeignLockIsTakenOverAfterItsLifeByTheClockOfHdfs() throws IOException {
        storage.at(lock()).write(out -> out.write(FOREIGN.getBytes(StandardCharsets.UTF_8)));
        age(50);
        UserError error = assertThrows(UserError.class, () -> take().close());
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertTrue(error.getMessage().contains("run far (process 17 on elsewhere)"), error.getMessage());
        age(70);
        take().close();
        assertEquals(List.of(), storage.at(output).names());
    }

    @Test
    void whoeverReadsDuringAHeartbeatFindsTheOwner() throws Exception {
        try (Lock held = Lock.take(storage, lock(), "me", Duration.ofMillis(40), NONE)) {
            long before = storage.at(lock()).modified();
            int beats = 0;
            while (beats < 5) {
                UserError error = assertThrows(
                        UserError.class,
                        () -> Hdfs.asAnotherClient(() -> Lock.take(storage, lock(), "other", LIFE, NONE)));
                assertTrue(error.getMessage().contains("is held by me (process "), error.getMessage());
                held.requireHeld();
                long now = storage.at(lock()).modified();
                beats += now == before ? 0 : 1;
                before = now;
            }
        }
    }

    @Test
    void anOwnerThatWasStoppedWhileItWroteAFileLeavesThatOfAnother() throws IOException {
        String file = output + "/run.json";
        byte[] ofAnother = "of another".getBytes(StandardCharsets.UTF_8);
        try (Lock lost = take()) {
            OwnedFile owned = new OwnedFile(lost, storage, file);
            owned.replace(out -> out.write('1'));
            UserError error = assertThrows(
                    UserError.class,
                    () -> owned.replace(out -> {
                        storage.at(lock()).replace(rival -> rival.write(FOREIGN.getBytes(StandardCharsets.UTF_8)));
                        storage.at(file).replace(rival -> rival.write(ofAnother));
                        out.write('2');
                    }));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            assertThrows(UserError.class, owned::remove);
        }
        try (InputStream in = storage.open(file)) {
            assertArrayEquals(ofAnother, in.readAllBytes());
        }
        assertEquals(List.of("LOCK", "run.json"), storage.at(output).names());
    }

    /** Killed before a byte of it reached a data node, and after. */
    @ParameterizedTest
    @ValueSource(strings = {"", FOREIGN})
    void theLeaseOfAKilledOwnerKeepsOthersOutForTheLifeOfTheLockAndNoLonger(String flushed) throws Exception {
        hdfs.writeAndDie(lock(), flushed.getBytes(StandardCharsets.UTF_8));
        assertFalse(hdfs.files().isFileClosed(new org.apache.hadoop.fs.Path(lock())), "no lease was left behind");
        UserError error = assertThrows(UserError.class, () -> take().close());
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        age(70);
        try (Lock mine = take()) {
            mine.requireHeld();
        }
        assertEquals(List.of(), storage.at(output).names());
    }

    /** All that a run writes, each left open by a client that is no more. */
    @ParameterizedTest
    @ValueSource(strings = {"", "half a file"})
    void openFilesOfAKilledRunAreInNobodysWay(String flushed) throws Exception {
        OutputUnderFaults outputs = new OutputUnderFaults(hdfs.configuration(), hdfs.uri());
        outputs.prepared(output.substring(hdfs.uri().length() + 1));
        List<String> left = List.of(
                "/CURRENT",
                "/versions/new/model.safetensors",
                "/runs/r/run.json",
                "/runs/r/metrics.jsonl",
                "/runs/r/checkpoints/ckpt-000000000030/state.safetensors");
        for (String file : left) {
            hdfs.writeAndDie(output + file, flushed.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(1, outputs.published(output), "read while CURRENT is open");
        Checkpoints checkpoints = outputs.run(output).checkpoints();
        assertEquals(20, checkpoints.newest().orElseThrow().state().step());
        outputs.save(output, SmallRun.checkpoint(30, 3, 2, 1), 2);
        for (String name : List.of("run.json", "metrics.jsonl")) {
            outputs.write(output, name, name.getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    name,
                    new String(outputs.run(output).read(name).orElseThrow(), StandardCharsets.UTF_8),
                    "replaced although another client has its lease");
        }
        outputs.publish(output, "new", SmallRun.model(2));
        assertEquals(2, outputs.published(output));
        assertEquals(
                List.of("new", "new.2", "old"), storage.at(output + "/versions").names());
        assertEquals(
                List.of("ckpt-000000000020", "ckpt-000000000030.2"),
                storage.at(output + "/runs/r/checkpoints").names(),
                "the best and the newest, and not what was never finished");
    }

    private void age(int seconds) throws IOException {
        // by the clock of the name node, which is this machine's
        storage.at(lock()).setModified(System.currentTimeMillis() - seconds * 1000L);
    }

    private String lock() {
        return output + "/LOCK";
    }

    private Lock take() {
        return Lock.take(storage, lock(), "run near", LIFE, NONE);
    }
}
