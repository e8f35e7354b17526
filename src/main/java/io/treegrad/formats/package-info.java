/**
 * Reads rows from files of every format, as plain byte streams. {@link io.treegrad.formats.InputPaths} finds the files,
 * {@link io.treegrad.formats.Formats} opens them. Arrays (IDX, npz) and text (CSV, LIBSVM) have one class each that reads
 * rows, {@link io.treegrad.formats.ArraySource} and {@link io.treegrad.formats.TextSource}; a format only says what is
 * where. Tables, CSV and Parquet, share the rules by which the label and the values are found, {@link
 * io.treegrad.formats.CsvColumns}.
 */
package io.treegrad.formats;
