/**
 * Reads rows from files of every format, as plain byte streams. {@link io.treegrad.formats.InputPaths} finds the files,
 * {@link io.treegrad.formats.Formats} opens them. Four classes read rows: {@link io.treegrad.formats.ArraySource} those of
 * arrays (IDX, npz), {@link io.treegrad.formats.TextSource} those of text (CSV, LIBSVM), {@code ParquetSource} those of
 * Parquet, and {@code PictureFiles} pictures of digits, one a file. Tables, CSV and Parquet, share the rules by which the
 * label and the values are found: {@code TableColumnSearch} applies them, {@code TableColumns} is what it finds.
 */
package io.treegrad.formats;
