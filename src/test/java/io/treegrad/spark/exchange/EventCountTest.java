package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that end by spinning, waits that end parked, and waits that are given up. */
@Timeout(60)
class EventCountTest {
    private static final int EVENTS = 20;

    /** Of the pauses, some are shorter and some are longer than any spinning. */
    @Test
    void everyEventOfTheNetworkEndsItsWaitHoweverLongTheOneBeforeTook() throws InterruptedException {
        EventCount events = new EventCount();
        EventCount heard = new EventCount();
        AtomicInteger checks = new AtomicInteger();
        Thread sender = new Thread(() -> {
            for (int event = 1; event <= EVENTS; event++) {
                sleep(event % 4 == 0 ? 30 : 0);
                events.advanceTo(event);
                heard.await(event, false, () -> {});
            }
        });
        sender.start();
        for (int event = 1; event <= EVENTS; event++) {
            events.awaitFromNetwork(event, true, checks::incrementAndGet);
            heard.advanceTo(event);
        }
        sender.join();
        assertTrue(checks.get() > 0, "nobody looked whether to give up while parked");
    }

    @Test
    void aWaitForTheNetworkIsGivenUpAlsoAfterOthersThatWereShort() {
        EventCount events = new EventCount();
        events.advanceTo(1);
        events.awaitFromNetwork(1, true, EventCountTest::giveUp);
        assertThrows(CancellationException.class, () -> events.awaitFromNetwork(2, true, EventCountTest::giveUp));
        assertThrows(
                CancellationException.class,
                () -> events.awaitFromNetwork(2, true, EventCountTest::giveUp),
                "the next one");
    }

    private static void giveUp() {
        throw new CancellationException("given up");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
