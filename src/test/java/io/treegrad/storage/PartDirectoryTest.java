package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.model.FileDigest;
import io.treegrad.model.Manifest;
import io.treegrad.spark.LogLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that tasks write in parts. */
class PartDirectoryTest {
    private static final Configuration CONFIGURATION = FaultyFileSystem.configuration();
    private static final HadoopStorage STORAGE = new HadoopStorage(CONFIGURATION);

    @TempDir
    private Path directory;

    @AfterEach
    void repair() throws IOException {
        FaultyFileSystem.disarm();
    }

    @Test
    void onePartOfSeveralAttemptsIsKept() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, table + "/");
        Map<String, FileDigest> files = new TreeMap<>();
        try (Lock lock = parts.take()) {
            write(parts, 0, files);
            PartDirectory.WrittenPart lost =
                    parts.write(1, ".csv", out -> out.write("other".getBytes(StandardCharsets.US_ASCII)));
            write(parts, 1, files);
            assertTrue(Files.exists(table.resolve(lost.name())));
            parts.commit(lock, files);
        }
        Set<String> expected =
                Stream.concat(files.keySet().stream(), Stream.of(Manifest.FILE)).collect(Collectors.toSet());
        assertEquals(expected, names(table));
        assertEquals(files, Manifest.verified(STORAGE, table.toString()).files());
        for (String name : files.keySet()) {
            assertTrue(name.matches("part-0000[01]-[0-9a-f]{8}\\.csv"), name);
        }
    }

    /** Names with other digits would not be known again as those of parts. */
    @Test
    void partsHaveTheSameNamesInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-IR"));
        try {
            String name = new PartDirectory(STORAGE, directory.toString())
                    .write(12, ".csv", out -> out.write('x'))
                    .name();
            assertTrue(name.startsWith("part-00012-"), name);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void onlyAnUnfinishedTableIsReplaced() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, table.toString());
        try (Lock lock = parts.take()) {
            write(parts, 0, new TreeMap<>());
            UserError held = assertThrows(UserError.class, () -> new PartDirectory(STORAGE, table.toString()).take());
            assertEquals(UserError.Kind.TRY_AGAIN, held.kind());
            lock.requireHeld();
        }
        Map<String, FileDigest> files = new TreeMap<>();
        try (Lock lock = parts.take()) { // what is there was left by a process that was killed
            write(parts, 0, files);
            parts.commit(lock, files);
        }
        assertEquals(2, names(table).size());
        UserError finished = assertThrows(UserError.class, parts::take);
        assertEquals(UserError.Kind.CANNOT_WRITE, finished.kind());
        assertEquals(
                table
                        + ": found a finished table in it, expected a directory that does not exist or is empty. Remove it,"
                        + " or choose another one.",
                finished.getMessage());
        Files.writeString(Files.createDirectory(directory.resolve("foreign")).resolve("part-1.csv"), "mine");
        UserError foreign = assertThrows(
                UserError.class,
                () -> new PartDirectory(STORAGE, directory.resolve("foreign").toString()).take());
        assertTrue(foreign.getMessage().contains("found part-1.csv in it"), foreign.getMessage());
        assertEquals(Set.of("part-1.csv"), names(directory.resolve("foreign")));
    }

    @Test
    void aTableWhoseWriterWasKilledAtTheLastFileIsReplaced() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, table.toString());
        try (Lock lock = parts.take()) {
            write(parts, 0, new TreeMap<>());
            lock.requireHeld();
        }
        Files.createFile(table.resolve(Manifest.FILE)); // a process that is killed while it writes it leaves it empty
        List<String> passing = List.of("_LOCK.new-4f", "_LOCK.probe-5a", "_SUCCESS.stale-6b");
        for (String name : passing) {
            Files.createFile(table.resolve(name));
        }
        Map<String, FileDigest> files = new TreeMap<>();
        try (Lock lock = parts.take()) {
            for (String name : passing) {
                Files.delete(table.resolve(name));
            }
            assertEquals(Set.of("_LOCK"), names(table));
            write(parts, 0, files);
            parts.commit(lock, files);
        }
        assertEquals(files, Manifest.verified(STORAGE, table.toString()).files());
    }

    @Test
    void whatCannotBeADirectoryIsRefusedWithItsPath() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        UserError error = assertThrows(UserError.class, () -> new PartDirectory(STORAGE, file + "/table").take());
        assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
        assertTrue(error.getMessage().startsWith(file + "/table cannot be written"), error.getMessage());
    }

    /** As where a task runs on another machine and the directory is on a disk of its own. */
    @Test
    void aPartThatIsOnAnotherDiskIsMissed() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, table.toString());
        Map<String, FileDigest> files = new TreeMap<>();
        try (Lock lock = parts.take()) {
            write(parts, 0, files);
            write(parts, 1, files);
            String elsewhere = files.keySet().iterator().next();
            Files.delete(table.resolve(elsewhere));
            UserError error = assertThrows(UserError.class, () -> parts.commit(lock, files));
            assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
            assertTrue(
                    error.getMessage()
                            .startsWith(table + ": 1 of 2 files that tasks have written are not in it, such as "
                                    + elsewhere + ","),
                    error.getMessage());
            assertFalse(Files.exists(table.resolve(Manifest.FILE)));
        }
    }

    @Test
    void anAbandonedTableIsEmpty() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, table.toString());
        try (Lock lock = parts.take()) {
            write(parts, 0, new TreeMap<>());
            parts.abandon(lock);
            assertEquals(Set.of("_LOCK"), names(table));
        }
    }

    @Test
    void whoHasLostTheTableTouchesNothingInIt() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, table.toString());
        Map<String, FileDigest> files = new TreeMap<>();
        try (Lock lost = parts.take();
                LogLines log = LogLines.of(PartDirectory.class)) {
            write(parts, 0, files);
            write(parts, 1, new TreeMap<>());
            Set<String> before = names(table);
            takeOver(table);
            UserError error = assertThrows(UserError.class, () -> parts.commit(lost, files));
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
            parts.abandon(lost);
            assertEquals(before, names(table));
            assertTrue(log.lines().get(0).contains("table could not be emptied ("), log.lines()::toString);
        }
    }

    @Test
    void aTableThatIsLostBeforeItsLastFileIsNotDeclaredComplete() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, FaultyFileSystem.path(table));
        Map<String, FileDigest> files = new TreeMap<>();
        try (Lock lost = parts.take()) {
            write(parts, 0, files);
            PartDirectory.WrittenPart ofALostTask = parts.write(1, ".csv", out -> out.write('x'));
            FaultyFileSystem.arm(() -> takeOver(table), 1, ofALostTask.name());
            UserError error = assertThrows(UserError.class, () -> parts.commit(lost, files));
            assertTrue(FaultyFileSystem.disarm());
            assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        }
        assertFalse(Files.exists(table.resolve(Manifest.FILE)));
    }

    /** Spark tries again what fails with an exception of its file system, and logs its stack. */
    @Test
    void aFullDiskIsSaidWithThePathAndAnyOtherFailureIsLeftToARetry() throws IOException {
        Path table = directory.resolve("table");
        PartDirectory parts = new PartDirectory(STORAGE, FaultyFileSystem.path(table));
        try (Lock lock = parts.take()) {
            FaultyFileSystem.arm(FaultyFileSystem.Fault.DISK_FULL, 1);
            UserError full = assertThrows(UserError.class, () -> write(parts, 0, new TreeMap<>()));
            assertEquals(UserError.Kind.CANNOT_WRITE, full.kind());
            assertTrue(
                    full.getMessage()
                            .startsWith(FaultyFileSystem.path(table) + " cannot be written (No space left on device):"),
                    full.getMessage());
            FaultyFileSystem.arm(FaultyFileSystem.Fault.FAIL, 1);
            assertThrows(IOException.class, () -> write(parts, 0, new TreeMap<>()));
            FaultyFileSystem.disarm();
            lock.requireHeld();
        }
    }

    private static void takeOver(Path table) {
        try {
            Files.writeString(table.resolve("_LOCK"), "that of another process");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyFileSystem.Fault.class,
            names = {"FAIL", "DISK_FULL", "LOSE_THE_END", "CRASH"})
    void whateverFailsATableWithSuccessIsWhole(FaultyFileSystem.Fault fault) throws IOException {
        for (int n = 1; ; n++) {
            Path table = directory.resolve(fault + "-" + n);
            String path = FaultyFileSystem.path(table);
            PartDirectory parts = new PartDirectory(STORAGE, path);
            FaultyFileSystem.arm(fault, n);
            boolean failed = false;
            Map<String, FileDigest> files = new TreeMap<>();
            try (Lock lock = parts.take()) {
                try {
                    for (int part = 0; part < 3; part++) {
                        write(parts, part, files);
                    }
                    parts.commit(lock, files);
                } catch (IOException | UserError e) {
                    parts.abandon(lock);
                    throw e;
                }
            } catch (IOException | UserError expected) {
                failed = true;
            }
            boolean happened = FaultyFileSystem.disarm();
            try {
                assertEquals(3, Manifest.verified(STORAGE, path).files().size(), "operation " + n);
            } catch (UserError unfinished) {
                assertTrue(failed, "operation " + n + " failed unnoticed: " + unfinished);
            }
            if (!happened) {
                assertTrue(n > 10, n + " operations");
                return;
            }
        }
    }

    private static void write(PartDirectory parts, int number, Map<String, FileDigest> files) throws IOException {
        PartDirectory.WrittenPart part = parts.write(
                number, ".csv", out -> out.write(("part " + number + "\n").getBytes(StandardCharsets.US_ASCII)));
        files.put(part.name(), part.digest());
    }

    private static Set<String> names(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
