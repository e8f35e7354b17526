package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
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
    private static final Configuration CONFIGURATION = FaultyFileSystem.configuration();
    private static final HadoopStorage STORAGE = new HadoopStorage(CONFIGURATION);

    @TempDir
    private Path directory;

    @AfterEach
    void repair() throws IOException {
        FaultyFileSystem.disarm();
    }

    private OutputUnderFaults faults() {
        return new OutputUnderFaults(CONFIGURATION, FaultyFileSystem.path(directory));
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyFileSystem.Fault.class,
            names = {"FAIL", "DISK_FULL", "LOSE_THE_END", "CRASH"})
    void savingSurvivesEveryFaultAtEveryOperation(FaultyFileSystem.Fault fault) throws IOException {
        int operations = faults().savingSurvives(fault, 1, 1);
        assertTrue(operations > 20, operations + " operations");
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyFileSystem.Fault.class,
            names = {"FAIL", "DISK_FULL", "LOSE_THE_END", "CRASH"})
    void publishingSurvivesEveryFaultAtEveryOperation(FaultyFileSystem.Fault fault) throws IOException {
        int operations = faults().publishingSurvives(fault, 1, 1);
        assertTrue(operations > 20, operations + " operations");
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyFileSystem.Fault.class,
            names = {"FAIL", "DISK_FULL", "LOSE_THE_END", "CRASH"})
    void theRecordAndThePageOfARunSurviveEveryFaultAtEveryOperation(FaultyFileSystem.Fault fault) throws IOException {
        for (String file : List.of("run.json", "report/index.html")) {
            int operations = faults().replacingSurvives(file, fault, 1, 1);
            assertTrue(operations > 8, operations + " operations");
        }
    }

    @Test
    void diskFullIsSaidWithThePathAndLeavesNothingBehind() throws IOException {
        String output = faults().prepared("full");
        List<String> before = files(directory.resolve("full"));
        FaultyFileSystem.arm(FaultyFileSystem.Fault.DISK_FULL, 1);
        for (OutputUnderFaults.Action action : List.<OutputUnderFaults.Action>of(
                out -> faults().save(out, SmallRun.checkpoint(30, 3, 2, 1), 1),
                out -> faults().publish(out, "new", SmallRun.model(2)),
                out -> faults().write(out, "run.json", new byte[1]),
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
        String output = faults().prepared("rename");
        FaultyFileSystem.refuseRenames();
        faults().publish(output, "new", SmallRun.model(2));
        faults().publish(output, "new", SmallRun.model(3));
        assertEquals(
                List.of("new", "new.2", "old"), STORAGE.at(output + "/versions").names());
        assertEquals(
                List.of("_SUCCESS", "model.json", "model.onnx", "model.safetensors"),
                STORAGE.at(output + "/versions/new").names());
        assertEquals(3, faults().published(output));
    }

    @Test
    void whatLiesWhereANewDirectoryWouldGoIsLeftAloneAndNothingIsNestedInIt() throws IOException {
        String output = faults().prepared("taken");
        Path taken = directory.resolve("taken");
        Files.writeString(Files.createDirectories(taken.resolve("versions/new")).resolve("somebody's"), "x");
        Files.writeString(taken.resolve("versions/new.2"), "a file");
        Files.createDirectories(taken.resolve("runs/r/checkpoints/ckpt-000000000030/state.safetensors"));
        faults().publish(output, "new", SmallRun.model(2));
        assertEquals(
                List.of("new", "new.2", "new.3", "old"),
                STORAGE.at(output + "/versions").names());
        assertEquals(List.of("somebody's"), STORAGE.at(output + "/versions/new").names());
        assertEquals("a file", Files.readString(taken.resolve("versions/new.2")));
        assertEquals(2, faults().published(output));
        String path = faults().save(output, SmallRun.checkpoint(30, 3, 2, 1), 2);
        assertTrue(path.endsWith("/ckpt-000000000030.2"), path);
        assertEquals(
                30,
                faults().run(output)
                        .checkpoints()
                        .newest()
                        .orElseThrow()
                        .state()
                        .step());
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
