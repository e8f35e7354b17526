package io.treegrad.spark.exchange;

import io.treegrad.network.GradientSum;
import io.treegrad.network.TreeSum;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;

/**
 * The executor's end of the connections of a worker group. Threads of the network library fill in the parameters and pass
 * slices of them on; the task that leads the group waits here for requests, joins and sends.
 *
 * <p>Where parameters come in one slice, the driver has sent all of them, and takes the whole answer. Where they come in as
 * many slices as there are executors, the driver sends the executor of rank j slice j, which passes it on to the others, and
 * takes slice j of the answer from it: there all executors' nodes of that slice are joined.
 *
 * <p>Buffers are used again at the next request. When it arrives, whatever was sent for the one before has been taken: the
 * driver asks only after every executor has received all parameters and every slice has been joined.
 */
final class ExecutorExchange implements AutoCloseable {
    /** Ends a wait, since a connection broke. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String reason) {
            super(reason);
        }
    }

    private final int elements;
    private final int shards;
    private final float[] theta;
    private final Consumer<ExecutorExchange> onClose;
    private final EventCount requests = new EventCount();
    private final AtomicInteger slicesArrived = new AtomicInteger();
    private volatile ExecutorReport.Reply.Work request;
    private volatile String broken;

    private volatile TransportClient driver;
    /** The number of the last request whose own slice has arrived, and in how many slices it comes. */
    private volatile long asked;

    private volatile Slicing slicing;

    private volatile int rank;
    private volatile Map<Integer, TransportClient> peers = Map.of();
    private final Set<Integer> acceptedPeers = ConcurrentHashMap.newKeySet();
    private final Queue<TreeSum<GradientSum>> answers = new ArrayDeque<>();
    private final EventCount answersTaken = new EventCount();
    private long answersCounted;
    private long answersJoined;

    private final AnswerSlices own = new AnswerSlices();

    /** @param onClose told when this is closed */
    ExecutorExchange(int parameters, int shards, Consumer<ExecutorExchange> onClose) {
        this.elements = parameters;
        this.shards = shards;
        this.theta = new float[parameters];
        this.slicing = new Slicing(parameters, 1);
        this.onClose = onClose;
    }

    /**
     * Takes the driver's connection.
     *
     * @throws IllegalArgumentException if there is another
     */
    synchronized ExchangeLink acceptDriver(TransportClient client, int ownRank) {
        if (driver != null && driver != client) {
            throw new IllegalArgumentException("the driver is connected already");
        }
        driver = client;
        rank = ownRank;
        return new DriverLink();
    }

    /**
     * Takes a connection over which another executor sends.
     *
     * @throws IllegalArgumentException if there is another
     */
    ExchangeLink acceptPeer(int peer) {
        if (!acceptedPeers.add(peer)) {
            throw new IllegalArgumentException("executor " + peer + " of the group is connected already");
        }
        return new PeerLink(peer);
    }

    /** Lets this executor send to the others, by their ranks. */
    void setPeers(Map<Integer, TransportClient> connected) {
        peers = new TreeMap<>(connected);
    }

    /** What comes over a connection to another executor: nothing, but it may break. */
    ExchangeLink linkTo(int peer) {
        return new ExchangeLink() {
            @Override
            public StreamCallbackWithID receive(StreamHeader header) {
                throw new IllegalArgumentException(header + " against the direction of the connection");
            }

            @Override
            public void breakOff(String reason) {
                breakOffFromPeer(peer, reason);
            }
        };
    }

    /** No further request will be answered. */
    private void giveUp(String reason) {
        if (broken == null) {
            broken = reason;
        }
    }

    private void breakOffFromDriver(String reason) {
        giveUp("the connection to the driver broke: " + reason);
    }

    private void breakOffFromPeer(int peer, String reason) {
        if (slicing.slices() > 1) { // else nothing goes that way
            giveUp("the connection between executors " + rank + " and " + peer + " of the group broke: " + reason);
        }
    }

    private final class DriverLink implements ExchangeLink {
        @Override
        public StreamCallbackWithID receive(StreamHeader header) {
            if (!(header instanceof StreamHeader.Parameters parameters) || parameters.number() != asked + 1) {
                throw new IllegalArgumentException(header + " after request " + asked);
            }
            int slices = parameters.slices();
            boolean asConnected = slices == 1 || slices == peers.size() + 1;
            if (!asConnected || parameters.slice() != (slices == 1 ? 0 : rank)) {
                throw new IllegalArgumentException(
                        parameters + " for executor " + rank + " with connections to " + peers.size());
            }
            Request<?> slicesRequest = Request.of(parameters, theta);
            slicing = new Slicing(elements, slices);
            return new FloatReceiver(
                    theta,
                    slicing.from(parameters.slice()),
                    slicing.to(parameters.slice()),
                    () -> {
                        asked = parameters.number();
                        passOn(parameters);
                        takeSlice(parameters, slicesRequest);
                    },
                    failure -> breakOff(Transport.reason(failure)));
        }

