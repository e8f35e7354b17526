package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.spark.LogLines;
import io.treegrad.spark.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 16 and 35: outputs that cannot be written, and a CURRENT that leads nowhere. */
class OutputDirectoryTest {
    private static final HadoopStorage STORAGE = new HadoopStorage(new Configuration());

    @TempDir
    private Path directory;

    private Lock lock;

    @BeforeEach
    void publishThree() {
        lock = output().lockForPublishing("a test");
        for (int i = 1; i <= 3; i++) {
            output().publish(lock, version(i), SmallRun.model(i));
        }
        lock.close();
        lock = output().lockForPublishing("a test");
    }

    @Test
    void currentNamesThePublishedVersion() throws IOException {
        assertEquals(version(3) + "\n", Files.readString(directory.resolve("CURRENT")));
        Files.writeString(directory.resolve("CURRENT"), version(2) + "\n");
        assertEquals(2, published(), "an older version that was put back by hand");
        assertFalse(Files.exists(directory.resolve("CURRENT.crc")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "no-such-version\n", "../../etc\n", "20260104\n", "two\nlines\n", "\u0000"})
    void aBrokenCurrentMeansTheNewestWholeVersion(String content) throws IOException {
        Files.createDirectories(directory.resolve("versions/20260104")); // begun, not finished
        Files.writeString(directory.resolve("CURRENT"), content);
        assertEquals(3, published());
        assertEquals(directory + "/versions/" + version(3), CurrentVersion.at(STORAGE, directory.toString()));
    }

    @Test
    void aDamagedPublishedModelMeansTheOneBeforeItAndIsSaid() throws IOException {
        Path description = directory.resolve("versions/" + version(3) + "/model.json");
        Files.writeString(description, Files.readString(description).replace("\"seed\"", "\"sead\""));
        try (LogLines log = LogLines.of(CurrentVersion.class)) {
            assertEquals(2, published());
            assertEquals(directory + "/versions/" + version(2), CurrentVersion.at(STORAGE, directory.toString()));
            assertTrue(log.lines().get(0).contains("model.json: SHA-256 is"), log.lines()::toString);
            assertTrue(log.lines().get(0).contains("taking " + directory + "/versions/" + version(2)));
        }
        Files.delete(directory.resolve("versions/" + version(2) + "/model.json"));
        Files.delete(directory.resolve("versions/" + version(1) + "/model.safetensors"));
        try (LogLines log = LogLines.of(CurrentVersion.class)) {
            assertTrue(output().published().isEmpty(), "all are damaged");
            assertEquals(3, log.lines().size(), log.lines()::toString);
            assertTrue(log.lines().get(0).contains("versions/" + version(2) + "/model.json: the file is missing"));
            assertTrue(
                    log.lines().get(1).contains("versions/" + version(1) + "/model.safetensors: the file is missing"));
            assertTrue(log.lines().get(2).endsWith("), and there is no other version."), log.lines()::toString);
        }
    }

    @Test
    void anOutputDirectoryWithoutVersionsIsNothingToWarnOf() throws IOException {
        try (LogLines log = LogLines.of(OutputDirectory.class)) {
            assertTrue(
                    new OutputDirectory(STORAGE, directory + "/new").published().isEmpty());
            assertEquals(List.of(), log.lines());
        }
        UserError error =
                assertThrows(UserError.class, () -> CurrentVersion.at(STORAGE, directory + "/new", "warm-start"));
        assertEquals(List.of("warm-start"), error.settings());
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertTrue(error.getMessage().startsWith(directory + "/new: there is no model"), error.getMessage());
    }

    @Test
    void aModelIsNamedByItsOutputDirectoryItsVersionOrItsFile() throws IOException {
        String second = directory + "/versions/" + version(2);
        assertEquals(second, CurrentVersion.at(STORAGE, second + "/"));
        assertEquals(second, CurrentVersion.at(STORAGE, second + "/model.safetensors"));
        assertEquals(".", CurrentVersion.at(STORAGE, "model.safetensors"));
        assertEquals(directory + "/versions/" + version(3), CurrentVersion.at(STORAGE, directory + "/"));
    }

    @Test
    void aSlashAtTheEndOfAPathMeansNothing() {
        assertEquals("out", new OutputDirectory(STORAGE, "out/").path());
        assertEquals("/", new OutputDirectory(STORAGE, "/").path());
        assertEquals(
                "out/sweeps/s", new OutputDirectory(STORAGE, "out/").sweep("s").path());
        assertEquals("out/runs/r", OutputDirectory.runAt(STORAGE, "out/runs/r/").path());
    }

    @Test
    void publishingTellsWhereTheModelIs() throws IOException {
        String versions = directory + "/versions/";
        assertEquals(versions + version(4), output().publish(lock, version(4), SmallRun.model(4)));
        assertEquals(versions + version(4) + ".2", output().publish(lock, version(4), SmallRun.model(5)));
        assertEquals(versions + version(4) + ".3", output().publishCandidate(lock, version(4), SmallRun.model(6)));
    }

    @Test
    void aFileAnywhereIsReplacedAndItsSettingNamedWhereItCannotBe() throws IOException {
        String page = directory + "/page.html";
        OutputDirectory.writeFile(STORAGE, page, "page", out -> out.write('x'));
        UserError error = assertThrows(
                UserError.class,
                () -> OutputDirectory.writeFile(STORAGE, page, "page", out -> {
                    throw new IOException("No space left on device");
                }));
        assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
        assertEquals(List.of("page"), error.settings());
        assertEquals("x", Files.readString(directory.resolve("page.html")));
    }

    @Test
    void onlyTheRunsOfVersionsThatAreUsedStayAndNoneGoesWithoutTheLock() throws IOException {
        for (String run : List.of("20260102T000000Z-r", "20260103T000000Z-r")) {
            Files.createDirectories(directory.resolve("runs/" + run + "/checkpoints"));
        }
        Files.delete(directory.resolve("LOCK"));
        try (LogLines log = LogLines.of(OutputDirectory.class)) {
            output().keepRuns(lock, 0, Instant.MAX);
            output().keepVersions(lock, 1);
            assertTrue(log.lines().get(0).startsWith("Old runs in " + directory + " could not be removed: "));
            assertTrue(log.lines().get(1).startsWith("Old versions in " + directory + " could not be removed: "));
        }
        assertEquals(2, STORAGE.at(directory + "/runs").names().size());
        assertEquals(3, versions().size());
        lock = output().lockForPublishing("a test");
        output().keepRuns(lock, 0, Instant.MAX);
        assertEquals(List.of(version(3)), STORAGE.at(directory + "/runs").names());
    }

    @Test
    void aVersionWhoseNameTellsNoTimeIsOld() throws IOException {
        Files.createDirectories(directory.resolve("versions/20269999T000000Z-r"));
        output().keepVersions(lock, 3, Instant.EPOCH);
        assertEquals(List.of(version(1), version(2), version(3)), versions());
    }

    @Test
    void outputThatCanBeWrittenIsMadeAndLeftEmpty() throws IOException {
        new OutputDirectory(STORAGE, directory + "/new/one").requireWritable();
        assertTrue(Files.isDirectory(directory.resolve("new/one")));
        assertEquals(List.of(), STORAGE.at(directory + "/new/one").names());
    }

    @Test
    void aMissingCurrentMeansTheNewestVersionThatVerifies() throws IOException {
        Files.delete(directory.resolve("CURRENT"));
        Path weights = directory.resolve("versions/" + version(3) + "/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertEquals(2, published());
    }

    @Test
    void oldVersionsGoButNeverTheCurrentOne() throws IOException {
        Path versions = directory.resolve("versions");
        Files.write(
                Files.createDirectories(versions.resolve("20251231T000000Z-unfinished"))
                        .resolve("model.json"),
                new byte[1]);
        Files.writeString(directory.resolve("CURRENT"), version(1) + "\n");
        output().keepVersions(lock, 2);
        assertEquals(List.of(version(1), version(2), version(3)), versions());
        output().keepVersions(lock, 1);
        assertEquals(List.of(version(1), version(3)), versions());
        Files.writeString(directory.resolve("CURRENT"), version(3) + "\n");
        output().keepVersions(lock, 1);
        assertEquals(List.of(version(3)), versions());
    }

    @Test
    void onlyWhatRunsHavePublishedGoesAndEachIsSaid() throws IOException {
        Path versions = directory.resolve("versions");
        List<String> foreign =
                List.of("20251231T000000Z-r.tar", "backup", "20251231", "20251231T0000Z-r", "2025-12-31T00:00:00Z-r");
        Files.writeString(versions.resolve(foreign.get(0)), "not a directory");
        for (String name : foreign.subList(1, foreign.size())) {
            Files.createDirectory(versions.resolve(name));
        }
        Files.copy(versions.resolve(version(1)).resolve("_SUCCESS"), versions.resolve("backup/_SUCCESS"));
        Files.writeString(versions.resolve(version(2)).resolve("notes.txt"), "somebody's");
        List<String> expected = new ArrayList<>(foreign);
        expected.addAll(List.of(version(2), version(3)));
        Collections.sort(expected);
        try (LogLines log = LogLines.of(Retention.class)) {
            output().keepVersions(lock, 1);
            assertEquals(expected, versions());
            assertTrue(Files.exists(versions.resolve(version(2)).resolve("model.safetensors")));
            assertEquals(
                    List.of(
                            versions + "/" + version(2)
                                    + " is an old version and stays: no run wrote [notes.txt] in it.",
                            "Removing " + versions + "/" + version(1) + ": an old version."),
                    log.lines());
        }
    }

    @Test
    void theNameOfAVersionBeginsWithTheTimeOfItsRunOnce() {
        Instant started = Instant.parse("2026-01-03T04:05:06.7Z");
        assertEquals("20260103T040506Z-nightly", OutputDirectory.versionName("nightly", started));
        assertEquals("20260103T040506Z-x1f0", OutputDirectory.versionName("20260103T040506Z-x1f0", started));
        assertEquals("20260103T040506Z-20260103T040506Z", OutputDirectory.versionName("20260103T040506Z", started));
    }

    @Test
    void nothingIsPublishedWithoutTheLock() throws IOException {
        Files.delete(directory.resolve("LOCK"));
        UserError error = assertThrows(UserError.class, () -> output().publish(lock, "20260105", SmallRun.model(5)));
        assertEquals(UserError.Kind.TRY_AGAIN, error.kind());
        assertEquals(3, published());
    }

    @Test
    void outputThatCannotBeAMadeDirectoryIsRefusedWithItsPath() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        OutputDirectory below = new OutputDirectory(STORAGE, file + "/below");
        UserError error = assertThrows(UserError.class, below::requireWritable);
        assertEquals(UserError.Kind.CANNOT_WRITE, error.kind());
        assertTrue(error.getMessage().contains(file + "/below cannot be written"), error.getMessage());
    }

    private static String version(int day) {
        return "2026010" + day + "T000000Z-r";
    }

    private List<String> versions() throws IOException {
        return STORAGE.at(directory.resolve("versions").toString()).names();
    }

    private float published() {
        return output().published().orElseThrow().model().parameters()[0];
    }

    private OutputDirectory output() {
        return new OutputDirectory(STORAGE, directory.toString());
    }
}
