package io.treegrad.spark;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
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
     * @throws UserError of kind TRY_AGAIN if no master accepts a connection; BAD_CONFIGURATION if an address is none, or no
     *     executor could ever come
     */
    static void requireReachable(SparkConf conf) {
        String master = conf.get("spark.master");
        if (!master.startsWith(SCHEME)) {
            return;
        }
        requireCoresForAnExecutor(conf);
        int millis = (int) Math.min(Integer.MAX_VALUE, conf.getTimeAsMs(LIMIT, DEFAULT_LIMIT));
        List<String> obstacles = new ArrayList<>();
        for (String address : master.substring(SCHEME.length()).split(",", -1)) {
            Optional<String> obstacle = obstacle(parsed(address, master), millis);
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

    private static void requireCoresForAnExecutor(SparkConf conf) {
        int most = conf.getInt("spark.cores.max", Integer.MAX_VALUE);
        int ofExecutor = conf.getInt("spark.executor.cores", 1);
        if (ofExecutor > most) {
            throw new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    ("spark.executor.cores is %d, expected at most spark.cores.max, which is %d: no executor would ever"
                                    + " come. Correct one of them (--executor-cores, --total-executor-cores of"
                                    + " spark-submit).")
                            .formatted(ofExecutor, most));
        }
    }

    private static URI parsed(String address, String master) {
        try {
            URI uri = new URI(SCHEME + address);
            if (uri.getHost() != null && uri.getPort() > 0 && uri.getPath().isEmpty()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new UserError(
                UserError.Kind.BAD_CONFIGURATION,
                "spark.master is %s, expected spark://HOST:PORT, or spark://HOST:PORT,HOST:PORT for several masters. Correct it."
                        .formatted(master));
    }

    /** Why there is no connection to that address; empty if there is one. */
    private static Optional<String> obstacle(URI address, int millis) {
        InetSocketAddress target = new InetSocketAddress(address.getHost(), address.getPort());
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
