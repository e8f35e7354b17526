package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.Part;
import io.treegrad.data.Scaling;
import io.treegrad.data.StepPlan;
import io.treegrad.network.Activation;
import io.treegrad.network.EvaluationSum;
import io.treegrad.network.Loss;
import io.treegrad.network.Network;
import io.treegrad.network.Sum;
import io.treegrad.network.Sums;
import io.treegrad.network.TreeSum;
import io.treegrad.spark.ResidentPlugin;
import io.treegrad.worker.WorkSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

/** The driver's end of the mailbox, with reports that executors send, send twice, or would never send. */
@Timeout(60)
class RemoteWorkerGroupTest {
    private static final Request<EvaluationSum> REQUEST = new Request.Evaluation(new float[3], Part.TEST, 2);

    private final DriverPlugin driver = new ResidentPlugin().driverPlugin();
    private RemoteWorkerGroup group = open("rpc", 1);

    /** @param features of a network of one output, which has as many parameters */
    private static RemoteWorkerGroup open(String exchange, int features) {
        SparkConf conf = new SparkConf(false).set(ExchangeChoice.KEY, exchange).set("spark.rpc.message.maxSize", "1");
        Network network =
                Network.dense(List.of(features, 1), List.of(Activation.SIGMOID), false, Loss.BINARY_CROSS_ENTROPY);
        WorkSpec spec = new WorkSpec(network, Scaling.unit(), new StepPlan(2, 2, 2, 1));
        return RemoteWorkerGroup.open("group", 3, spec, conf, new SecurityManager(conf, Option.empty(), null));
    }

    @AfterEach
    void dismiss() {
        group.dismiss();
    }

    /** The time of an answer is told as a nanosecond for each member. */
    private <T extends Sum<T>> ExecutorReport.Reply tell(String executor, int members, long answered, TreeSum<T> answer)
            throws Exception {
        return tell(new ExecutorReport(
                "group", executor, null, members, answered, answer == null ? null : new Answer<>(answer, members)));
    }

    private ExecutorReport.Reply tell(ExecutorReport report) throws Exception {
        return Message.decode(driver.receive(Message.encode(report)), ExecutorReport.Reply.class);
    }

    private static TreeSum<EvaluationSum> leaf(int leaf) {
        TreeSum<EvaluationSum> sum = new TreeSum<>(2);
        sum.put(leaf, Sums.evaluation(0, 0, 0));
        return sum;
    }

    private CompletableFuture<Answer<EvaluationSum>> ask() {
        return CompletableFuture.supplyAsync(() -> group.ask(REQUEST, () -> {}));
    }

