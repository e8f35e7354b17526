package io.treegrad.spark.exchange;

import java.util.concurrent.locks.LockSupport;

/**
 * A counter that one thread advances and one other thread awaits. Waiting spins first: a partner at work answers within
 * microseconds, one that had to leave its processor is back after a time slice of some milliseconds, and waking a parked
 * thread on a machine that has gone idle costs a step. Meanwhile it offers its processor to others, among which the partner
 * may be: where other programs keep all processors busy, spinning without that took five times as long. Then it parks, and
 * looks up regularly.
 *
 * <p>What the advancing thread wrote before {@link #advanceTo} is visible after {@link #await}.
 */
final class EventCount {
    private static final long SPIN_NANOS = 5_000_000;
    private static final long NETWORK_SPIN_NANOS = 1_000_000;
    private static final int SPINS_BETWEEN_LOOKS_AT_THE_CLOCK = 64;
    private static final long PARK_NANOS = 20_000_000;

    private volatile long value;
    private volatile Thread parked;
    /** How long the last wait for the network took; the waiting thread's. */
    private long networkNanos;

    void advanceTo(long next) {
        value = next;
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Waits until the counter is at least {@code target}.
     *
     * @param spins whether there is a processor to spare for spinning
     * @param check called every few milliseconds of a longer wait; throws to give up
     */
    void await(long target, boolean spins, Runnable check) {
        await(target, spins ? SPIN_NANOS : 0, check);
    }

    /**
     * As above, for what another process sends; spins only if the last such wait was short, and not for longer than that. Waking
     * a parked thread takes a good part of a short step. At first, when steps are long, JITs need the processors more.
     */
    void awaitFromNetwork(long target, boolean spins, Runnable check) {
        long begin = System.nanoTime();
        await(target, spins && networkNanos < NETWORK_SPIN_NANOS ? NETWORK_SPIN_NANOS : 0, check);
        networkNanos = System.nanoTime() - begin;
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing but speed depends on the yield
    private void await(long target, long spinNanos, Runnable check) {
        if (spinNanos > 0) {
            long end = System.nanoTime() + spinNanos;
            do {
                for (int i = 0; i < SPINS_BETWEEN_LOOKS_AT_THE_CLOCK; i++) {
                    if (value >= target) {
                        return;
                    }
                    Thread.onSpinWait();
                }
                Thread.yield();
            } while (System.nanoTime() < end);
        }
        parked = Thread.currentThread();
        try {
            while (value < target) {
                LockSupport.parkNanos(this, PARK_NANOS);
                check.run();
            }
        } finally {
            parked = null;
        }
    }
}
