package io.treegrad.spark;

import io.treegrad.storage.RedactedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/** Where an executor listens for the driver. The first message of a connection names the worker group that it is for. */
final class ExecutorEndpoint extends RpcHandler implements AutoCloseable {
    private static final RedactedLog LOG = RedactedLog.of(ExecutorEndpoint.class);
    /** The first port to try; 0 for any that is free. */
    static final String PORT = "spark.treegrad.port";

    private final Transport transport;
    private final String address;
    private final Map<String, DriverConnection> groups = new ConcurrentHashMap<>();
    private final Map<TransportClient, DriverConnection> connections = new ConcurrentHashMap<>();

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
    static Optional<ExecutorEndpoint> open(SparkEnv env) {
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

    /** Lets the driver connect for a worker group, until that is closed. */
    DriverConnection expect(String group, int parameters) {
        DriverConnection connection = new DriverConnection(parameters, closed -> groups.remove(group, closed));
        groups.put(group, connection);
        return connection;
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
        DriverConnection connection =
                groups.get(StandardCharsets.UTF_8.decode(message).toString());
        if (connection == null || !connection.accept(client)) {
            callback.onFailure(new IllegalStateException("no such worker group is waiting"));
            return;
        }
        connections.put(client, connection);
        callback.onSuccess(ByteBuffer.allocate(0));
    }

    @Override
    public StreamCallbackWithID receiveStream(TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
        DriverConnection connection = connections.get(client);
        if (connection == null) {
            throw new IllegalStateException("a stream before its worker group was named");
        }
        return connection.receive(header);
    }

    @Override
    public StreamManager getStreamManager() {
        return NoStreams.INSTANCE;
    }

    @Override
    public void channelInactive(TransportClient client) {
        DriverConnection connection = connections.remove(client);
        if (connection != null) {
            connection.breakOff("it was closed");
        }
    }

    @Override
    public void exceptionCaught(Throwable cause, TransportClient client) {
        DriverConnection connection = connections.get(client);
        if (connection != null) {
            connection.breakOff(cause.toString());
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
