package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.ArmedFailpoint;
import io.treegrad.common.UserError;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.Part;
import io.treegrad.data.RowSet;
import io.treegrad.data.ShardedPart;
import io.treegrad.data.StepPlan;
import io.treegrad.data.Storage;
import io.treegrad.data.TableLabel;
import io.treegrad.formats.CsvTable;
import io.treegrad.network.GradientSum;
import io.treegrad.spark.exchange.ExchangeChoice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four resident tasks in groups of two, in two executor processes that exchange slices, die, hang, throw and lie. */
@ExtendWith(StandaloneCluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ResidentEngineOnExecutorsIT {
    private static final Storage STORAGE = new LocalStorage();
    private static final int SLOTS = 4;
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Trial trial = Trial.synthetic(1003, 9, 100, 5, 2);
    private Trial.Result expected;
    private StandaloneCluster processes;
    private Cluster cluster;

    @BeforeAll
    void start(StandaloneCluster shared) throws IOException {
        processes = shared;
        expected = trial.oracle(STORAGE);
        cluster = Cluster.start(
                "resident",
                processes
                        .conf(2)
                        .set(ExchangeChoice.KEY, "sliced")
                        .set("spark.ui.enabled", "true")
                        .set("spark.ui.port", "0")
                        .set("spark.metrics.conf", "conf/metrics.properties"));
        assertEquals(SLOTS, cluster.awaitSlots(120));
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @AfterEach
    void disarm() {
        cluster.awaitSlots(120);
        armAll(null);
    }

    private void armAll(String failpoint) {
        cluster.context()
                .parallelize(IntStream.range(0, 4 * SLOTS).boxed().toList(), 4 * SLOTS)
                .foreach(any -> ArmedFailpoint.arm(failpoint));
    }

    /** Arms whichever executor takes this one task. */
    private void armOne(String failpoint) {
        cluster.context().parallelize(List.of(1), 1).foreach(any -> ArmedFailpoint.arm(failpoint));
    }

    private DistributedRows rows() {
        return new DistributedRows(cluster, trial.parts(), SLOTS, STORAGE);
    }

    private ResidentEngine engine(DistributedRows rows, Duration patience) {
        return new ResidentEngine(rows, Trial.spec(trial.steps()), patience);
    }

    private Trial.Result train(Duration patience) {
        try (DistributedRows rows = rows();
                ResidentEngine engine = engine(rows, patience)) {
            return trial.on(engine);
        }
    }

    @Test
    void groupsOfTwoGiveTheBitsOfTheOracle() {
        assertEquals(expected, train(LONG));
    }

    @Test
    void metricsTellComputationFromExchange() throws IOException, InterruptedException {
        RunMetrics.ofDriver().begin();
        train(LONG);
        URI ui = URI.create(cluster.context().sc().uiWebUrl().get());
        String text = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ui.getPort() + "/metrics/prometheus/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        double compute = metric(text, "computeShare");
        double exchange = metric(text, "exchangeShare");
        assertTrue(compute > 0 && exchange > 0 && compute + exchange < 1, compute + " and " + exchange);
    }

    private static double metric(String text, String name) {
        return text.lines()
                .filter(line -> line.contains("RunMetrics") && line.contains(name + "_Value{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + text));
    }

    @Test
    void tasksOfAnExecutorHoldNeighboursInTheTreeOfShards() {
        try (DistributedRows rows = rows()) {
            rows.load();
            List<String> executors =
                    rows.rdd().map(any -> SparkEnv.get().executorId()).collect();
            assertEquals(executors.get(0), executors.get(1), executors::toString);
            assertEquals(executors.get(2), executors.get(3), executors::toString);
            assertNotEquals(executors.get(1), executors.get(2), executors::toString);
        }
    }

    @Test
    void allStepsAndEvaluationsAreOneJob() {
        try (DistributedRows rows = rows();
                ResidentEngine engine = engine(rows, LONG)) {
            Tasks tasks = Tasks.of(cluster);
            assertEquals(expected, trial.on(engine));
            // every slot is held: a second job would wait for ever
            assertEquals(1, tasks.jobs());
        }
    }

    @Test
    void executorThatDiesInAStepChangesNoBit() {
        List<ProcessHandle> before = processes.executors();
        armOne("gradient:7:halt");
        assertEquals(expected, train(LONG));
        assertEquals(1, before.stream().filter(ProcessHandle::isAlive).count(), "executors that lived on");
    }

    @Test
    void taskThatThrowsOnceChangesNoBit() {
        armAll("gradient:12:throw");
        assertEquals(expected, train(LONG));
    }

    @Test
    void taskThatHangsIsNoticedAndNamedAndChangesNoBit() {
        armOne("gradient:7:hang");
        try (LogLines log = LogLines.of(ResidentEngine.class)) {
            assertEquals(expected, train(Duration.ofSeconds(5)));
            String line = String.join("\n", log.lines());
            String expectedLine = "(?s).*step 7 failed .no answer within 5 seconds .*from executor \\d+ at 127.*";
            assertTrue(line.matches(expectedLine), line);
        }
    }

    @Test
    void taskThatAlwaysFailsEndsTheRunAfterFourTimes() {
        armAll("gradient:3:throw:1000");
        Tasks tasks = Tasks.of(cluster);
        RuntimeException failure = assertThrows(RuntimeException.class, () -> train(LONG));
        assertTrue(failure.getMessage().contains("failpoint gradient at 3"), failure.toString());
        assertEquals(4 + 3, tasks.jobs(), "the tasks, and before each but the first the rows that may be lost");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void taskThatIsKilledInAStepChangesNoBit(boolean interrupted) {
        try (DistributedRows rows = rows();
                ResidentEngine engine = engine(rows, LONG)) {
            Tasks tasks = Tasks.of(cluster);
            float[] theta = trial.start();
            GradientSum sum = engine.sumAt(theta, 0);
            float[] gradient = sum.gradient().clone();
            while (tasks.started().size() < SLOTS) {
                Thread.onSpinWait();
            }
            // tasks are idle or at work when they learn of it; either way the answer must be whole
            assertTrue(cluster.context().sc().killTaskAttempt(tasks.started().remove(), interrupted, "a test"));
            int after = 20;
            while (after > 0) {
                GradientSum again = engine.sumAt(theta, 0);
                assertArrayEquals(gradient, again.gradient());
                after -= tasks.jobs() > 1 ? 1 : 0;
            }
            assertEquals(3, tasks.jobs(), "the tasks, the rows that may be lost, the tasks again");
        }
    }

    @Test
    void moreTasksThanSlotsMeansTheTreeEngineAndSaysSo() {
        try (DistributedRows rows = new DistributedRows(cluster, trial.parts(), 6, STORAGE)) {
            List<EngineDecision> decisions = Stream.of(EngineChoice.AUTO, EngineChoice.RESIDENT)
                    .map(choice ->
                            EngineDecision.of(cluster, choice, 6, cluster.slots(), Trial.NETWORK.parameterCount()))
                    .toList();
            String reason = "because 6 partitions need as many cores at once and there are 4";
            EngineDecision decision = new EngineDecision(EngineChoice.TREE, reason);
            assertEquals(List.of(decision, decision), decisions);
            assertEquals("tree, " + reason, decision.toString());
            try (StepEngine engine = decision.open(rows, Trial.spec(trial.steps()), 2)) {
                assertEquals("tree", engine.name());
                assertEquals(expected, trial.on(engine));
            }
        }
    }

    @Test
    void liesAndGarbageAreRefusedAndHarmNobody() {
        cluster.context()
                .parallelize(IntStream.range(0, SLOTS).boxed().toList(), SLOTS)
                .foreach(any -> Garbage.startSending());
        assertEquals(expected, train(LONG));
        List<Long> refused = cluster.context()
                .parallelize(IntStream.range(0, 4 * SLOTS).boxed().toList(), 4 * SLOTS)
                .map(any -> Garbage.stopAndCountRefused())
                .collect();
        assertTrue(refused.stream().mapToLong(Long::longValue).max().orElse(0) > 20, () -> "refused " + refused);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void errorThatTheUserCanMendArrivesWhole(boolean resident) {
        // rows are read when the tasks start, since nobody loads them before
        Map<Part, ShardedPart> parts = Map.of(
                Part.TRAIN,
                new ShardedPart(
                        new BrokenRows(trial.train(), BrokenRows.Fault.BAD_LABEL),
                        RowSet.range(0, 1003),
                        trial.steps().shardPlan()));
        try (DistributedRows rows = new DistributedRows(cluster, parts, SLOTS, STORAGE);
                StepEngine engine = Trial.open(resident, rows, Trial.spec(trial.steps()), 2, LONG)) {
            UserError error = assertThrows(UserError.class, () -> engine.sumAt(trial.start(), 0));
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
            assertEquals("a label is 11, expected 0 to 9", error.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsThatAreReadAgainMustBeTheSame(boolean resident, @TempDir Path directory) throws IOException {
        String file = directory.resolve("rows.csv").toString();
        writeRows(file, 1);
        StepPlan steps = new StepPlan(64, SLOTS, 16, 5);
        ShardedPart part =
                new ShardedPart(CsvTable.open(STORAGE, file, TableLabel.LAST), RowSet.range(0, 64), steps.shardPlan());
        try (DistributedRows rows = new DistributedRows(cluster, Map.of(Part.TRAIN, part), SLOTS, STORAGE);
                StepEngine engine = Trial.open(resident, rows, Trial.spec(steps), 2, LONG)) {
            rows.load();
            engine.sumAt(trial.start(), 0);
            writeRows(file, 2);
            for (ProcessHandle executor : processes.executors()) {
                executor.destroyForcibly();
                executor.onExit().join();
            }
            UserError error = assertThrows(UserError.class, () -> {
                for (long step = 1; step < 200; step++) {
                    engine.sumAt(trial.start(), step);
                }
            });
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
            assertTrue(error.getMessage().startsWith(file), error.getMessage());
        }
    }

    private static void writeRows(String file, int value) throws IOException {
        String values = (value + ",").repeat(784);
        Files.write(
                Path.of(file),
                IntStream.range(0, 64).mapToObj(row -> values + row % 10).toList());
    }

    @Test
    void evaluationBetweenStepsSeesTheRowsOfEveryPart() {
        try (DistributedRows rows = rows();
                ResidentEngine engine = engine(rows, LONG)) {
            float[] theta = trial.start();
            engine.sumAt(theta, 0);
            assertEquals(1003, engine.evaluate(theta, Part.TRAIN).rows());
            assertEquals(300, engine.evaluate(theta, Part.VALIDATION).rows());
            engine.sumAt(theta, 1);
            assertEquals(700, engine.evaluate(theta, Part.TEST).rows());
        }
    }
}
