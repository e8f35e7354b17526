package io.treegrad.spark.exchange;

import java.util.Optional;

/** The way of requests from the driver to the executors of a worker group. */
interface Exchange extends AutoCloseable {
    /** Where answers go, from whatever thread. */
    @FunctionalInterface
    interface Answers {
        /** @param number of the request that it answers */
        void take(String executor, long number, Answer<?> answer);
    }

    /** Brings a request to every executor. */
    void send(ExecutorReport.Reply.Work work);

    /** What an executor that reports over Spark's RPC is told; never blocks. */
    ExecutorReport.Reply replyTo(ExecutorReport report);

    /** Why no more answers will come, if that is so. */
    Optional<String> failure();

    @Override
    void close();

    /** Executors ask for requests over Spark's RPC, which runs from executor to driver only. */
    final class OverRpc implements Exchange {
        private volatile ExecutorReport.Reply.Work work = new ExecutorReport.Reply.Work(0, null);

        @Override
        public void send(ExecutorReport.Reply.Work next) {
            work = next;
        }

        @Override
        public ExecutorReport.Reply replyTo(ExecutorReport report) {
            ExecutorReport.Reply.Work current = work;
            return report.answered() < current.number() ? current : new ExecutorReport.Reply.Wait();
        }

        @Override
        public Optional<String> failure() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
