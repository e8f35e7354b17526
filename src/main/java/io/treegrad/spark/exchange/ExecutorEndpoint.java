package io.treegrad.spark.exchange;

import io.treegrad.storage.RedactedLog;
import io.treegrad.worker.WorkSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;

/** Where an executor listens for the driver and for other executors. A connection begins with a {@link Greeting}. */
public final class ExecutorEndpoint extends RpcHandler implements AutoCloseable {
    private static final RedactedLog LOG = RedactedLog.of(ExecutorEndpoint.class);
    /** The first port to try; 0 for any that is free. */
    public static final String PORT = "spark.treegrad.port";

    private final Transport transport;
    private final String address;
    private final Map<String, ExecutorExchange> groups = new ConcurrentHashMap<>();
    private final Map<TransportClient, ExchangeLink> links = new ConcurrentHashMap<>();

    ExecutorEndpoint(String host, SparkConf conf, SecurityManager security) throws IOException {
        transport = new Transport(conf, security, this);
        try {
            address = host + ":" + transport.listen(host, conf.getInt(PORT, 0));
        } catch (IOException e) {
            transport.close();
            throw e;
        }
    }

    /** Listens beside the block manager of this executor; empty where it cannot. */
    public static Optional<ExecutorEndpoint> open(SparkEnv env) {
        try {
            String host = env.blockManager().blockManagerId().host();
            return Optional.of(new ExecutorEndpoint(host, env.conf(), env.securityManager()));
        } catch (IOException | RuntimeException e) {
            LOG.warn("the exchange uses Spark's RPC, since this executor cannot listen: {}", e.toString());
            return Optional.empty();
        }
    }

    /** As HOST:PORT. */
    String address() {
        return address;
    }

    /** Lets the driver and other executors connect for a worker group, until that is closed. */
    ExecutorExchange expect(String group, WorkSpec spec) {
        ExecutorExchange exchange = new ExecutorExchange(
                spec.network().parameterCount(), spec.steps().shards(), closed -> groups.remove(group, closed));
        groups.put(group, exchange);
        return exchange;
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
        try {
            Greeting greeting = Greeting.decode(message);
            ExecutorExchange exchange = groups.get(greeting.group());
            if (exchange == null) {
                throw new IllegalArgumentException("no such worker group is waiting");
            }
            boolean fromDriver = greeting.from() == Greeting.DRIVER;
            links.put(
                    client,
                    fromDriver ? exchange.acceptDriver(client, greeting.to()) : exchange.acceptPeer(greeting.from()));
            if (fromDriver && !greeting.addresses().isEmpty()) {
                Thread thread = new Thread(() -> connectToPeers(exchange, greeting, callback), "treegrad exchange");
                thread.setDaemon(true);
                thread.start();
            } else {
                callback.onSuccess(ByteBuffer.allocate(0));
            }
        } catch (IllegalArgumentException e) {
            callback.onFailure(e);
        }
    }

    private void connectToPeers(ExecutorExchange exchange, Greeting greeting, RpcResponseCallback callback) {
        Map<Integer, TransportClient> connected = new HashMap<>();
        try {
            for (int peer = 0; peer < greeting.addresses().size(); peer++) {
                if (peer != greeting.to()) {
                    TransportClient client = transport.connect(
                            greeting.addresses().get(peer),
                            new Greeting(greeting.group(), greeting.to(), peer, List.of()));
                    connected.put(peer, client);
                    links.put(client, exchange.linkTo(peer));
                }
            }
            exchange.setPeers(connected);
            callback.onSuccess(ByteBuffer.allocate(0));
        } catch (IOException | RuntimeException e) {
            connected.values().forEach(TransportClient::close);
            callback.onFailure(e);
        }
    }

    @Override
    public StreamCallbackWithID receiveStream(TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
        ExchangeLink link = links.get(client);
        if (link == null) {
            throw new IllegalStateException("a stream before its worker group was named");
        }
        return link.receive(StreamHeader.decode(header));
    }

    @Override
    public StreamManager getStreamManager() {
        return NoStreams.INSTANCE;
    }

    @Override
    public void channelInactive(TransportClient client) {
        ExchangeLink link = links.remove(client);
        if (link != null) {
            link.breakOff("it was closed");
        }
    }

    @Override
    public void exceptionCaught(Throwable cause, TransportClient client) {
        ExchangeLink link = links.get(client);
        if (link != null) {
            link.breakOff(Transport.reason(cause));
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
