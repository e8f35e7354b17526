package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.model.Checkpoint;
import io.treegrad.model.ModelFiles;
import io.treegrad.model.TrainedModel;
import io.treegrad.network.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults 14, 15 and 17: each operation of the file system goes wrong in turn, in each way it can, until saving and
 * publishing pass. After each the invariant holds: all that has a {@code _SUCCESS} verifies, the newest checkpoint and the
 * published model are the old ones or the new ones, and no thread is left.
 */
class StorageFaultsTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(FaultyFileSystem.configuration());

    @TempDir
    private Path directory;

    @AfterEach
    void mend() throws IOException {
        FaultyFileSystem.disarm();
    }

    /** Something that changes what is stored. */
    private interface Action {
        void on(String output);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyFileSystem.Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE"})
    void savingSurvivesEveryFaultAtEveryOperation(FaultyFileSystem.Fault fault) throws IOException {
        Action save = output -> run(output).checkpoints().save(SmallRun.checkpoint(30, 3, 2, 1), 2);
        int operations = everyOperation(fault, save, output -> {
            Checkpoints checkpoints = run(output).checkpoints();
            long step = checkpoints.newest().orElseThrow().state().step();
            assertTrue(step == 20 || step == 30, "newest step " + step);
            if (fault != FaultyFileSystem.Fault.CRASH) {
                assertEquals(0, checkpoints.damaged(), "damaged checkpoints");
            }
            return step == 30;
        });
        assertTrue(operations > 20, operations + " operations");
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyFileSystem.Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE"})
    void publishingSurvivesEveryFaultAtEveryOperation(FaultyFileSystem.Fault fault) throws IOException {
        Action publish = output -> publish(output, "new", SmallRun.model(2));
        int operations = everyOperation(fault, publish, output -> {
            float number = new OutputDirectory(STORAGE, output)
                    .published()
                    .orElseThrow()
                    .model()
                    .parameters()[0];
            assertTrue(number == 1 || number == 2, "published model " + number);
            return number == 2;
        });
        assertTrue(operations > 20, operations + " operations");
    }

    @Test
    void diskFullIsSaidWithThePathAndLeavesNothingBehind() throws IOException {
        String output = prepared("full");
        List<String> before = files(directory.resolve("full"));
        FaultyFileSystem.arm(FaultyFileSystem.Fault.DISK_FULL, 1);
        for (Action action : List.<Action>of(
                out -> run(out).checkpoints().save(SmallRun.checkpoint(30, 3, 2, 1), 1),
                out -> publish(out, "new", SmallRun.model(2)),
                out -> run(out).write("run.json", stream -> stream.write(1)),
                out -> new OutputDirectory(STORAGE, out).requireWritable())) {
            UserError error = assertThrows(UserError.class, () -> action.on(output));
            assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
            assertTrue(error.getMessage().contains(output), error.getMessage());
            assertTrue(error.getMessage().contains("No space left on device"), error.getMessage());
        }
        FaultyFileSystem.disarm();
        assertEquals(before, files(directory.resolve("full")));
    }

    @Test
    void renamesThatFailLoseNoVersionAndNestNone() throws IOException {
        String output = prepared("rename");
        FaultyFileSystem.refuseRenames();
        publish(output, "new", SmallRun.model(2));
        publish(output, "new", SmallRun.model(3));
        assertEquals(List.of("new", "new.2", "old"), STORAGE.names(output + "/versions"));
        assertEquals(List.of("_SUCCESS", "model.json", "model.safetensors"), STORAGE.names(output + "/versions/new"));
        assertEquals(
                3,
                new OutputDirectory(STORAGE, output)
                        .published()
                        .orElseThrow()
                        .model()
                        .parameters()[0]);
    }

    /** Whether what is stored after a fault is the new state. */
    private interface Check {
        boolean isNew(String output) throws IOException;
    }

    /** Returns the number of operations that the action takes when nothing goes wrong. */
    private int everyOperation(FaultyFileSystem.Fault fault, Action action, Check check) throws IOException {
        for (int n = 1; n < 500; n++) {
            String output = prepared(fault + "-" + n);
            FaultyFileSystem.arm(fault, n);
            UserError error = null;
            try {
                action.on(output);
            } catch (UserError e) {
                error = e;
            }
            boolean happened = FaultyFileSystem.disarm();
            String where = fault + " at operation " + n + (error == null ? "" : ": " + error.getMessage());
            verifyAll(output, fault, where);
            boolean isNew = check.isNew(output);
            if (error == null) {
                assertTrue(isNew || fault == FaultyFileSystem.Fault.LOSE_THE_END, "said to be done, " + where);
            } else {
                assertEquals(UserError.Kind.CANNOT_WRITE, kindOf(error), where);
                assertTrue(!isNew || fault == FaultyFileSystem.Fault.CRASH, "said to have failed, " + where);
            }
            twoMinutesPass(directory.resolve(fault + "-" + n));
            action.on(output); // what a fault leaves behind is in nobody's way for longer
            assertTrue(check.isNew(output), "again after " + where);
            if (!happened) {
                return n - 1;
            }
        }
        throw new AssertionError("the fault still happens at operation 500");
    }

    private static void twoMinutesPass(Path output) throws IOException {
        Path lock = output.resolve("LOCK");
        if (Files.exists(lock)) {
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(120)));
        }
    }

    /** A lock or an old version that cannot be read is no failed write, but as bad. */
    private static UserError.Kind kindOf(UserError error) {
        return error.kind() == UserError.Kind.INPUT_MISSING || error.kind() == UserError.Kind.TRY_AGAIN
                ? UserError.Kind.CANNOT_WRITE
                : error.kind();
    }

    private void verifyAll(String output, FaultyFileSystem.Fault fault, String where) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String version : STORAGE.names(output + "/versions")) {
            String path = output + "/versions/" + version;
            if (STORAGE.exists(path + "/_SUCCESS")) {
                try {
                    ModelFiles.read(STORAGE, path);
                } catch (UserError e) {
                    broken.add(e.getMessage());
                }
            }
        }
        String checkpoints = output + "/runs/r/checkpoints";
        for (String name : STORAGE.names(checkpoints)) {
            if (STORAGE.exists(checkpoints + "/" + name + "/_SUCCESS")) {
                try {
                    Checkpoint.read(STORAGE, checkpoints + "/" + name);
                } catch (UserError e) {
                    broken.add(e.getMessage());
                }
            }
        }
        // a _SUCCESS cut short by a crash does not verify, so its directory does not count
        broken.removeIf(message -> fault == FaultyFileSystem.Fault.CRASH && message.contains("_SUCCESS"));
        assertEquals(List.of(), broken, where);
    }

    /** An output with a published model and two checkpoints. */
    private String prepared(String name) {
        String output = FaultyFileSystem.path(directory.resolve(name));
        publish(output, "old", SmallRun.model(1));
        run(output).checkpoints().save(SmallRun.checkpoint(10, 3), 2);
        run(output).checkpoints().save(SmallRun.checkpoint(20, 3, 2), 2);
        return output;
    }

    private static void publish(String output, String version, TrainedModel model) {
        OutputDirectory directory = new OutputDirectory(STORAGE, output);
        try (Lock lock = directory.lockForPublishing("a test")) {
            directory.publish(lock, version, model);
        }
    }

    private static RunDirectory run(String output) {
        return new OutputDirectory(STORAGE, output).run("r");
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }
}
