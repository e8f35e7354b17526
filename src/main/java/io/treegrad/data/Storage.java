package io.treegrad.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;

/**
 * Where the bytes of a data set are, reached by path: the one way in which this package touches a file system.
 * Implementations are values that travel to tasks, and may be used by several threads.
 */
public interface Storage extends Serializable {
    /** The whole file from its first byte; the caller closes it. {@code skip} should cost less than reading. */
    InputStream open(String path) throws IOException;

    /** Size of the file in bytes. */
    long length(String path) throws IOException;

    /** Whether there is a file (not a directory) of this path. */
    boolean exists(String path) throws IOException;
}
