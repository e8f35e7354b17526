package io.treegrad.spark.exchange;

import java.util.concurrent.locks.LockSupport;

/** The way from the leading task of an executor to the driver over Spark's plugin RPC. The executor asks; the driver replies. */
final class DriverUplink {
    private static final long SHORTEST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    /** Sends a message to the driver's plugin and returns its reply. */
    @FunctionalInterface
    public interface Rpc {
        Object ask(Object message) throws Exception;
    }

    private final Rpc rpc;
    private final Runnable check;
    private ExecutorReport last;

    /** @param check called between two reports; throws to give up */
    DriverUplink(ExecutorReport join, Rpc rpc, Runnable check) {
        this.last = join;
        this.rpc = rpc;
        this.check = check;
    }

    /** Tells the answer to a request. */
    ExecutorReport.Reply tell(long number, Answer<?> answer) {
        ExecutorReport report = last.with(number, answer);
        last = last.with(number, null);
        return send(Message.encode(report));
    }

    /** What the driver has to say now. */
    ExecutorReport.Reply poll() {
        return send(Message.encode(last));
    }

    /** Asks until the driver has something to say, if its last reply was to wait. */
    ExecutorReport.Reply await(ExecutorReport.Reply lastReply) {
        ExecutorReport.Reply reply = lastReply;
        Object[] report = Message.encode(last);
        for (long pause = SHORTEST_PAUSE_NANOS; reply instanceof ExecutorReport.Reply.Wait; pause = longerThan(pause)) {
            LockSupport.parkNanos(pause);
            check.run();
            reply = send(report);
        }
        return reply;
    }

    /** Twice as long, up to a limit. */
    static long longerThan(long pauseNanos) {
        return Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }

    private ExecutorReport.Reply send(Object[] report) {
        try {
            return Message.decode(rpc.ask(report), ExecutorReport.Reply.class);
        } catch (Exception e) {
            throw new IllegalStateException("the driver cannot be reached", e);
        }
    }
}