    /** Polls as an executor does, until there is work. */
    private long awaitWork(String executor, int members) throws Exception {
        while (true) {
            if (tell(executor, members, 0, null) instanceof ExecutorReport.Reply.Work work) {
                return work.number();
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void groupIsCompleteWhenItsExecutorsSpeakForAllTasks() throws Exception {
        assertInstanceOf(ExecutorReport.Reply.Wait.class, tell("a", 2, 0, null));
        assertFalse(group.isComplete());
        assertInstanceOf(ExecutorReport.Reply.Wait.class, tell("a", 2, 0, null));
        assertFalse(group.isComplete(), "the same executor again");
        assertInstanceOf(ExecutorReport.Reply.Wait.class, tell("b", 1, 0, null));
        assertTrue(group.isComplete());
    }

    @Test
    void answerThatIsToldTwiceCountsOnce() throws Exception {
        tell("a", 2, 0, null);
        tell("b", 1, 0, null);
        CompletableFuture<Answer<EvaluationSum>> sum = ask();
        assertEquals(1, awaitWork("a", 2));
        assertInstanceOf(ExecutorReport.Reply.Wait.class, tell("a", 2, 1, leaf(0)));
        assertEquals("executor b", group.awaited());
        assertInstanceOf(ExecutorReport.Reply.Wait.class, tell("a", 2, 1, leaf(0)));
        assertFalse(sum.isDone());
        tell("b", 1, 1, leaf(1));
        assertTrue(sum.get().sum().isComplete());
        assertEquals(2, sum.get().computeNanos(), "of the slower executor");
    }

    @Test
    void eachRequestWaitsForItsOwnAnswers() throws Exception {
        tell("a", 2, 0, null);
        tell("b", 1, 0, null);
        for (long number = 1; number <= 3; number++) {
            CompletableFuture<Answer<EvaluationSum>> sum = ask();
            while (awaitWork("a", 2) < number) {
                Thread.onSpinWait();
            }
            assertFalse(sum.isDone());
            tell("b", 1, number, leaf(1));
            tell("a", 2, number, leaf(0));
            assertTrue(sum.get().sum().isComplete());
        }
    }

    @Test
    void whoWaitsLooksWhetherToGiveUp() throws Exception {
        tell("a", 3, 0, null);
        IllegalStateException killed = new IllegalStateException("killed");
        assertSame(
                killed,
                assertThrows(
                        IllegalStateException.class,
                        () -> group.ask(REQUEST, () -> {
                            throw killed;
                        })));
    }

    @Test
    void answersToOtherRequestsAreDropped() throws Exception {
        tell("a", 3, 0, null);
        CompletableFuture<Answer<EvaluationSum>> sum = ask();
        awaitWork("a", 3);
        tell("a", 3, 7, leaf(0));
        tell("a", 3, Long.MAX_VALUE, leaf(0));
        assertFalse(sum.isDone());
        TreeSum<EvaluationSum> whole = leaf(0);
        whole.merge(leaf(1));
        tell("a", 3, 1, whole);
        assertTrue(sum.get().sum().isComplete());
    }

    @Test
    void strangersAreDismissedFromACompleteGroupAndAnUnknownOne() throws Exception {
        tell("a", 3, 0, null);
        assertInstanceOf(ExecutorReport.Reply.Dismissed.class, tell("stranger", 1, 0, null));
        assertTrue(group.isComplete());
        group.dismiss();
        assertInstanceOf(ExecutorReport.Reply.Dismissed.class, tell("a", 3, 0, null));
    }

    /** Empty stands for an executor that does not listen, 127.0.0.1:1 for one that cannot be reached. */
    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:1"})
    void requestsGoOverTheRpcToExecutorsThatCannotBeReached(String address) throws Exception {
        group = open("auto", 131_072);
        tell(new ExecutorReport("group", "a", address.isEmpty() ? null : address, 3, 0, null));
        CompletableFuture<Answer<EvaluationSum>> sum = ask();
        assertEquals(1, awaitWork("a", 3));
        TreeSum<EvaluationSum> whole = leaf(0);
        whole.merge(leaf(1));
        tell("a", 3, 1, whole);
        assertTrue(sum.get().sum().isComplete());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:1"})
    void whoAskedForTheNetworkIsToldWhichExecutorCannotBeReached(String address) throws Exception {
        group = open("network", 1);
        tell(new ExecutorReport("group", "a", address.isEmpty() ? null : address, 3, 0, null));
        UserError error = assertThrows(UserError.class, () -> group.ask(REQUEST, () -> {}));
        assertTrue(error.getMessage().contains("executor a"), error.getMessage());
        assertTrue(error.getMessage().contains(address), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:1"})
    void parametersThatAreTooLargeForTheRpcNeedConnections(String address) throws Exception {
        group = open("auto", 131_073);
        tell(new ExecutorReport("group", "a", address.isEmpty() ? null : address, 3, 0, null));
        UserError error = assertThrows(UserError.class, () -> group.ask(REQUEST, () -> {}));
        assertTrue(error.getMessage().contains("executor a"), error.getMessage());
        assertTrue(error.getMessage().contains("131073 parameters"), error.getMessage());
        assertEquals(UserError.Kind.BAD_CONFIGURATION, error.kind());
    }

    @Test
    void pausesBetweenPollsGrowToAMillisecondAndStayThere() {
        long pause = 50_000;
        for (int poll = 0; poll < 200; poll++) {
            long next = DriverUplink.longerThan(pause);
            assertTrue(next >= pause && next <= 1_000_000, "poll " + poll + ": " + next);
            pause = next;
        }
        assertEquals(1_000_000, pause);
    }

    @Test
    void whatIsNoReportIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> driver.receive("nonsense"));
        assertThrows(IllegalArgumentException.class, () -> driver.receive(null));
        assertThrows(IllegalArgumentException.class, () -> driver.receive(Message.encode("nonsense")));
        assertThrows(
                IllegalArgumentException.class,
                () -> driver.receive(Message.encode(new ExecutorReport.Reply.Dismissed())));
        assertThrows(IllegalArgumentException.class, () -> new ExecutorReport("group", "a", null, 0, 0, null));
        assertThrows(IllegalArgumentException.class, () -> new ExecutorReport("group", "a", null, 1, -1, null));
        assertThrows(NullPointerException.class, () -> new ExecutorReport(null, "a", null, 1, 0, null));
        assertThrows(NullPointerException.class, () -> new ExecutorReport("group", null, null, 1, 0, null));
    }
}
