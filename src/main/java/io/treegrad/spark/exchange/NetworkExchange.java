package io.treegrad.spark.exchange;

import io.treegrad.network.GradientSum;
import io.treegrad.network.TreeSum;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;

/**
 * The driver's end of one connection to each executor of a worker group. Parameters are sent from their array; gradients come
 * back into arrays that are used again at the next step. Threads of the network library only copy and hand over; the driver
 * thread adds.
 *
 * <p>At first each executor gets all parameters and answers the driver. Once {@link #connectExecutors} has succeeded, each
 * gets a slice of them, which it passes on to the others, and answers with that slice of the whole gradient.
 */
final class NetworkExchange extends RpcHandler implements Exchange {
    private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(30);

    private final WorkSpec spec;
    private final Answers answers;
    private final Transport transport;
    private final List<Peer> peers = new ArrayList<>();
    private final Map<TransportClient, Peer> byConnection = new ConcurrentHashMap<>();
    private volatile Slicing slicing;
    private volatile long asked;
    private volatile String failure;
    private volatile boolean closed;

    /** Where slices of the gradient come together; null while it does not come in slices. */
    private volatile GradientSum gradient;

    private final AtomicInteger slicesTaken = new AtomicInteger();

    /** An executor, and what has come of its answer to the last request. */
    private final class Peer {
        private final String executor;
        private final String address;
        private final int rank;
        private final TransportClient connection;
        private final AnswerReceiver receiver = new AnswerReceiver(spec.steps().shards());
        private long slicesAnswered;

        Peer(String executor, String address, int rank, TransportClient connection) {
            this.executor = executor;
            this.address = address;
            this.rank = rank;
            this.connection = connection;
        }

        /** On the thread of the connection, which also fills the arrays. */
        StreamCallbackWithID receive(StreamHeader header) {
            if (!(header instanceof StreamHeader.Node node) || node.number() != asked) {
                throw new IllegalArgumentException(
                        "an answer to request " + header.number() + ", expected one to request " + asked);
            }
            return slicing.slices() == 1 ? receiveNode(node) : receiveSlice(node);
        }

        private StreamCallbackWithID receiveNode(StreamHeader.Node node) {
            return receiver.receive(
                    node,
                    slicing.elements(),
                    answer -> answers.take(executor, node.number(), answer),
                    broken -> fail(this, broken));
        }

        /** The last slice brings the whole gradient, the others nothing. */
        private StreamCallbackWithID receiveSlice(StreamHeader.Node node) {
            TreeSum<GradientSum> whole = new TreeSum<>(spec.steps().shards());
            whole.putNode(node.firstLeaf(), node.level(), gradient);
            if (node.slice() != rank || slicesAnswered == asked || !whole.isComplete()) {
                throw new IllegalArgumentException(node + " from executor " + rank + " at request " + asked);
            }
            slicesAnswered = asked;
            return new FloatReceiver(
                    gradient.gradient(),
                    slicing.from(rank),
                    slicing.to(rank),
                    () -> {
                        boolean last = slicesTaken.incrementAndGet() == slicing.slices();
                        if (last) {
                            slicesTaken.set(0);
                            gradient.setCounts(node.counts());
                        }
                        answers.take(
                                executor,
                                node.number(),
                                new Answer<>(
                                        last
                                                ? whole
                                                : new TreeSum<>(spec.steps().shards()),
                                        node.computeNanos()));
                    },
                    broken -> fail(this, broken));
        }
    }

    /** @param answers takes each answer and the executor that gave it, on a thread of the network library */
    NetworkExchange(WorkSpec spec, SparkConf conf, SecurityManager security, Answers answers) {
        this.spec = spec;
        this.answers = answers;
        this.transport = new Transport(conf, security, this);
        this.slicing = new Slicing(spec.network().parameterCount(), 1);
    }

    /**
     * Connects to the next executor of a group.
     *
     * @param address where the executor listens, as HOST:PORT
     * @throws IOException if it cannot be reached, or knows nothing of the group
     */
    void connect(String group, String executor, String address) throws IOException {
        int rank = peers.size();
        TransportClient client = transport.connect(address, new Greeting(group, Greeting.DRIVER, rank, List.of()));
        Peer peer = new Peer(executor, address, rank, client);
        peers.add(peer);
        byConnection.put(client, peer);
    }

    /**
     * Has all executors connect to each other. From then on parameters and gradients travel in slices.
     *
     * @throws IOException if one cannot reach another
     */
    void connectExecutors(String group) throws IOException {
        List<String> addresses = peers.stream().map(peer -> peer.address).toList();
        Map<Peer, CompletableFuture<Void>> connected = new LinkedHashMap<>();
        for (Peer peer : peers) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            connected.put(peer, done);
            peer.connection.sendRpc(
                    new Greeting(group, Greeting.DRIVER, peer.rank, addresses).encode(), new RpcResponseCallback() {
                        @Override
                        public void onSuccess(ByteBuffer nothing) {
                            done.complete(null);
                        }

                        @Override
                        public void onFailure(Throwable cause) {
                            done.completeExceptionally(cause);
                        }
                    });
        }
        long deadline = System.nanoTime() + LONGEST_CONNECTING.toNanos();
        for (Map.Entry<Peer, CompletableFuture<Void>> one : connected.entrySet()) {
            String executor = "executor " + one.getKey().executor;
            try {
                one.getValue().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw new IOException(executor + ": " + Transport.reason(e.getCause()), e);
            } catch (TimeoutException e) {
                throw new IOException(executor + " did not connect to the others in time", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while executors connected to each other", e);
            }
        }
        gradient = new GradientSum(slicing.elements());
        slicing = new Slicing(slicing.elements(), peers.size());
    }

    @Override
    public void send(ExecutorReport.Reply.Work work) {
        asked = work.number();
        for (Peer peer : peers) {
            int slice = slicing.slices() == 1 ? 0 : peer.rank;
            new FloatStream(work.request().theta(), slicing.from(slice), slicing.to(slice))
                    .send(
                            work.request().header(work.number(), slice, slicing.slices()),
                            peer.connection,
                            broken -> fail(peer, broken));
        }
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
                    .formatted(peer.executor, peer.address, Transport.reason(cause));
        }
    }

    @Override
    public StreamCallbackWithID receiveStream(TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
        Peer peer = byConnection.get(client);
        if (peer == null) {
            throw new IllegalStateException("a stream from nobody");
        }
        return peer.receive(StreamHeader.decode(header));
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
        Peer peer = byConnection.get(client);
        if (peer != null) {
            fail(peer, new IOException("it was closed"));
        }
    }

    @Override
    public void exceptionCaught(Throwable cause, TransportClient client) {
        Peer peer = byConnection.get(client);
        if (peer != null) {
            fail(peer, cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        byConnection.keySet().forEach(TransportClient::close);
        transport.close();
    }
}
