package io.treegrad.spark;

import io.treegrad.network.GradientSum;
import io.treegrad.network.TreeSum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;

/**
 * The driver's end of one connection to each executor of a worker group. Parameters go out of one buffer to all of them;
 * gradients come back into arrays that are used again at the next step. Threads of the network library only copy and hand
 * over; the driver thread adds.
 */
final class NetworkExchange extends RpcHandler implements Exchange {
    private static final Duration LONGEST_GREETING = Duration.ofSeconds(10);

    private final WorkSpec spec;
    private final Answers answers;
    private final Transport transport;
    private final Map<TransportClient, Peer> peers = new ConcurrentHashMap<>();
    private final FloatSender parameters = new FloatSender();
    private volatile String failure;
    private volatile boolean closed;

    /** An executor, and what has come of its answer to the last request. */
    private final class Peer {
        private final String executor;
        private final String address;
        private final List<GradientSum> sums = new ArrayList<>();
        private volatile long asked;
        private long answering;
        private int begun;
        private int whole;
        private TreeSum<GradientSum> answer;

        Peer(String executor, String address) {
            this.executor = executor;
            this.address = address;
        }

        /** On the thread of the connection, which also fills the arrays. */
        StreamCallbackWithID receive(GradientHeader header) {
            if (header.number() != asked) {
                throw new IllegalArgumentException(
                        "an answer to request " + header.number() + ", expected one to request " + asked);
            }
            if (answering != asked) {
                answering = asked;
                begun = 0;
                whole = 0;
                answer = new TreeSum<>(spec.steps().shards());
            }
            int shards = spec.steps().shards();
            if (header.nodes() < 1 || header.nodes() > shards || begun >= header.nodes()) {
                throw new IllegalArgumentException("node " + (begun + 1) + " of an answer of " + header.nodes()
                        + " nodes in a tree of " + shards + " leaves");
            }
            if (begun == sums.size()) {
                sums.add(new GradientSum(spec.network().parameterCount()));
            }
            GradientSum sum = sums.get(begun++);
            sum.set(header.lossSum(), header.correct(), header.rows());
            return new FloatReceiver(sum.gradient(), () -> complete(header, sum), broken -> fail(this, broken));
        }

        private void complete(GradientHeader header, GradientSum sum) {
            answer.putNode(header.firstLeaf(), header.level(), sum);
            if (++whole == header.nodes()) {
                answers.take(executor, header.number(), answer);
            }
        }
    }

    /** @param answers takes each answer and the executor that gave it, on a thread of the network library */
    NetworkExchange(WorkSpec spec, SparkConf conf, SecurityManager security, Answers answers) {
        this.spec = spec;
        this.answers = answers;
        this.transport = new Transport(conf, security, this);
    }

    /**
     * Connects to an executor and names the group.
     *
     * @param address where the executor listens, as HOST:PORT
     * @throws IOException if it cannot be reached, or knows nothing of the group
     */
    void connect(String group, String executor, String address) throws IOException {
        int colon = address.lastIndexOf(':');
        TransportClient client =
                transport.connect(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        peers.put(client, new Peer(executor, address));
        try {
            client.sendRpcSync(ByteBuffer.wrap(group.getBytes(StandardCharsets.UTF_8)), LONGEST_GREETING.toMillis());
        } catch (RuntimeException e) {
            throw new IOException("the executor refused the connection", e);
        }
    }

    @Override
    public void send(ExecutorReport.Reply.Work work) {
        ByteBuffer header = work.request().header(work.number());
        parameters.write(work.request().theta());
        peers.forEach((client, peer) -> {
            peer.asked = work.number();
            parameters.send(header.duplicate(), client, broken -> fail(peer, broken));
        });
    }

    @Override
    public ExecutorReport.Reply replyTo(ExecutorReport report) {
        return new ExecutorReport.Reply.Connected();
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    private void fail(Peer peer, Throwable cause) {
        if (failure == null && !closed) {
            failure = "the connection to executor %s, which listens at %s, broke: %s"
                    .formatted(peer.executor, peer.address, cause.getMessage());
        }
    }

    @Override
    public StreamCallbackWithID receiveStream(TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
        Peer peer = peers.get(client);
        if (peer == null) {
            throw new IllegalStateException("a stream from nobody");
        }
        return peer.receive(GradientHeader.decode(header));
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
        callback.onFailure(new UnsupportedOperationException("the driver takes streams only"));
    }

    @Override
    public StreamManager getStreamManager() {
        return NoStreams.INSTANCE;
    }

    @Override
    public void channelInactive(TransportClient client) {
        Peer peer = peers.get(client);
        if (peer != null) {
            fail(peer, new IOException("it was closed"));
        }
    }

    @Override
    public void exceptionCaught(Throwable cause, TransportClient client) {
        Peer peer = peers.get(client);
        if (peer != null) {
            fail(peer, cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        peers.keySet().forEach(TransportClient::close);
        transport.close();
    }
}
