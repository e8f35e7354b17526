package io.treegrad.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a signal does to the thread that may be interrupted; that real ones arrive is another test's matter. */
@Timeout(60)
class StopSignalTest {
    private final StopSignal stop = new StopSignal();

    @AfterEach
    void leaveNoInterruption() {
        assertFalse(Thread.interrupted(), "an interruption is left behind");
    }

    /** Goes on for longer than a test may. */
    private static String hang() throws InterruptedException {
        Thread.sleep(600_000);
        return "not interrupted";
    }

    private static boolean isInterrupted() {
        return Thread.currentThread().isInterrupted();
    }

    @Test
    void theFirstSignalIsOnlyNoted() throws Exception {
        assertFalse(stop.isReceived());
        assertNull(stop.name());
        stop.interruptible(() -> {
            stop.handle("SIGTERM");
            Thread.sleep(50);
            return "not interrupted";
        });
        assertTrue(stop.isReceived());
        assertEquals("SIGTERM", stop.name());
        assertFalse(stop.hasInterrupted());
    }

    @Test
    void theSecondInterruptsAtOnceWhatMayBeInterrupted() {
        Callable<String> work = () -> {
            stop.handle("SIGTERM");
            stop.handle("SIGINT");
            return hang();
        };
        assertThrows(InterruptedException.class, () -> stop.interruptible(work));
        assertTrue(stop.hasInterrupted());
        assertEquals("SIGTERM", stop.name(), "of the first");
    }

    @Test
    void anInterruptionThatTheWorkDidNotNoticeEndsWithIt() throws Exception {
        stop.interruptible(() -> {
            stop.handle("SIGTERM");
            stop.handle("SIGTERM");
            return "done";
        });
        assertFalse(isInterrupted());
    }

    @Test
    void outsideOfSuchWorkNothingIsInterrupted() throws Exception {
        assertEquals("done", stop.interruptible(() -> "done"));
        stop.handle("SIGTERM");
        stop.handle("SIGTERM");
        assertFalse(isInterrupted());
        assertFalse(stop.hasInterrupted());
    }

    @Test
    void aWaitIsInterruptedByASignalThatComesMeanwhile() {
        assertEquals(true, stop.interrupting(() -> {
            stop.handle("SIGTERM");
            return isInterrupted();
        }));
        assertTrue(stop.hasInterrupted());
    }

    @Test
    void aWaitIsInterruptedByASignalThatHasComeBefore() {
        assertEquals(false, stop.interrupting(StopSignalTest::isInterrupted));
        stop.handle("SIGTERM");
        assertFalse(isInterrupted(), "the wait before is over");
        assertEquals(true, stop.interrupting(StopSignalTest::isInterrupted));
    }

    @Test
    void whatRecordsTheEndIsNotDisturbedByTheInterruption() {
        stop.interrupting(() -> {
            stop.handle("SIGTERM");
            stop.clearInterruption();
            assertFalse(isInterrupted());
            assertTrue(stop.hasInterrupted(), "what fails now fails for it");
            return null;
        });
    }

    @Test
    void afterTheAnswerWhatFailsHasFailedByItself() {
        stop.interrupting(() -> {
            stop.handle("SIGTERM");
            stop.acknowledge();
            return null;
        });
        assertFalse(stop.hasInterrupted());
        assertTrue(stop.isReceived());
    }

    @Test
    void anInterruptionByOthersIsLeftToThem() throws Exception {
        stop.interruptible(() -> {
            Thread.currentThread().interrupt();
            return null;
        });
        assertTrue(Thread.interrupted());
    }

    /** By reflection, as the JVM's interface is no part of the language. */
    private static Object handle(Object handler) throws ReflectiveOperationException {
        Class<?> signals = Class.forName("sun.misc.Signal");
        Class<?> handlers = Class.forName("sun.misc.SignalHandler");
        Object sigterm = signals.getConstructor(String.class).newInstance("TERM");
        return signals.getMethod("handle", signals, handlers).invoke(null, sigterm, handler);
    }

    @Test
    void whoeverHandledSignalsBeforeDoesSoAfterwards() throws ReflectiveOperationException {
        Object ending =
                Class.forName("sun.misc.SignalHandler").getField("SIG_DFL").get(null);
        Object before = handle(ending);
        try {
            StopSignal listening = StopSignal.listen();
            Object own = handle(ending);
            assertNotSame(ending, own);
            handle(own);
            listening.close();
        } finally {
            assertSame(ending, handle(before));
        }
    }
}
