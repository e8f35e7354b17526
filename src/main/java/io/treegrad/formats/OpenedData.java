package io.treegrad.formats;

import io.treegrad.data.RowSource;
import java.util.Optional;

/**
 * What is in the files of a data set.
 *
 * @param test test rows that come with it; empty if there are none
 */
public record OpenedData(RowSource train, Optional<RowSource> test) {}
