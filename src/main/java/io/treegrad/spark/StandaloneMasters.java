package io.treegrad.spark;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * The masters of a standalone cluster, {@code spark://HOST:PORT,HOST:PORT}. Spark tries for a minute to reach one, tells of
 * each attempt with its stack, and then goes on without: better to know before it starts.
 */
final class StandaloneMasters {
    private static final String SCHEME = "spark://";
    /** Spark's own name for how long a connection may take to be made, and how long it waits for a master at a time. */
    private static final String LIMIT = "spark.rpc.io.connectionCreationTimeout";

    private static final String DEFAULT_LIMIT = "20s";

    private StandaloneMasters() {}

    /**
     * Does nothing for clusters of another kind.
     *
     * @throws UserError of kind TRY_AGAIN if no master accepts a connection
     */
    static void requireReachable(SparkConf conf) {
        String master = conf.get("spark.master");
        if (!master.startsWith(SCHEME)) {
            return;
        }
        int millis = (int) Math.min(Integer.MAX_VALUE, conf.getTimeAsMs(LIMIT, DEFAULT_LIMIT));
        List<String> obstacles = new ArrayList<>();
        for (String address : master.substring(SCHEME.length()).split(",")) {
            Optional<String> obstacle = obstacle(address, millis);
            if (obstacle.isEmpty()) {
                return;
            }
            obstacles.add(address + ": " + obstacle.get());
        }
        throw new UserError(
                UserError.Kind.TRY_AGAIN,
                "no master of %s can be reached (%s): expected one that listens there. Check spark.master and that the master"
                                .formatted(master, String.join("; ", obstacles))
                        + " runs, or run again later.");
    }

    /** Why there is no connection to that address; empty if there is one, or if Spark has to refuse the address itself. */
    private static Optional<String> obstacle(String address, int millis) {
        String host;
        int port;
        try {
            URI uri = URI.create(SCHEME + address);
            host = uri.getHost();
            port = uri.getPort();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (host == null || port < 0) {
            return Optional.empty();
        }
        InetSocketAddress target = new InetSocketAddress(host, port);
        if (target.isUnresolved()) {
            return Optional.of("unknown host");
        }
        try (Socket socket = new Socket()) {
            socket.connect(target, millis);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
