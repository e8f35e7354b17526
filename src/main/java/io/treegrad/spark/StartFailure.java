package io.treegrad.spark;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.UserError;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;

/**
 * Why Spark or Hadoop cannot be started: their settings, the machine or the cluster, in any case nothing of this program. A
 * failure to start is no bug, whatever it is thrown as.
 */
final class StartFailure {
    private static final String PLACES =
            "--conf, --properties-file or spark-defaults.conf of spark-submit, or the configuration of Hadoop";

    private StartFailure() {}

    /**
     * What {@code start} makes.
     *
     * @param conf for messages
     * @throws UserError BAD_CONFIGURATION, or TRY_AGAIN if another machine does not answer
     */
    static <T> T orUserError(SparkConf conf, Callable<T> start) {
        try {
            return start.call();
        } catch (UserError e) {
            throw e;
        } catch (Exception | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw of(e, conf);
        }
    }

    private static UserError of(Throwable failure, SparkConf conf) {
        RuntimeException unwrapped = Failures.unwrapped(failure);
        if (unwrapped instanceof UserError error) {
            return error;
        }
        UserError ofPlatform = OutsideFailure.ofPlatform(failure);
        if (ofPlatform != null) {
            return ofPlatform;
        }
        Throwable cause = failure;
        while (cause.getCause() != null && !isUnknownHost(cause)) {
            cause = cause.getCause();
        }
        if (isUnknownHost(cause)) {
            return refusal(
                    "a host name has no address (%s)".formatted(OutsideFailure.reason(cause)),
                    "names that can be looked up. Correct spark.driver.host and spark.driver.bindAddress, or set"
                            + " SPARK_LOCAL_IP to an address of this machine, or add its name to /etc/hosts.",
                    failure);
        }
        if (OutsideFailure.isTransient(failure)) {
            return new UserError(
                    UserError.Kind.TRY_AGAIN,
                    "Spark cannot be started: another machine does not answer (%s), expected one that does. Run again later."
                            .formatted(OutsideFailure.reason(cause)),
                    failure);
        }
        Optional<String> logs =
                eventLogs(conf).filter(place -> String.valueOf(failure).contains(withoutScheme(place)));
        if (logs.isPresent()) {
            return refusal(
                    OutsideFailure.reason(cause),
                    "a directory at spark.eventLog.dir, " + logs.get()
                            + ". Make it, or set spark.eventLog.enabled to false.",
                    failure);
        }
        return refusal(
                OutsideFailure.reason(cause),
                "settings and a Java that Spark accepts (this is Java %d). Correct the setting (%s)."
                        .formatted(Runtime.version().feature(), PLACES),
                failure);
    }

    private static boolean isUnknownHost(Throwable cause) {
        return cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException;
    }

    private static UserError refusal(String reason, String expected, Throwable failure) {
        return new UserError(
                UserError.Kind.BAD_CONFIGURATION,
                "Spark cannot be started: " + reason + ", expected " + expected,
                failure);
    }

    private static Optional<String> eventLogs(SparkConf conf) {
        return conf.get("spark.eventLog.enabled", "false").equals("true")
                ? Optional.of(conf.get("spark.eventLog.dir", "/tmp/spark-events"))
                : Optional.empty();
    }

    private static String withoutScheme(String path) {
        return path.replaceFirst("^[a-z0-9]+:/*", "/");
    }
}
