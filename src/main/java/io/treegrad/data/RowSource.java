package io.treegrad.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * A labelled data set as it lies in storage. A value that travels to tasks: it holds paths and sizes, no rows.
 *
 * <p>Each reading method may throw a {@link io.treegrad.common.UserError} that says what is wrong with the data, and an
 * {@link IOException} when storage fails.
 */
public interface RowSource extends Serializable {
    long rows();

    /** Of one row. */
    Shape shape();

    /** Values of one row. */
    default int features() {
        return shape().features();
    }

    /** Labels are 0 to {@code classes() - 1}. */
    int classes();

    /** Whether {@link #read} gives rows of bytes, whichever rows are wanted, rather than of floats. */
    default boolean ofBytes() {
        return false;
    }

    /** The wanted rows, in ascending order; memory is taken for these only. */
    Rows read(RowSet wanted, Storage storage) throws IOException;

    /** The labels of all rows, without reading the rest where the format allows it. */
    int[] labels(Storage storage) throws IOException;

    /** The files to take a checksum of; empty if the rows are not in files. */
    List<String> paths();

    /** How other files are to be read that belong to this; empty if these rows are in no file. */
    default Optional<DataReading> reading() {
        return Optional.empty();
    }

    /** What this is, in one line for logs and reports. */
    String describe();
}
