package io.treegrad.spark;

import io.treegrad.common.UserError;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * SIGTERM, SIGINT and SIGHUP while something must be brought to a good end first. The first signal is only noted, and the thread
 * that made this object looks at it when it can; if that thread has not come to an end some seconds later, it is
 * interrupted, since what it does may hang. A second signal interrupts it at once, and a third ends the process. No
 * shutdown hook: those run beside Spark's own, which would stop the context in the middle of a step.
 */
public final class StopSignal implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** HUP comes where a terminal closes. The JVM leaves a signal ignored that was when it started, as under nohup. */
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

    private final Thread owner = Thread.currentThread();
    private volatile String received;
    private volatile boolean interrupted;
    private int signals;
    private int waits;
    private boolean interruptible;

    private final List<Runnable> restoring = new ArrayList<>();

    /** Of no signal yet, and of none to come. */
    StopSignal() {}

    /**
     * Takes the place of the JVM's own handlers until it is closed; for good if a signal has come: the end of the process is
     * then recorded, and another signal must not change its exit code.
     */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        for (String name : SIGNALS) {
            signal.restoring.add(register(name, () -> signal.handle("SIG" + name)));
        }
        return signal;
    }

    /**
     * Ends this process at SIGINT and SIGHUP as it ends at SIGTERM, with 143, where nothing listens: its last line cannot tell
     * which signal it was.
     */
    public static void endWithOneCode() {
        for (String name : List.of("INT", "HUP")) {
            register(name, () -> System.exit(UserError.Kind.STOPPED.exitCode()));
        }
    }

    /**
     * Spark's {@code SignalUtils} would leave the JVM's own handler in place while an action runs, which ends the process at
     * a second signal in that moment. The JVM's interface is in {@code jdk.unsupported}: the compiler warns of each use by
     * name, which cannot be silenced.
     *
     * @return brings the handler of before back
     */
    private static Runnable register(String name, Runnable action) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object signal = signals.getConstructor(String.class).newInstance(name);
            InvocationHandler onCall = (proxy, method, arguments) -> {
                action.run();
                return null;
            };
            Object handler =
                    Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handlers}, onCall);
            Object before = signals.getMethod("handle", signals, handlers).invoke(null, signal, handler);
            return () -> {
                try {
                    signals.getMethod("handle", signals, handlers).invoke(null, signal, before);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            };
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM lets nobody handle SIG" + name, e);
        }
    }

    synchronized void handle(String name) {
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
    public synchronized void acknowledge() {
        clearInterruption();
        interrupted = false;
    }

    /** The name of the signal; null while there was none. */
    public String name() {
        return received;
    }

    /** What follows, such as a record of the end, is not to be disturbed by the interruption. */
    public void clearInterruption() {
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
                clearInterruption();
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
                clearInterruption();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (received == null) {
            restoring.forEach(Runnable::run);
        }
    }
}
