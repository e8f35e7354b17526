package io.treegrad.network;

/** A back-end that this machine does not have. The message is for the user: what is missing, why, what to do. */
final class BlasUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    BlasUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
