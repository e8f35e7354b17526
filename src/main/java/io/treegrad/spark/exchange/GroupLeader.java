package io.treegrad.spark.exchange;

import io.treegrad.worker.WorkSpec;
import java.util.Optional;

/**
 * The task that leads the workers of an executor: takes requests to them and joined answers back.
 *
 * @param group key of the worker group
 * @param executor for messages
 * @param members workers of this executor
 * @param uplink the way of reports to the driver
 * @param check called now and then while waiting; throws to give up
 */
public record GroupLeader(
        String group,
        String executor,
        int members,
        WorkSpec spec,
        LocalWorkerGroup workers,
        DriverUplink.Rpc uplink,
        Runnable check) {
    /** Answers until the driver dismisses the group. */
    public void answer(Optional<ExecutorEndpoint> endpoint) {
        String address = endpoint.map(ExecutorEndpoint::address).orElse(null);
        DriverUplink driver =
                new DriverUplink(new ExecutorReport(group, executor, address, members, 0, null), uplink, check);
        if (endpoint.isEmpty()) {
            answerOverRpc(driver);
            return;
        }
        try (ExecutorExchange exchange = endpoint.get().expect(group, spec)) {
            if (answerOverRpc(driver) instanceof ExecutorReport.Reply.Connected) {
                answer(exchange, driver);
            }
        }
    }

    /** Until the driver says that no request will come over Spark's RPC; returns what it says. */
    private ExecutorReport.Reply answerOverRpc(DriverUplink driver) {
        ExecutorReport.Reply reply = driver.await(driver.poll());
        while (reply instanceof ExecutorReport.Reply.Work work) {
            reply = driver.await(driver.tell(work.number(), workers.ask(work.request(), check)));
        }
        return reply;
    }

    /** Until a connection breaks, as when the driver closes it. Evaluations are few and small, and are answered over Spark's RPC. */
    private void answer(ExecutorExchange exchange, DriverUplink driver) {
        try {
            for (long answered = 0; ; answered++) {
                ExecutorReport.Reply.Work work = exchange.await(answered, check);
                if (work.request() instanceof Request.Gradient gradient) {
                    workers.askAndSend(gradient, check, answer -> exchange.answer(work.number(), answer, check));
                } else {
                    driver.tell(work.number(), workers.ask(work.request(), check));
                }
            }
        } catch (ExecutorExchange.Broken e) {
            if (!(driver.poll() instanceof ExecutorReport.Reply.Dismissed)) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }
}
