package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
}
