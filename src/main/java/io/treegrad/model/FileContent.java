package io.treegrad.model;

import java.io.IOException;
import java.io.OutputStream;

/** What a file is to hold. Written to any number of streams, it gives the same bytes to each. */
@FunctionalInterface
public interface FileContent {
    /** Writes all of it; does not close the stream. */
    void writeTo(OutputStream out) throws IOException;
}
