package io.treegrad.spark.exchange;

import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import scala.Option;

/**
 * Connections of Spark's own network library, with the authentication, encryption and settings of Spark's RPC
 * ({@code spark.authenticate}, {@code spark.network.crypto}, {@code spark.ssl.rpc}, {@code spark.rpc.io}).
 */
final class Transport implements AutoCloseable {
    private static final String CREATION_TIMEOUT = "spark.rpc.io.connectionCreationTimeout";
    private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(10);
    private static final Duration LONGEST_GREETING = Duration.ofSeconds(10);
    private static final int ANY_PORT = 0;
    private static final Pattern CLASSES = Pattern.compile("^(\\S+\\.\\w+(Exception|Error): )+");

    private final TransportConf conf;
    private final SecurityManager security;
    private final String application;
    private final TransportContext context;
    private TransportServer server;
    private TransportClientFactory clients;

    /** @param handler of all that arrives, at either end */
    Transport(SparkConf application, SecurityManager security, RpcHandler handler) {
        SparkConf settings = application.clone();
        settings.setIfMissing(CREATION_TIMEOUT, LONGEST_CONNECTING.toSeconds() + "s");
        this.security = security;
        this.application = settings.get("spark.app.id", "");
        this.conf = SparkTransportConf.fromSparkConf(
                settings, "rpc", 0, Option.empty(), Option.apply(security.getRpcSSLOptions()));
        this.context = new TransportContext(conf, handler);
    }

    /**
     * Listens as Spark's own services do: from {@code port} on, at most {@code spark.port.maxRetries} further.
     *
     * @param port 0 for any that is free
     * @return the port
     */
    int listen(String host, int port) throws IOException {
        List<TransportServerBootstrap> bootstraps =
                security.isAuthenticationEnabled() ? List.of(new AuthServerBootstrap(conf, security)) : List.of();
        for (int tried = port; ; tried++) {
            try {
                server = context.createServer(host, tried, bootstraps);
                return server.getPort();
            } catch (Exception e) { // the library throws checked ones that it does not declare
                if (!isTaken(e) || port == ANY_PORT || tried >= port + conf.portMaxRetries()) {
                    throw new IOException("cannot listen at " + host + ":" + tried, e);
                }
            }
        }
    }

    private static boolean isTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    /**
     * A connection of its own to an executor, authenticated if the application is, on which that has been greeted.
     *
     * @param address where it listens, as HOST:PORT
     * @throws IOException if it cannot be reached, or refuses the greeting
     */
    TransportClient connect(String address, Greeting greeting) throws IOException {
        int colon = address.lastIndexOf(':');
        TransportClient client = null;
        try {
            client = clients()
                    .createUnmanagedClient(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            client.sendRpcSync(greeting.encode(), LONGEST_GREETING.toMillis());
            return client;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to " + address, e);
        } catch (IOException | RuntimeException e) {
            if (client != null) {
                client.close();
            }
            throw new IOException("no connection to " + address + ": " + reason(e), e);
        }
    }

    private synchronized TransportClientFactory clients() {
        if (clients == null) {
            List<TransportClientBootstrap> bootstraps = security.isAuthenticationEnabled()
                    ? List.of(new AuthClientBootstrap(conf, application, security))
                    : List.of();
            clients = context.createClientFactory(bootstraps);
        }
        return clients;
    }

    /** What a failure says, without names of classes; the other end sends one with its stack trace as text. */
    static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return CLASSES.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
    }

    @Override
    public void close() {
        if (clients != null) {
            clients.close();
        }
        if (server != null) {
            server.close();
        }
        context.close();
    }
}
