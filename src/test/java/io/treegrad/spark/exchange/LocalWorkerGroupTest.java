package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.treegrad.data.LocalStorage;
import io.treegrad.network.GradientSum;
import io.treegrad.spark.Trial;
import io.treegrad.worker.PartitionShards;
import io.treegrad.worker.ShardAssignment;
import io.treegrad.worker.ShardWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the threads of a group share work on the elements of a vector. */
@Timeout(60)
class LocalWorkerGroupTest {
    private final List<Thread> followers = new ArrayList<>();
    private LocalWorkerGroup group;

    private void open(int members, boolean answering) {
        group = LocalWorkerGroup.of("group of " + members, members);
        for (int rank = 1; answering && rank < members; rank++) {
            int own = rank;
            Thread thread = new Thread(() -> group.answer(own, () -> {}), "rank " + rank);
            thread.start();
            followers.add(thread);
        }
    }

    @AfterEach
    void dismiss() throws InterruptedException {
        group.dismiss();
        for (Thread follower : followers) {
            follower.join();
        }
    }

    private void assertEveryElementIsVisitedOnce(int elements) {
        int[] visits = new int[elements];
        int[] expected = new int[elements];
        int times = 50;
        Arrays.fill(expected, times);
        for (int time = 0; time < times; time++) {
            group.forEach(elements, (from, to) -> {
                for (int i = from; i < to; i++) {
                    visits[i]++;
                }
            });
        }
        assertArrayEquals(expected, visits);
    }

    @ParameterizedTest
    @CsvSource({"1, 8192", "2, 0", "2, 1", "2, 8191", "2, 8192", "2, 100003", "3, 100003"})
    void everyElementIsVisitedOnce(int members, int elements) {
        open(members, true);
        assertEveryElementIsVisitedOnce(elements);
    }

    @Test
    void elementsOfMembersThatHaveEndedAreVisitedToo() {
        open(2, false);
        assertEveryElementIsVisitedOnce(100_003);
    }

    @Test
    void threadsWorkAtTheSameTime() {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "skipped: this machine has one processor");
        open(2, true);
        CountDownLatch atWork = new CountDownLatch(2);
        List<Boolean> met = new ArrayList<>();
        group.forEach(100_003, (from, to) -> {
            atWork.countDown();
            try {
                boolean both = atWork.await(20, TimeUnit.SECONDS);
                synchronized (met) {
                    met.add(both);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertTrue(met.size() == 2 && !met.contains(false), () -> "threads that met: " + met);
    }

    private static final Trial TRIAL = Trial.synthetic(20, 2, 20, 1, 1);
    private static final Request<GradientSum> REQUEST = new Request.Gradient(TRIAL.start(), 0);

    private void join(int members, int rank) throws IOException {
        PartitionShards rows = PartitionShards.read(
                new ShardAssignment(TRIAL.parts(), members),
                rank,
                (source, wanted) -> source.read(wanted, new LocalStorage()));
        group.join(rank, new ShardWorker(Trial.spec(TRIAL.steps()), rows));
    }

    @Test
    void aGroupIsCompleteWhenAllHaveJoined() throws IOException {
        open(2, false);
        join(2, 1);
        assertFalse(group.isComplete());
        join(2, 0);
        assertTrue(group.isComplete());
    }

    @Test
    void anAnswerTakesNoLongerThanItsAskerWaits() throws IOException {
        open(2, true);
        join(2, 0);
        join(2, 1);
        long before = System.nanoTime();
        Answer<GradientSum> answer = group.ask(REQUEST, () -> {});
        long waited = System.nanoTime() - before;
        assertEquals(20, answer.sum().total().counts().rows());
        assertTrue(
                answer.computeNanos() > 0 && answer.computeNanos() <= waited,
                () -> answer.computeNanos() + " of " + waited);
    }

    @Test
    void whoeverIsAwaitedIsNamed() throws IOException {
        open(2, false);
        join(2, 0);
        join(2, 1);
        assertThrows(
                UncheckedIOException.class,
                () -> group.ask(REQUEST, () -> {
                    throw new UncheckedIOException(new IOException("given up"));
                }));
        assertEquals("task 1 of 2 in this JVM", group.awaited());
    }

    @Test
    void theFirstWorkerIsLentUntilTheGroupIsDismissed() throws InterruptedException {
        open(1, false);
        CountDownLatch waiting = new CountDownLatch(2);
        Thread lender = new Thread(() -> group.lendFirstWorker(waiting::countDown));
        lender.start();
        assertTrue(waiting.await(20, TimeUnit.SECONDS), "it has not waited");
        group.dismiss();
        lender.join();
    }
}
