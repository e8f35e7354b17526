package io.treegrad.spark;

import io.treegrad.network.GradientSum;
import io.treegrad.network.TreeSum;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;

/**
 * The executor's end of the connection that the driver opens for a worker group. A thread of the network library fills in
 * the parameters; the task that leads the group waits here for requests and sends its answers.
 */
final class DriverConnection implements AutoCloseable {
    private final float[] theta;
    private final Consumer<DriverConnection> onClose;
    private final EventCount arrivals = new EventCount();
    private final List<FloatSender> senders = new ArrayList<>();
    private volatile TransportClient driver;
    private volatile String broken;
    /** Only the thread of the connection needs it. */
    private long received;

    private ExecutorReport.Reply.Work arrived;

    /** @param onClose told when this is closed */
    DriverConnection(int parameters, Consumer<DriverConnection> onClose) {
        this.theta = new float[parameters];
        this.onClose = onClose;
    }

    /** Whether the driver's connection was taken: there is one for each group. */
    synchronized boolean accept(TransportClient client) {
        if (driver != null) {
            return false;
        }
        driver = client;
        return true;
    }

    /** On the thread of the connection. */
    StreamCallbackWithID receive(ByteBuffer header) {
        ExecutorReport.Reply.Work request =
                new ExecutorReport.Reply.Work(header.getLong(), Request.decode(header, theta));
        if (request.number() != received + 1) {
            throw new IllegalArgumentException(
                    "request " + request.number() + " after request " + received + " of the same connection");
        }
        return new FloatReceiver(
                theta,
                () -> {
                    received = request.number();
                    arrived = request;
                    arrivals.advanceTo(request.number());
                },
                failure -> breakOff(failure.toString()));
    }

    /** No further request will come over this connection. */
    void breakOff(String reason) {
        broken = reason;
    }

    /**
     * Waits for the request after one that was answered.
     *
     * @param answered its number; 0 for none
     * @param check called now and then while waiting; throws to give up
     * @return null if the connection broke first
     */
    ExecutorReport.Reply.Work await(long answered, Runnable check) {
        try {
            arrivals.await(answered + 1, false, () -> {
                check.run();
                if (broken != null) {
                    throw new ConnectionBroken();
                }
            });
        } catch (ConnectionBroken e) {
            return null;
        }
        return arrived;
    }

    /** Ends a wait for a request. */
    private static final class ConnectionBroken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Why the connection broke; null while it has not. */
    String broken() {
        return broken;
    }

    /** Sends the nodes of an answer. The driver has taken those before when it asks for these. */
    void answer(long number, TreeSum<GradientSum> sum) {
        int[] sent = {0};
        sum.forEach((firstLeaf, level, node) -> {
            if (sent[0] == senders.size()) {
                senders.add(new FloatSender());
            }
            FloatSender sender = senders.get(sent[0]++);
            sender.write(node.gradient());
            sender.send(
                    GradientHeader.of(number, sum.nodes(), firstLeaf, level, node)
                            .encode(),
                    driver,
                    failure -> breakOff(failure.toString()));
        });
    }

    @Override
    public void close() {
        onClose.accept(this);
        TransportClient client = driver;
        if (client != null) {
            client.close();
        }
    }
}
