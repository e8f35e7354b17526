package io.treegrad.common;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/**
 * Sorts what goes wrong around the program, with files, networks, memory and the platform, by what the JDK, Hadoop and
 * Spark throw. None of it is a bug of this program. Hadoop's exceptions are known by their names, since this package depends on the JDK only.
 */
public final class OutsideFailure {
    private static final int MOST_CAUSES = 50;

    /**
     * The name node is not ready, HDFS has no data nodes, none can be reached, or they are behind with their reports. Full
     * data nodes are another error.
     */
    private static final Pattern NOT_READY =
            Pattern.compile("SafeModeException|StandbyException|RetriableException|BlockMissingException"
                    + "|CannotObtainBlockLengthException|There are 0 datanode\\(s\\) running"
                    + "|[1-9]\\d* node\\(s\\) are excluded|All datanodes .* are bad|no more good datanodes"
                    + "|not have enough number of replicas|Not replicated yet");

    private static final Pattern NO_SPACE = Pattern.compile("No space left on device|quota.* exceeded|File too large");
    /** Also of an executor that Spark ended for it, or that its cluster manager did. */
    private static final Pattern NO_MEMORY = Pattern.compile(
            "OutOfMemoryError(?!.*unable to create native thread)|[Ee]xit(?:ed with)? (?:code|status):? 52\\b|OOMKilled|running beyond physical memory");

    private static final Pattern TOO_LARGE_RESULTS = Pattern.compile(
            "Total size of serialized results of .* is bigger than spark\\.driver\\.maxResultSize(?: \\([^)]*\\))?");

    private static final Pattern NO_NAME = Pattern.compile("invalid null input: name");
    private static final Pattern NO_FILE_SYSTEM = Pattern.compile("No FileSystem for scheme \"?([^\"]*)\"?");
    private static final Pattern NO_CLASS = Pattern.compile("ClassNotFoundException: (?:Class )?(\\S+)");

    private OutsideFailure() {}

    /** The first of the causes that is a failed access; null if there is none. */
    static IOException accessIn(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof IOException access) {
                return access;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** For an access of which nothing is known but its exception. */
    static UserError of(IOException access) {
        UserError ofPlatform = ofPlatform(access);
        if (ofPlatform != null) {
            return ofPlatform;
        }
        if (isTransient(access)) {
            return new UserError(
                    UserError.Kind.TRY_AGAIN,
                    "A file system or another machine does not answer (%s), expected one that does. Run again later."
                            .formatted(reason(access)),
                    access);
        }
        if (isWantOfSpace(access)) {
            return new UserError(
                    UserError.Kind.CANNOT_WRITE,
                    "A file cannot be written (%s), expected free space. Make room, or write to another place."
                            .formatted(reason(access)),
                    access);
        }
        boolean missing = access instanceof FileNotFoundException || access instanceof NoSuchFileException;
        return new UserError(
                UserError.Kind.INPUT_MISSING,
                "A file cannot be read (%s), expected one that %s. Check the path and its permissions."
                        .formatted(reason(access), missing ? "exists" : "this user may read"),
                access);
    }

    /**
     * A failure that no path is to blame for: too little memory, results above the limit of Spark, a user without a name, a
     * file system that this installation does not have. Null for any other.
     */
    public static UserError ofPlatform(Throwable failure) {
        String texts = texts(failure);
        if (NO_MEMORY.matcher(texts).find()) {
            return new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "A process ran out of memory (%s; the driver has %,d MiB), expected room for rows, parameters and the buffers of a step. Set spark.driver.memory or spark.executor.memory to more, or use more executors, a smaller batch or a smaller network."
                            .formatted(reason(failure), Runtime.getRuntime().maxMemory() >> 20),
                    failure);
        }
        var tooLarge = TOO_LARGE_RESULTS.matcher(texts);
        if (tooLarge.find()) {
            return new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "The driver does not take what tasks return (%s), expected room for it. Set spark.driver.maxResultSize to more, or to 0 for no limit."
                            .formatted(tooLarge.group()),
                    failure);
        }
        if (NO_NAME.matcher(texts).find()) {
            return new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "This process runs under the number of a user who has no name on this machine, and Hadoop needs one:"
                            + " expected an entry in /etc/passwd. Add one, or run as another user.",
                    failure);
        }
        var unknown = NO_FILE_SYSTEM.matcher(texts);
        if (unknown.find()) {
            return new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "No file system is known for paths that begin with %s:, expected one that Hadoop knows, such as file:, hdfs: or s3a:. Correct the path, or add the jar of that file system to the options of spark-submit (--packages)."
                            .formatted(unknown.group(1)),
                    failure);
        }
        var missing = NO_CLASS.matcher(texts);
        if (missing.find()) {
            return new UserError(
                    UserError.Kind.BAD_CONFIGURATION,
                    "The class %s is missing, expected a jar with it%s. Add the jar to the options of spark-submit (--packages or --jars)."
                            .formatted(
                                    missing.group(1),
                                    missing.group(1).contains(".s3a.")
                                            ? ", which for s3a: is org.apache.hadoop:hadoop-aws in the version of this Hadoop"
                                            : ""),
                    failure);
        }
        return null;
    }

    private static String texts(Throwable failure) {
        StringBuilder texts = new StringBuilder();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            texts.append(cause).append('\n');
            cause = cause.getCause();
        }
        return texts.toString();
    }

    /** Whether a disk is full, or a quota or a limit on the size of a file is reached. */
    public static boolean isWantOfSpace(IOException access) {
        return NO_SPACE.matcher(access.toString()).find();
    }

    /** Whether the same access may succeed later by itself. */
    public static boolean isTransient(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SocketTimeoutException
                    || cause instanceof UnknownHostException
                    || NOT_READY.matcher(cause.toString()).find()) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /**
     * Only the first line, since a name node sends its stack trace too. Often the JDK says only the path: then the
     * class is added.
     */
    public static String reason(Throwable cause) {
        boolean pathAlone = cause instanceof FileSystemException failure && failure.getReason() == null;
        String message = pathAlone || cause.getMessage() == null
                ? cause.getClass().getSimpleName() + " " + cause.getMessage()
                : cause.getMessage();
        return message.lines().findFirst().orElse("");
    }
}
