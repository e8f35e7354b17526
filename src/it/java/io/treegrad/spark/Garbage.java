package io.treegrad.spark;

import io.treegrad.network.GradientSum;
import io.treegrad.network.TreeSum;
import io.treegrad.spark.exchange.Answer;
import io.treegrad.spark.exchange.ExecutorReport;
import io.treegrad.spark.exchange.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Sends the driver what no resident task would, from an executor, while a training runs. */
final class Garbage {
    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static final AtomicLong REFUSED = new AtomicLong();
    private static volatile boolean stopped;

    private Garbage() {}

    static void startSending() {
        if (STARTED.compareAndSet(false, true)) {
            stopped = false;
            REFUSED.set(0);
            Thread thread = new Thread(Garbage::send, "garbage");
            thread.setDaemon(true);
            thread.start();
        }
    }

    static long stopAndCountRefused() {
        stopped = true;
        STARTED.set(false);
        return REFUSED.get();
    }

    private static void send() {
        while (!stopped) {
            for (Object message : messages()) {
                try {
                    ExecutorReport.Reply reply =
                            Message.decode(ResidentPlugin.uplink().ask(message), ExecutorReport.Reply.class);
                    if (reply instanceof ExecutorReport.Reply.Dismissed) {
                        REFUSED.incrementAndGet();
                    }
                } catch (Exception refused) {
                    REFUSED.incrementAndGet();
                }
            }
        }
    }

    private static List<Object> messages() {
        List<Object> messages = new ArrayList<>();
        messages.add("nonsense");
        messages.add(new byte[100_000]);
        messages.add(new Object[] {new byte[100_000], new float[1000]});
        Object[] stranger = Message.encode(new ExecutorReport(
                "treegrad-no-such-group-1", "0 at here", null, 2, 1, new Answer<>(new TreeSum<GradientSum>(9), 1)));
        messages.add(stranger);
        byte[] bytes = (byte[]) stranger[0];
        messages.add(new Object[] {Arrays.copyOf(bytes, bytes.length / 2)});
        messages.add(Message.encode("nonsense"));
        return messages;
    }
}