        @Override
        public void breakOff(String reason) {
            breakOffFromDriver(reason);
        }
    }

    private void passOn(StreamHeader.Parameters header) {
        if (header.slices() == 1) {
            return;
        }
        FloatStream slice = new FloatStream(theta, slicing.from(rank), slicing.to(rank));
        peers.forEach((peer, client) ->
                slice.send(header, client, failure -> breakOffFromPeer(peer, Transport.reason(failure))));
    }

    private void takeSlice(StreamHeader.Parameters header, Request<?> slicesRequest) {
        if (slicesArrived.incrementAndGet() == header.slices()) {
            slicesArrived.set(0);
            request = new ExecutorReport.Reply.Work(header.number(), slicesRequest);
            requests.advanceTo(header.number());
        }
    }

    private final class PeerLink implements ExchangeLink {
        private final int peer;
        private final AnswerReceiver receiver = new AnswerReceiver(shards);
        private long parametersTaken;

        PeerLink(int peer) {
            this.peer = peer;
        }

        @Override
        public StreamCallbackWithID receive(StreamHeader header) {
            Consumer<Throwable> whenBroken = failure -> breakOff(Transport.reason(failure));
            if (header instanceof StreamHeader.Parameters parameters
                    && parameters.number() == parametersTaken + 1
                    && parameters.slice() == peer
                    && parameters.slices() == peers.size() + 1) {
                Request<?> slicesRequest = Request.of(parameters, theta);
                Slicing cut = new Slicing(elements, parameters.slices());
                return new FloatReceiver(
                        theta,
                        cut.from(peer),
                        cut.to(peer),
                        () -> {
                            parametersTaken = parameters.number();
                            takeSlice(parameters, slicesRequest);
                        },
                        whenBroken);
            }
            // who answers has got this executor's slice of the parameters, so that has been asked here too
            if (header instanceof StreamHeader.Node node && node.number() == asked && node.slice() == rank) {
                return receiver.receive(node, slicing.length(rank), this::take, whenBroken);
            }
            throw new IllegalArgumentException(header + " from executor " + peer + " at request " + asked);
        }

        private void take(Answer<GradientSum> answer) {
            synchronized (answers) {
                answers.add(answer.sum());
                answersTaken.advanceTo(++answersCounted);
            }
        }

        @Override
        public void breakOff(String reason) {
            breakOffFromPeer(peer, reason);
        }
    }

    /**
     * Waits for the request after one that was answered.
     *
     * @param answered its number; 0 for none
     * @param check called now and then while waiting; throws to give up
     * @throws Broken if a connection broke first
     */
    ExecutorReport.Reply.Work await(long answered, Runnable check) {
        requests.await(answered + 1, false, alsoForBroken(check));
        return request;
    }

    private Runnable alsoForBroken(Runnable check) {
        return () -> {
            check.run();
            if (broken != null) {
                throw new Broken(broken);
            }
        };
    }

    /**
     * Sends an answer to where it is joined, and does this executor's part of the joining.
     *
     * @param check called now and then while waiting for others; throws to give up
     * @throws Broken if a connection broke first
     */
    void answer(long number, Answer<GradientSum> answer, Runnable check) {
        own.set(number, answer, slicing);
        if (slicing.slices() == 1) {
            own.send(0, driver, failure -> breakOffFromDriver(Transport.reason(failure)));
            return;
        }
        peers.forEach(
                (peer, client) -> own.send(peer, client, failure -> breakOffFromPeer(peer, Transport.reason(failure))));
        TreeSum<GradientSum> total = own.copy(rank, shards);
        for (int i = 0; i < peers.size(); i++) {
            answersTaken.await(++answersJoined, false, alsoForBroken(check));
            synchronized (answers) {
                total.merge(answers.remove());
            }
        }
        FloatStream joined = new FloatStream(total.total().gradient(), 0, slicing.length(rank));
        long nanos = answer.computeNanos();
        total.forEach((firstLeaf, level, node) -> joined.send(
                new StreamHeader.Node(number, rank, 1, firstLeaf, level, node.counts(), nanos),
                driver,
                failure -> breakOffFromDriver(Transport.reason(failure))));
    }

    @Override
    public void close() {
        onClose.accept(this);
        TransportClient client = driver;
        if (client != null) {
            client.close();
        }
        peers.values().forEach(TransportClient::close);
    }
}
