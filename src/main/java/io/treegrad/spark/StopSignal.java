package io.treegrad.spark;

import io.treegrad.common.UserError;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.util.SignalUtils;

/**
 * SIGTERM and SIGINT while something must be brought to a good end first. The first signal is only noted, and the thread
 * that made this object looks at it when it can; if that thread has not come to an end some seconds later, it is
 * interrupted, since what it does may hang. A second signal interrupts it at once, and a third ends the process. No
 * shutdown hook: those run beside Spark's own, which would stop the context in the middle of a step.
 */
public final class StopSignal implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Thread owner = Thread.currentThread();
    private volatile String received;
    private volatile boolean interrupted;
    private int signals;
    private int waits;
    private boolean interruptible;
    private boolean closed;

    private StopSignal() {}

    /**
     * Spark keeps its handlers for the life of the process. A closed one lets signals pass, unless it has received one: the
     * end of the process is then recorded, and another signal must not change its exit code.
     */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        for (String name : new String[] {"TERM", "INT"}) {
            SignalUtils.register(name, () -> signal.handle("SIG" + name));
        }
        return signal;
    }

    private synchronized boolean handle(String name) {
        if (closed && received == null) {
            return false;
        }
        signals++;
        switch (signals) {
            case 1 -> {
                received = name;
                interruptAfterGrace();
            }
            case 2 -> interrupt();
            default -> Runtime.getRuntime().halt(UserError.Kind.STOPPED.exitCode());
        }
        if (waits > 0) {
            interrupt();
        }
        return true;
    }

    private void interruptAfterGrace() {
        Thread timer = new Thread(
                () -> {
                    try {
                        Thread.sleep(GRACE.toMillis());
                        interrupt();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "grace after " + received);
        timer.setDaemon(true);
        timer.start();
    }

    private synchronized void interrupt() {
        if (interruptible || waits > 0) {
            interrupted = true;
            owner.interrupt();
        }
    }

    public boolean isReceived() {
        return received != null;
    }

    /** Whether a signal interrupted what was done: then its failure comes from that. */
    public boolean hasInterrupted() {
        return interrupted;
    }

    /** The interruption has done its work: what fails from now on has failed by itself. */
    public synchronized void answer() {
        calm();
        interrupted = false;
    }

    /** The name of the signal; null while there was none. */
    public String name() {
        return received;
    }

    /** What follows, such as a record of the end, is not to be disturbed by the interruption. */
    public void calm() {
        if (interrupted) {
            Thread.interrupted();
        }
    }

    /** Does work that a signal interrupts only if it goes on for too long. */
    public <T> T interruptible(Callable<T> work) throws Exception {
        synchronized (this) {
            interruptible = true;
        }
        try {
            return work.call();
        } finally {
            synchronized (this) {
                interruptible = false;
                calm();
            }
        }
    }

    /** Waits for something; a signal that has come or comes meanwhile interrupts it at once. */
    public <T> T interrupting(Supplier<T> wait) {
        synchronized (this) {
            waits++;
            if (received != null) {
                interrupt();
            }
        }
        try {
            return wait.get();
        } finally {
            synchronized (this) {
                waits--;
                calm();
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
