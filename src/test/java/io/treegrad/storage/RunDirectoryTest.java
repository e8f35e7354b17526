package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.ModelFiles;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(FaultyFileSystem.configuration());
    private static final String OF_ANOTHER = "of another process";

    @TempDir
    private Path directory;

    private RunDirectory run;
    private Lock lock;

    @BeforeEach
    void begin() {
        run = new OutputDirectory(STORAGE, directory.toString()).run("r");
        lock = run.lock("a test");
    }

    @AfterEach
    void end() {
        lock.close();
    }

    private List<String> names() throws IOException {
        return STORAGE.at(directory + "/runs/r").names();
    }

    @Test
    void aFileIsReadAsItWasWrittenLastUntilItIsRemoved() throws IOException {
        assertEquals(Optional.empty(), run.read("run.json"));
        for (String content : List.of("first", "second")) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            run.write(lock, "run.json", out -> out.write(bytes));
            assertArrayEquals(bytes, run.read("run.json").orElseThrow());
        }
        run.remove(lock, "run.json");
        assertEquals(Optional.empty(), run.read("run.json"));
        assertEquals(directory + "/runs/r", run.path());
        assertEquals(List.of("LOCK"), names());
    }

    @Test
    void aLongFileIsReadWholeAndOneThatIsTooLongIsRefused() throws IOException {
        Path file = Files.createDirectories(directory.resolve("runs/r")).resolve("metrics.jsonl");
        try (RandomAccessFile hollow = new RandomAccessFile(file.toFile(), "rw")) {
            hollow.setLength((1 << 26) + 1);
            assertEquals((1 << 26) + 1, run.read("metrics.jsonl").orElseThrow().length);
            hollow.setLength((1 << 30) + 1);
            UserError refused = assertThrows(UserError.class, () -> run.read("metrics.jsonl"));
            assertTrue(
                    refused.getMessage().contains("it has 1,073,741,825 bytes, expected at most 1,073,741,824"),
                    refused.getMessage());
        }
    }

    @Test
    void aRunThatStartsAgainAndAgainContinuesFromItsLastBeginning() throws IOException {
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertEquals(Optional.empty(), run.checkpoints().newest());
            run.checkpoints().save(lock, SmallRun.checkpoint(10L * attempt), 2);
            assertEquals(
                    10L * attempt,
                    run.checkpoints().newest().orElseThrow().state().step());
            run.startAgain(lock);
            run.startAgain(lock); // it came to no checkpoint
        }
        assertEquals(List.of("LOCK", "checkpoints", "checkpoints-2", "checkpoints-3", "checkpoints-4"), names());
    }

    @Test
    void aModelTakesThePlaceOfWhatAnInterruptedAttemptLeft() throws IOException {
        Path left = Files.createDirectories(directory.resolve("runs/r/model")).resolve("model.safetensors");
        Files.writeString(left, "half a mod");
        String path = run.writeModel(lock, SmallRun.model(7));
        assertEquals(directory + "/runs/r/model", path);
        assertEquals(7, ModelFiles.read(STORAGE, path).parameters()[0]);
    }

    @Test
    void aRunThatWasStoppedWhileItWroteAFileLeavesThatOfAnother() throws IOException {
        try (Lock lost = taken("file:")) {
            run.write(lost, "run.json", out -> out.write('1'));
            requireLost(() -> run.write(lost, "run.json", out -> {
                takeOver("run.json");
                out.write('2');
            }));
        }
        assertEquals(List.of("LOCK", "run.json"), names());
        assertEquals(OF_ANOTHER, Files.readString(directory.resolve("runs/r/run.json")));
    }

    @Test
    void aRunThatWasStoppedBeforeItRemovedAFileLeavesThatOfAnother() throws IOException {
        try (Lock lost = taken("faulty:")) {
            run.write(lost, "run.json", out -> out.write('1'));
            FaultyFileSystem.arm(() -> takeOver("run.json"), 1, "run.json");
            requireLost(() -> run.remove(lost, "run.json"));
            assertTrue(FaultyFileSystem.disarm());
        }
        assertEquals(List.of("LOCK", "run.json"), names());
        assertEquals(OF_ANOTHER, Files.readString(directory.resolve("runs/r/run.json")));
    }

    /** As on a full disk, where a file gets no other name. */
    @Test
    void aFileThatCannotBeMovedIsRemovedWhereItIsUnlessTheLockIsLost() throws IOException {
        try (Lock lost = taken("faulty:")) {
            for (boolean isTold : List.of(true, false)) {
                run.write(lost, "run.json", out -> out.write('1'));
                if (isTold) {
                    FaultyFileSystem.arm(FaultyFileSystem.Fault.DISK_FULL, 1);
                } else {
                    FaultyFileSystem.refuseRenames();
                }
                run.remove(lost, "run.json");
                FaultyFileSystem.disarm();
                assertEquals(List.of("LOCK"), names());
            }
            takeOver("run.json");
            FaultyFileSystem.refuseRenames();
            requireLost(() -> run.remove(lost, "run.json"));
            FaultyFileSystem.disarm();
        }
        assertEquals(OF_ANOTHER, Files.readString(directory.resolve("runs/r/run.json")));
    }

    @Test
    void aRunThatWasStoppedWhileItWroteItsModelLeavesThatOfAnother() throws IOException {
        try (Lock lost = taken("faulty:")) {
            FaultyFileSystem.arm(() -> takeOver("model/model.json"), 1, "model.json");
            requireLost(() -> run.writeModel(lost, SmallRun.model(7)));
            assertTrue(FaultyFileSystem.disarm());
        }
        assertEquals(OF_ANOTHER, Files.readString(directory.resolve("runs/r/model/model.json")));
    }

    /** As on HDFS without data nodes. */
    @Test
    void aModelThatCannotBeReadBackIsRemovedThoughTheLockCannotBeReadEither() throws IOException {
        try (Lock held = taken("faulty:")) {
            Runnable nothingCanBeRead = () -> FaultyFileSystem.arm(FaultyFileSystem.Fault.UNREADABLE, 1);
            FaultyFileSystem.arm(nothingCanBeRead, 1, "model.safetensors");
            assertThrows(UserError.class, () -> run.writeModel(held, SmallRun.model(7)));
            assertTrue(FaultyFileSystem.disarm());
            assertEquals(List.of(), STORAGE.at(directory + "/runs/r/model").names());
        }
    }

    private Lock taken(String scheme) {
        lock.close();
        run = new OutputDirectory(STORAGE, scheme + directory).run("r");
        return run.lock("one that is stopped");
    }

    private void takeOver(String file) {
        try {
            Files.writeString(directory.resolve("runs/r/LOCK"), OF_ANOTHER);
            Files.writeString(directory.resolve("runs/r").resolve(file), OF_ANOTHER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireLost(Executable work) {
        assertEquals(
                UserError.Kind.TRY_AGAIN, assertThrows(UserError.class, work).kind());
    }
}
