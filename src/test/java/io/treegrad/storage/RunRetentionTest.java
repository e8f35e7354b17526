package io.treegrad.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.spark.LogLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-27T02:00:00Z");

    @TempDir
    private Path runs;

    private final HadoopStorage storage = new HadoopStorage(new Configuration());

    /** Of the last five nights; n5 is the newest. */
    @BeforeEach
    void writeRuns() throws IOException {
        for (int night = 1; night <= 5; night++) {
            Path run = runs.resolve("n" + night);
            Files.createDirectories(run.resolve("checkpoints/ckpt-100"));
            Files.writeString(run.resolve("checkpoints/ckpt-100/state.safetensors"), "state");
            Path record = Files.writeString(run.resolve("run.json"), "{}");
            Files.setLastModifiedTime(record, FileTime.from(NOW.minus(Duration.ofDays(5 - night))));
        }
    }

    private void keep(int keep, Instant before, String... versions) throws IOException {
        new RunRetention(storage, runs.toString(), runs + "/sweeps").keep(keep, before, Set.of(versions));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> names = Files.list(runs)) {
            return names.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestRunsStay() throws IOException {
        keep(2, Instant.MAX);
        assertEquals(List.of("n4", "n5"), left());
    }

    @Test
    void youngRunsStayHoweverManyThereAre() throws IOException {
        keep(0, NOW.minus(Duration.ofHours(36)));
        assertEquals(List.of("n4", "n5"), left());
    }

    @Test
    void theRunsOfVersionsThatAreUsedStay() throws IOException {
        keep(1, Instant.MAX, "20261123T020000Z-n1", "20261125T020000Z-n3.2");
        assertEquals(List.of("n1", "n3", "n5"), left());
    }

    @Test
    void aRunInProgressAndForeignFilesStayAndThatIsSaid() throws IOException {
        Files.writeString(runs.resolve("n2/notes.txt"), "a good one");
        try (Lock lock = new RunDirectory(storage, runs.resolve("n3").toString()).lock("run n3");
                LogLines log = LogLines.of(RunRetention.class)) {
            lock.requireHeld();
            keep(0, Instant.MAX);
            assertEquals(List.of("n2", "n3"), left());
            List<String> said = log.lines();
            assertTrue(
                    said.stream()
                            .anyMatch(line -> line.startsWith(runs + "/n3 stays: ") && line.contains("held by run n3")),
                    said::toString);
            assertTrue(
                    said.contains(runs + "/n2 is an old run and stays: no run wrote [notes.txt] in it."),
                    said::toString);
            assertTrue(said.contains("Removing " + runs + "/n1: an old run."), said::toString);
        }
        keep(0, Instant.MAX);
        assertEquals(List.of("n2"), left());
    }

    @Test
    void filesThatAreOnlyNamedLikeThoseOfARunAreForeign() throws IOException {
        for (String leftover : List.of("LOCK.new-1", "LOCK.stale-1", "LOCK.probe-1", "run.json.new-1", "inputs.json")) {
            Files.writeString(runs.resolve("n1").resolve(leftover), "left by a process that was killed");
        }
        Files.createDirectories(runs.resolve("n1/checkpoints-2"));
        Files.writeString(runs.resolve("n2/report-for-the-board.pdf"), "a good one");
        Files.writeString(runs.resolve("n3/run.json.bak"), "{}");
        Files.createDirectories(runs.resolve("n4/checkpoints-before-the-move"));
        Files.writeString(runs.resolve("n5/model.h5"), "another model");
        keep(0, Instant.MAX);
        assertEquals(List.of("n2", "n3", "n4", "n5"), left());
    }

    @Test
    void theTrialsOfASweepInProgressStayAndThatIsSaid() throws IOException {
        Path root = Files.createDirectory(runs.resolve("out"));
        for (String trial : List.of("rates-1", "rates-2-3e", "rates-nightly", "n-1")) {
            Files.createDirectories(root.resolve("runs").resolve(trial));
        }
        OutputDirectory output = new OutputDirectory(storage, root.toString());
        output.sweep("n").lock("sweep n").close();
        try (Lock publishing = output.lockForPublishing("a test");
                Lock sweep = output.sweep("rates").lock("sweep rates");
                LogLines log = LogLines.of(RunRetention.class)) {
            sweep.requireHeld();
            output.keepRuns(publishing, 0, Instant.MAX);
            assertEquals(
                    List.of("rates-1", "rates-2-3e"), storage.at(root + "/runs").names());
            assertTrue(
                    log.lines().stream()
                            .anyMatch(line -> line.startsWith(root + "/runs/rates-1 stays: ")
                                    && line.contains("held by sweep rates")),
                    log.lines()::toString);
        }
    }

    @Test
    void aRunThatStartsAgainWhileItIsRemovedKeepsWhatItHas() throws IOException {
        Path lock = runs.resolve("n1/LOCK");
        FaultyFileSystem.arm(
                () -> {
                    try {
                        Files.writeString(lock, "that of the run");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                2, // it is looked at, and removed
                "n1/checkpoints");
        new RunRetention(
                        new HadoopStorage(FaultyFileSystem.configuration()),
                        FaultyFileSystem.path(runs),
                        FaultyFileSystem.path(runs.resolve("sweeps")))
                .keep(4, Instant.MAX, Set.of());
        assertTrue(FaultyFileSystem.disarm());
        assertEquals("that of the run", Files.readString(lock));
        assertTrue(Files.exists(runs.resolve("n1/run.json")));
    }
}
