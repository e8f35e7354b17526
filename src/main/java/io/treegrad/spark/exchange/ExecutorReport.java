package io.treegrad.spark.exchange;

import java.io.Serializable;
import java.util.Objects;

/**
 * What the leading task of an executor tells the driver, over Spark's plugin RPC; the driver replies with a
 * {@link Reply}.
 *
 * @param group key of the worker group it belongs to
 * @param executor its executor, for messages
 * @param address where it listens for the driver, as HOST:PORT; null if it does not
 * @param members tasks it speaks for
 * @param answered number of the last request it has answered; 0 for none
 * @param answer to that request, joined over its members; null when it was told before
 */
public record ExecutorReport(
        String group, String executor, String address, int members, long answered, Answer<?> answer)
        implements Serializable {
    public ExecutorReport {
        Objects.requireNonNull(group);
        Objects.requireNonNull(executor);
        if (members < 1 || answered < 0) {
            throw new IllegalArgumentException(members + " members that answered request " + answered);
        }
    }

    /** The next report, with an answer or, if that is null, without. */
    ExecutorReport with(long number, Answer<?> next) {
        return new ExecutorReport(group, executor, address, members, number, next);
    }

    /** What the driver has to say to an executor. */
    public sealed interface Reply extends Serializable {
        /** Nothing yet: ask again soon. */
        record Wait() implements Reply {}

        /** Answer this. */
        record Work(long number, Request<?> request) implements Reply {}

        /** Requests come over the connection that the driver has opened to this executor. */
        record Connected() implements Reply {}

        /** The group is gone. */
        record Dismissed() implements Reply {}
    }
}
