package io.treegrad.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransportTest {
    private static final String HOST = "127.0.0.1";
    private static final Greeting GREETING = new Greeting("group", Greeting.DRIVER, 0, List.of());

    /** Takes every greeting, or refuses it, and knows when a connection has ended. */
    private static final class Handler extends RpcHandler {
        private final boolean takes;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Handler(boolean takes) {
            this.takes = takes;
        }

        @Override
        public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
            if (takes) {
                callback.onSuccess(ByteBuffer.allocate(0));
            } else {
                callback.onFailure(new IllegalStateException("no such group"));
            }
        }

        @Override
        public StreamManager getStreamManager() {
            return NoStreams.INSTANCE;
        }

        @Override
        public void channelInactive(TransportClient client) {
            ended.complete(null);
        }
    }

    private static Transport transport(RpcHandler handler) {
        SparkConf conf = new SparkConf(false).set("spark.app.id", "app");
        return new Transport(conf, LoopbackGroup.security(conf), handler);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("rpc-"))
                .collect(Collectors.toSet());
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException inUse) {
            return false;
        }
    }

    @Test
    void closingEndsConnectionsAndThreadsAndReleasesThePort() throws Exception {
        Set<Thread> others = threads();
        Handler ofServer = new Handler(true);
        Handler ofClient = new Handler(true);
        Transport server = transport(ofServer);
        int port = server.listen(HOST, 0);
        try (Transport client = transport(ofClient)) {
            assertTrue(client.connect(HOST + ":" + port, GREETING).isActive());
            assertFalse(others.containsAll(threads()));
            server.close();
            ofClient.ended.get(20, TimeUnit.SECONDS);
            // what is left of the connection may hold the port for a moment
            Awaitility.await().until(() -> isFree(port));
        }
        Awaitility.await().until(() -> others.containsAll(threads()));
    }

    @Test
    void aConnectionWhoseGreetingIsRefusedIsClosed() throws Exception {
        Handler refuses = new Handler(false);
        try (Transport server = transport(refuses);
                Transport client = transport(new Handler(true))) {
            String address = HOST + ":" + server.listen(HOST, 0);
            assertFalse(refuses.ended.isDone());
            IOException error = assertThrows(IOException.class, () -> client.connect(address, GREETING));
            assertEquals("no connection to " + address + ": no such group", error.getMessage());
            refuses.ended.get(20, TimeUnit.SECONDS);
        }
    }
}
