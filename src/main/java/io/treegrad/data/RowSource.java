package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A labelled data set in storage. A small value that is sent to tasks: it holds paths and sizes, but no rows.
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

    /** Labels are 0 to {@code classes() - 1}; 0 classes if numbers are to be predicted. */
    int classes();

    /** Name of each class, by its number. */
    default List<String> classNames() {
        return IntStream.range(0, classes()).mapToObj(Integer::toString).toList();
    }

    /** Whether {@link #read} gives rows of bytes, whichever rows are wanted, rather than of floats. */
    default boolean ofBytes() {
        return false;
    }

    /** The wanted rows, in ascending order; only these take memory. */
    Rows read(RowSet wanted, Storage storage) throws IOException;

    /**
     * The wanted rows, and in place of those that cannot be read rows of zeros.
     *
     * @param bad takes the rows that cannot be read, if the format can pass over them
     */
    default Rows read(RowSet wanted, Storage storage, BadRows bad) throws IOException {
        return read(wanted, storage);
    }

    /** What identifies each of the wanted rows, if a column was named that does. */
    default String[] ids(RowSet wanted, Storage storage) throws IOException {
        throw new UserError(
                        UserError.Kind.USAGE,
                        describe() + ": the rows have no names of columns, expected a table: CSV or Parquet.")
                .fixedBy("id");
    }

    /** The labels of all rows, all 0 where numbers are to be predicted, without reading the rest where the format allows it. */
    int[] labels(Storage storage) throws IOException;

    /** The files to take a checksum of; empty if the rows are not in files. */
    List<String> paths();

    /** How to read other files that belong to this one; empty if these rows are not in a file. */
    default Optional<DataReading> reading() {
        return Optional.empty();
    }

    /** What this is, in one line for logs and reports. */
    String describe();
}
