package io.treegrad.storage;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.regex.Pattern;

/** Turns a failed access into an error that says what the user can do. */
final class StorageFailure {
    /** HDFS has no data nodes, or the client could not reach any. Full data nodes are another error. */
    private static final Pattern NO_DATA_NODE = Pattern.compile(
            "There are 0 datanode\\(s\\) running|[1-9]\\d* node\\(s\\) are excluded|All datanodes .* are bad"
                    + "|no more good datanodes");

    private StorageFailure() {}

    /** CANNOT_WRITE, or TRY_AGAIN if the file system is not ready. */
    static UserError writing(String path, IOException cause) {
        if (isTransient(cause)) {
            return notReady(path, cause);
        }
        return new UserError(
                        UserError.Kind.CANNOT_WRITE,
                        "%s cannot be written (%s): expected a directory with free space that this user may write to. Choose another."
                                .formatted(path, reason(cause)),
                        cause)
                .fixedBy("output");
    }

    /** INPUT_MISSING, or TRY_AGAIN if the file system is not ready. */
    static UserError reading(String path, IOException cause) {
        if (isTransient(cause)) {
            return notReady(path, cause);
        }
        return new UserError(
                UserError.Kind.INPUT_MISSING,
                "%s cannot be read (%s): expected a file that this user may read. Check the path and its permissions."
                        .formatted(path, reason(cause)),
                cause);
    }

    private static UserError notReady(String path, IOException cause) {
        return new UserError(
                UserError.Kind.TRY_AGAIN,
                "%s: its file system is not ready (%s), expected one that answers. Run again later."
                        .formatted(path, reason(cause)),
                cause);
    }

    /** Whether the same access may succeed later by itself. */
    private static boolean isTransient(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String name = cause.toString();
            if (cause instanceof ConnectException
                    || cause instanceof SocketTimeoutException
                    || cause instanceof UnknownHostException
                    || name.contains("SafeModeException")
                    || name.contains("StandbyException")
                    || name.contains("RetriableException")
                    || name.contains("BlockMissingException")
                    || name.contains("CannotObtainBlockLengthException")
                    || NO_DATA_NODE.matcher(name).find()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Only the first line, since a name node sends its stack trace too. Often the JDK says only the path: then the
     * class is added.
     */
    private static String reason(IOException cause) {
        boolean pathAlone = cause instanceof FileSystemException failure && failure.getReason() == null;
        String message = pathAlone ? cause.getClass().getSimpleName() + " " + cause.getMessage() : cause.getMessage();
        return String.valueOf(message).lines().findFirst().orElse("");
    }
}
