package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.FileDigest;
import io.treegrad.spark.LogLines;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 10 to 13 on the checkpoints of a run, on a local disk. */
class CheckpointsTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(new Configuration());

    @TempDir
    private Path directory;

    private Lock lock;

    @BeforeEach
    void takeTheLock() {
        lock = run().lock("a test");
    }

    @AfterEach
    void releaseIt() {
        lock.close();
    }

    @Test
    void theLastFewAndTheBestAreKept() throws IOException {
        // ten steps an epoch; the second has the lowest validation loss
        checkpoints().save(lock, SmallRun.checkpoint(10, 3), 2);
        checkpoints().save(lock, SmallRun.checkpoint(20, 3, 1), 2);
        checkpoints().save(lock, SmallRun.checkpoint(25, 3, 1), 2);
        checkpoints().save(lock, SmallRun.checkpoint(30, 3, 1, 2), 2);
        checkpoints().save(lock, SmallRun.checkpoint(40, 3, 1, 2, 5), 2);
        assertEquals(List.of("ckpt-000000000020", "ckpt-000000000030", "ckpt-000000000040"), names());
    }

    @Test
    void ofEquallyGoodOnesTheFirstIsKept() throws IOException {
        checkpoints().save(lock, SmallRun.checkpoint(10, 3), 1);
        checkpoints().save(lock, SmallRun.checkpoint(20, 3, 3), 1);
        checkpoints().save(lock, SmallRun.checkpoint(30, 3, 3, 4), 1);
        assertEquals(List.of("ckpt-000000000010", "ckpt-000000000030"), names());
    }

    @Test
    void oneWhoseLossCannotBeReadIsNotTakenForTheBest() throws IOException {
        saveTwo();
        Files.writeString(path("ckpt-000000000010").resolve("meta.json"), "{");
        try (LogLines log = LogLines.of(Checkpoints.class)) {
            checkpoints().save(lock, SmallRun.checkpoint(30, 3, 2, 4), 1);
            assertTrue(log.lines().get(0).contains("ckpt-000000000010 cannot be read: "), log.lines()::toString);
        }
        assertEquals(List.of("ckpt-000000000020", "ckpt-000000000030"), names());
    }

    @Test
    void oneThatCannotBeLookedAtStays() throws IOException {
        OutputDirectory output = new OutputDirectory(
                new HadoopStorage(FaultyFileSystem.configuration()), FaultyFileSystem.path(directory));
        Checkpoints checkpoints = output.run("r").checkpoints();
        checkpoints.save(lock, SmallRun.checkpoint(10), 2);
        FaultyFileSystem.arm(FaultyFileSystem.Fault.FAIL, 1, "ckpt-000000000010/_SUCCESS");
        checkpoints.save(lock, SmallRun.checkpoint(20), 2);
        assertTrue(FaultyFileSystem.disarm());
        assertEquals(List.of("ckpt-000000000010", "ckpt-000000000020"), names());
    }

    @Test
    void oneThatCannotBeRemovedAsAWholeIsUnfinishedAndThatIsSaid() throws IOException {
        saveTwo();
        String old = FaultyFileSystem.path(path("ckpt-000000000010"));
        FaultyFileSystem.arm(FaultyFileSystem.Fault.FAIL, 2);
        try (LogLines log = LogLines.of(Commit.class)) {
            Commit.remove(new HadoopStorage(FaultyFileSystem.configuration()), old);
            assertTrue(FaultyFileSystem.disarm());
            assertTrue(
                    log.lines()
                            .get(0)
                            .matches(".*/ckpt-000000000010 could not be removed \\(.*\\): remove it by hand\\."),
                    log.lines()::toString);
        }
        assertTrue(Files.exists(path("ckpt-000000000010").resolve("meta.json")));
        assertFalse(Files.exists(path("ckpt-000000000010").resolve("_SUCCESS")));
    }

    @Test
    void aStepThatIsReachedAThirdTimeGetsAThirdName() throws IOException {
        for (int times = 1; times <= 3; times++) {
            checkpoints().save(lock, SmallRun.checkpoint(10), 3);
        }
        assertEquals(List.of("ckpt-000000000010", "ckpt-000000000010.2", "ckpt-000000000010.3"), names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.safetensors", "meta.json", "_SUCCESS"})
    void aDamagedNewestOneFallsBackToTheOneBefore(String file) throws IOException {
        saveTwo();
        damage("ckpt-000000000020", file);
        Checkpoints checkpoints = checkpoints();
        assertEquals(10, checkpoints.newest().orElseThrow().state().step());
        assertEquals(1, checkpoints.damaged());
        // reached again, its step gets a name of its own, and only then the damaged one goes
        checkpoints.save(lock, SmallRun.checkpoint(20, 3, 2), 2);
        assertEquals(List.of("ckpt-000000000010", "ckpt-000000000020.2"), names());
        assertEquals(20, checkpoints().newest().orElseThrow().state().step());
    }

    @Test
    void aNewestOneCutShortAnywhereFallsBackWithAWarningAndIsCounted() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        saveTwo();
        for (String file : List.of("state.safetensors", "meta.json", "_SUCCESS")) {
            Path path = path("ckpt-000000000020").resolve(file);
            byte[] whole = Files.readAllBytes(path);
            // an empty _SUCCESS was never finished, which is no damage
            int shortest = file.equals("_SUCCESS") ? 1 : 0;
            for (int length = shortest; length < whole.length; length += 1 + random.nextInt(whole.length / 8)) {
                String where = file + " cut to " + length + ", seed " + seed;
                Files.write(path, Arrays.copyOf(whole, length));
                try (LogLines log = LogLines.of(Checkpoints.class)) {
                    Checkpoints checkpoints = checkpoints();
                    assertEquals(10, checkpoints.newest().orElseThrow().state().step(), where);
                    assertEquals(1, checkpoints.damaged(), where);
                    assertEquals(1, log.lines().size(), where);
                    assertTrue(log.lines().get(0).contains(path.getParent().toString()), log.lines()::toString);
                    assertTrue(
                            log.lines().get(0).contains("Going back to the checkpoint before"), log.lines()::toString);
                }
            }
            Files.write(path, whole);
            assertEquals(20, checkpoints().newest().orElseThrow().state().step());
        }
    }

    @Test
    void anUnfinishedOneDoesNotCount() throws IOException {
        saveTwo();
        Files.delete(path("ckpt-000000000020").resolve("_SUCCESS"));
        Checkpoints checkpoints = checkpoints();
        assertEquals(10, checkpoints.newest().orElseThrow().state().step());
        assertEquals(0, checkpoints.damaged());
    }

    /** All that there is, when the process was killed while it wrote the last file of the first one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneWithAnEmptyManifestWasNeverFinished(int all) throws IOException {
        for (int i = 1; i <= all; i++) {
            checkpoints().save(lock, SmallRun.checkpoint(10L * i), 2);
        }
        Files.write(path("ckpt-%012d".formatted(10 * all)).resolve("_SUCCESS"), new byte[0]);
        Checkpoints checkpoints = checkpoints();
        assertEquals(all == 2, checkpoints.newest().isPresent());
        assertEquals(0, checkpoints.damaged());
        checkpoints.save(lock, SmallRun.checkpoint(30), 2);
        assertEquals(30, checkpoints().newest().orElseThrow().state().step());
        assertFalse(names().contains("ckpt-%012d".formatted(10 * all)), "it counts as one to keep");
    }

    @Test
    void whenAllAreDamagedNothingIsLoadedAndNothingDeleted() throws IOException {
        saveTwo();
        damage("ckpt-000000000010", "meta.json");
        damage("ckpt-000000000020", "state.safetensors");
        UserError error = assertThrows(UserError.class, () -> checkpoints().newest());
        assertEquals(UserError.Kind.NO_CHECKPOINT, error.kind());
        assertTrue(error.getMessage().contains("all 2 checkpoints are damaged"), error.getMessage());
        RunDirectory run = run();
        run.startAgain(lock);
        Checkpoints anew = run.checkpoints();
        assertTrue(anew.newest().isEmpty());
        anew.save(lock, SmallRun.checkpoint(5), 1);
        assertEquals(List.of("ckpt-000000000010", "ckpt-000000000020"), names());
        assertEquals(5, run.checkpoints().newest().orElseThrow().state().step(), "resume takes the newest beginning");
    }

    @Test
    void noneAtAllIsNoError() {
        assertFalse(checkpoints().newest().isPresent());
    }

    @Test
    void aCheckpointOfANewerVersionIsRefusedAndNotPassedOver() throws IOException {
        saveTwo();
        Path meta = path("ckpt-000000000020").resolve("meta.json");
        String text = Files.readString(meta).replace("\"schema\": 4", "\"schema\": 5");
        Files.writeString(meta, text);
        // with a manifest that fits, as the newer version would have written it
        FileDigest digest;
        try (var in = Files.newInputStream(meta)) {
            digest = FileDigest.of(in);
        }
        Path success = path("ckpt-000000000020").resolve("_SUCCESS");
        Files.writeString(
                success,
                Files.readString(success)
                        .replaceFirst(
                                "\"meta.json\":\\{[^}]*\\}",
                                "\"meta.json\":{\"size\":" + digest.size() + ",\"sha256\":\"" + digest.sha256()
                                        + "\"}"));
        UserError error = assertThrows(UserError.class, () -> checkpoints().newest());
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
        assertTrue(error.getMessage().contains("schema is 5, expected 4"), error.getMessage());
    }

    private void saveTwo() {
        checkpoints().save(lock, SmallRun.checkpoint(10, 3), 2);
        checkpoints().save(lock, SmallRun.checkpoint(20, 3, 2), 2);
    }

    private void damage(String checkpoint, String file) throws IOException {
        Path path = path(checkpoint).resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private Path path(String checkpoint) {
        return directory.resolve("runs/r/checkpoints").resolve(checkpoint);
    }

    private List<String> names() throws IOException {
        return STORAGE.at(directory.resolve("runs/r/checkpoints").toString()).names();
    }

    private RunDirectory run() {
        return new OutputDirectory(STORAGE, directory.toString()).run("r");
    }

    private Checkpoints checkpoints() {
        return run().checkpoints();
    }
}
