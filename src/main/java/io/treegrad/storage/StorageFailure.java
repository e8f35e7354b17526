package io.treegrad.storage;

import io.treegrad.common.OutsideFailure;
import io.treegrad.common.UserError;
import java.io.IOException;

/** Turns a failed access into an error that says what the user can do. */
final class StorageFailure {
    private StorageFailure() {}

    /** CANNOT_WRITE, or TRY_AGAIN if the file system is not ready. */
    static UserError writing(String path, IOException cause) {
        UserError ofPlatform = OutsideFailure.ofPlatform(cause);
        if (ofPlatform != null) {
            return ofPlatform;
        }
        if (OutsideFailure.isTransient(cause)) {
            return notReady(path, cause);
        }
        return new UserError(
                        UserError.Kind.CANNOT_WRITE,
                        "%s cannot be written (%s): expected a directory with free space that this user may write to. Choose another."
                                .formatted(path, OutsideFailure.reason(cause)),
                        cause)
                .fixedBy("output");
    }

    /** INPUT_MISSING, or TRY_AGAIN if the file system is not ready. */
    static UserError reading(String path, IOException cause) {
        UserError ofPlatform = OutsideFailure.ofPlatform(cause);
        if (ofPlatform != null) {
            return ofPlatform;
        }
        if (OutsideFailure.isTransient(cause)) {
            return notReady(path, cause);
        }
        return new UserError(
                UserError.Kind.INPUT_MISSING,
                "%s cannot be read (%s): expected a file that this user may read. Check the path and its permissions."
                        .formatted(path, OutsideFailure.reason(cause)),
                cause);
    }

    private static UserError notReady(String path, IOException cause) {
        return new UserError(
                UserError.Kind.TRY_AGAIN,
                "%s: its file system is not ready (%s), expected one that answers. Run again later."
                        .formatted(path, OutsideFailure.reason(cause)),
                cause);
    }
}
