package io.treegrad.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;

/**
 * Reads files by path: the only access of this package to a file system. Implementations are serializable values that
 * are sent to tasks, and are thread-safe.
 */
public interface Storage extends Serializable {
    /** The whole file from its first byte; the caller closes it. {@code skip} should cost less than reading. */
    InputStream open(String path) throws IOException;

    /** Size of the file in bytes. */
    long length(String path) throws IOException;

    /** When the file was last written, in milliseconds of the clock of its storage. */
    long modified(String path) throws IOException;

    /** Whether there is a file (not a directory) at this path. */
    boolean exists(String path) throws IOException;

    /** Names of the entries of a directory, in any order; empty if there is no such directory. */
    List<String> list(String directory) throws IOException;
}
