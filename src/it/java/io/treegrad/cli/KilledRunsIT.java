package io.treegrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fault 8: the process is gone in an instant, and the run is started again under its name, on another engine with other
 * partitions. Moments are drawn by a seed that is printed; {@code TREEGRAD_SEED} draws the same again, {@code
 * TREEGRAD_KILLS} says how many (3) and adds the failpoints that take a while.
 */
class KilledRunsIT {
    private static final String KILLS = "TREEGRAD_KILLS";
    private static final int HALTED = 42;
    private static final List<String> NOTHING_MORE = List.of();

    @TempDir
    private static Path directory;

    private static SmallTraining training;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        training = new SmallTraining(directory, 4);
    }

    /** At each of them in the order in which a run comes to them, so that each start but the first goes on where one was killed. */
    @Test
    void aRunKilledAtOneFailpointAfterTheOtherEndsInTheSameBits() throws Exception {
        Path output = directory.resolve("failpoints");
        SmallTraining.Cluster cluster = SmallTraining.Cluster.RESIDENT;
        for (String failpoint : List.of(
                "lock-filled:0",
                "after-step:29",
                "before-step:30",
                "checkpoint-file:32",
                "checkpoint-before-success:32",
                "checkpoint-after-success:32",
                "before-current:0",
                "after-current:0")) {
            killAt(failpoint, output, cluster);
            cluster = cluster.next();
        }
        training.here(output, cluster, NOTHING_MORE).succeeded();
        training.assertSameEnd(output);
        assertEquals(1, SmallTraining.finished(output.resolve("versions")).size(), "one run, one model");
    }

    /** At those too that take a while, each in a run of its own. */
    @ParameterizedTest
    @EnabledIfEnvironmentVariable(
            named = KILLS,
            matches = "\\d+",
            disabledReason = "only when many kills are asked for")
    @ValueSource(
            strings = {
                "lock-filled:0",
                "before-step:0",
                "before-step:30",
                "after-step:29",
                "checkpoint-file:32",
                "checkpoint-before-success:32",
                "checkpoint-after-success:32",
                "removal:0",
                "replacement-filled:0",
                "version-file:0",
                "version-before-success:0",
                "version-after-success:0",
                "before-current:0",
                "after-current:0",
                "before-report:0",
                "after-report:0",
                "before-run-json:0",
                "after-run-json:0"
            })
    void aRunKilledAtAFailpointEndsInTheSameBits(String failpoint) throws Exception {
        Path output = directory.resolve(failpoint.replace(':', '-'));
        SmallTraining.Cluster cluster = SmallTraining.Cluster.values()[Math.floorMod(failpoint.hashCode(), 3)];
        killAt(failpoint, output, cluster);
        training.here(output, cluster.next(), NOTHING_MORE).succeeded();
        training.assertSameEnd(output);
        assertEquals(1, SmallTraining.finished(output.resolve("versions")).size(), "one run, one model");
    }

    private static void killAt(String failpoint, Path output, SmallTraining.Cluster cluster) throws Exception {
        Map<String, String> properties = Map.of("treegrad.failpoint", failpoint + ":halt");
        try (Program program = training.start(output, cluster, properties, NOTHING_MORE)) {
            assertEquals(HALTED, program.ended().code(), "it never came to " + failpoint);
        }
        training.assertWhole(output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"before-step:0", "before-step:33"})
    void aFinishedRunThatStartsAgainAndIsKilledIsNotTakenForFinished(String failpoint) throws Exception {
        Path output = directory.resolve("again-" + failpoint.replace(':', '-'));
        SmallTraining.Cluster cluster = SmallTraining.Cluster.TREE_AT_ONCE;
        training.here(output, cluster, NOTHING_MORE).succeeded();
        Map<String, String> properties = Map.of("treegrad.failpoint", failpoint + ":halt");
        try (Program program = training.start(output, cluster, properties, List.of("--resume", "never"))) {
            assertEquals(HALTED, program.ended().code(), "it never came to " + failpoint);
        }
        for (String file : List.of("run.json", "losses.json", "report/index.html")) {
            assertFalse(Files.exists(SmallTraining.run(output).resolve(file)), file + " of the attempt before");
        }
        Invocation third = training.here(output, cluster, NOTHING_MORE).succeeded();
        assertFalse(third.err().contains("there is nothing to do"), third.err());
        long resumed = third.json().path("resumedAtStep").asLong();
        assertTrue(resumed < 40, "it continued the attempt before, after step " + resumed);
        assertTrue(Files.exists(Path.of(third.json().path("model").asText(), "_SUCCESS")));
    }

    /** What an operating system leaves of files that a killed process was about to write. */
    @Test
    void aRunWhoseFilesWereCutShortEndsInTheSameBits() throws Exception {
        Path output = directory.resolve("cut");
        Map<String, String> properties = Map.of("treegrad.failpoint", "after-run-json:0:halt");
        try (Program program = training.start(output, SmallTraining.Cluster.RESIDENT, properties, NOTHING_MORE)) {
            assertEquals(HALTED, program.ended().code());
        }
        Path run = SmallTraining.run(output);
        for (Path file : List.of(
                run.resolve("run.json"),
                run.resolve("metrics.jsonl"),
                run.resolve("losses.json"),
                run.resolve("report/index.html"),
                output.resolve("CURRENT"))) {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(bytes.length() / 2);
            }
        }
        training.assertWhole(output);
        training.here(output, SmallTraining.Cluster.TREE, NOTHING_MORE).succeeded();
        training.assertSameEnd(output);
    }

    /** Killed, started again, killed again, until it comes to its end; then the next run. */
    @Test
    @Timeout(1800)
    void aRunKilledAtRandomMomentsEndsInTheSameBits() throws Exception {
        int kills = Integer.parseInt(System.getenv().getOrDefault(KILLS, "3"));
        long seed = Long.parseLong(
                System.getenv().getOrDefault("TREEGRAD_SEED", Long.toString(System.nanoTime() % 1_000_000)));
        System.out.printf("%d kills, TREEGRAD_SEED=%d%n", kills, seed);
        Random random = new Random(seed);
        double longest = millisecondsUndisturbed();
        boolean resident = true;
        Map<String, Integer> moments = new TreeMap<>();
        int killed = 0;
        for (int run = 0; killed < kills; run++) {
            Path output = directory.resolve("random-" + run);
            boolean ended = false;
            while (!ended) {
                resident = !resident;
                SmallTraining.Cluster cluster =
                        resident ? SmallTraining.Cluster.RESIDENT : SmallTraining.Cluster.TREE_AT_ONCE;
                // the JVM takes its time to start before there is anything to kill
                Duration moment = Duration.ofMillis((long) (longest * (0.4 + 0.7 * random.nextDouble())));
                try (Program program = training.start(output, cluster, Map.of(), NOTHING_MORE)) {
                    ended = killed == kills || program.endsWithin(moment);
                    if (ended) {
                        program.ended().succeeded();
                        training.assertSameEnd(output);
                    } else {
                        program.kill();
                        killed++;
                        moments.merge(stage(output), 1, Integer::sum);
                        training.assertWhole(output);
                    }
                }
            }
        }
        System.out.println("Killed by stage: " + moments);
    }

    private static double millisecondsUndisturbed() throws Exception {
        Path output = directory.resolve("timed");
        try (Program program = training.start(output, SmallTraining.Cluster.RESIDENT, Map.of(), NOTHING_MORE)) {
            // not before: the first start of all may make an archive of classes
            long before = System.nanoTime();
            program.ended().succeeded();
            double milliseconds = (System.nanoTime() - before) / 1e6;
            training.assertSameEnd(output);
            return milliseconds;
        }
    }

    /** How far a killed run had come, by what it left. */
    private static String stage(Path output) throws IOException {
        if (Files.exists(output.resolve("versions"))) {
            return "4 publishing or later";
        }
        long step = SmallTraining.newestStep(output);
        assertTrue(step <= training.steps());
        return step == 0 ? "1 before a checkpoint" : step < training.steps() ? "2 in training" : "3 trained";
    }
}
