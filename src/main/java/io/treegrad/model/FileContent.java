package io.treegrad.model;

import java.io.IOException;
import java.io.OutputStream;

/** The content of a file to write. It may be written to several streams and gives each the same bytes. */
@FunctionalInterface
public interface FileContent {
    /** Writes all of it; does not close the stream. */
    void writeTo(OutputStream out) throws IOException;
}
