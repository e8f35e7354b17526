package io.treegrad.spark;

import java.util.function.Supplier;
import org.apache.spark.util.SignalUtils;

/**
 * SIGTERM and SIGINT while something must be brought to a good end first: the signal is only noted, and the thread that
 * made this object looks at it when it can. No shutdown hook: those run beside Spark's own, which would stop the context
 * in the middle of a step. A second signal ends the process at once.
 */
public final class StopSignal implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private volatile String received;
    private boolean waiting;
    private boolean closed;

    private StopSignal() {}

    /** Spark keeps its handlers for the life of the process: a closed one lets signals pass. */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        for (String name : new String[] {"TERM", "INT"}) {
            SignalUtils.register(name, () -> signal.handle("SIG" + name));
        }
        return signal;
    }

    private synchronized boolean handle(String name) {
        if (closed || received != null) {
            return false;
        }
        received = name;
        if (waiting) {
            owner.interrupt();
        }
        return true;
    }

    public boolean isReceived() {
        return received != null;
    }

    /** The name of the signal; null while there was none. */
    public String name() {
        return received;
    }

    /** Does something that may take long and can be interrupted; a signal that has come or comes meanwhile does so. */
    public <T> T interrupting(Supplier<T> wait) {
        synchronized (this) {
            waiting = true;
            if (received != null) {
                owner.interrupt();
            }
        }
        try {
            return wait.get();
        } finally {
            synchronized (this) {
                waiting = false;
                if (received != null) {
                    Thread.interrupted(); // answered: what follows is not to be disturbed by it
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
