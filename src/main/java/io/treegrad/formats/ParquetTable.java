package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.JoinedSource;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Opens Parquet files. The label is a column of numbers or names, found by its name as in other tables. The values are
 * the other columns of numbers; or one column with all of them: an array, a vector of Spark ML, or a picture (PNG or
 * JPEG) in binary, as Hugging Face has them. The footers tell the numbers of rows.
 */
final class ParquetTable {
    private static final int ROWS_LOOKED_AT = 20;
    /** What pandas calls an index that it wrote; its rows may have been mixed since. */
    private static final Pattern PANDAS_INDEX = Pattern.compile("__index_level_[0-9]+__");

    private ParquetTable() {}

    static OpenedData open(Storage storage, List<String> paths, ReadingOptions options) throws IOException {
        ClassSurvey labels = new ClassSurvey();
        List<List<Integer>> groups = new ArrayList<>();
        CsvHeader header = null;
        ParquetColumns columns = null;
        for (String path : paths) {
            try (ParquetFile file = new ParquetFile(storage, path)) {
                CsvHead head = head(path, file);
                header = header == null ? head.header() : header;
                if (columns != null) {
                    columns.columns().in(header, head.header());
                }
                if (columns == null && file.firstGroup().isPresent()) {
                    ParquetColumns found = ParquetColumns.of(file, CsvColumnSearch.columns(head, options));
                    ParquetRows rows =
                            new ParquetRows(file, found, file.firstGroup().getAsInt());
                    columns = found.shaped(rows.firstShape());
                }
                List<Integer> counts = new ArrayList<>();
                for (int group = 0; group < file.groups(); group++) {
                    counts.add(file.rows(group));
                    if (counts.get(group) > 0) {
                        if (options.hasNumbers()) {
                            columns.requireNumbers(file, group);
                        } else {
                            columns.surveyLabels(file, group, labels);
                        }
                    }
                }
                groups.add(counts);
            }
        }
        if (columns == null) {
            throw new UserError(
                    UserError.Kind.BAD_DATA, paths.get(0) + ": found no rows, expected some; give another file.");
        }
        Classes classes =
                columns.label().isEmpty() && !options.hasNumbers() ? Classes.numbered(0, 1) : options.classes(labels);
        List<RowSource> files = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            long rows = groups.get(i).stream().mapToLong(Integer::longValue).sum();
            if (rows > 0) { // Spark writes a file without rows for each task that had none
                files.add(new ParquetSource(paths.get(i), columns, groups.get(i), rows, columns.shape(), classes));
            }
        }
        return new OpenedData(JoinedSource.of(files), Optional.empty());
    }

    /** The columns as those of a text table, with as much of the first rows as shows which are an index or names. */
    private static CsvHead head(String path, ParquetFile file) throws IOException {
        List<String> names = new ArrayList<>();
        List<List<String>> sample = new ArrayList<>();
        int group = file.firstGroup().orElse(0);
        int count = file.groups() == 0 ? 0 : Math.min(ROWS_LOOKED_AT, file.rows(group));
        for (int row = 0; row < count; row++) {
            sample.add(new ArrayList<>());
        }
        for (Type field : file.schema().getFields()) {
            names.add(field.getName());
            String shown = ParquetColumns.isText(field) ? "text" : "0.5";
            sample.forEach(row -> row.add(shown));
            if (PANDAS_INDEX.matcher(field.getName()).matches()) {
                IntStream.range(0, count).forEach(row -> sample.get(row).set(names.size() - 1, Integer.toString(row)));
            } else if (CsvHeader.isNameOfIndex(field.getName()) && isWhole(field)) {
                ColumnDescriptor column = file.schema().getColumnDescription(new String[] {field.getName()});
                file.read(group, column, RowSet.range(0, count), (row, value) -> sample.get(row)
                        .set(names.size() - 1, Long.toString((long) ParquetColumns.number(value))));
            }
        }
        return new CsvHead(',', new CsvHeader(path, names.size(), names), true, sample, List.of(), 0);
    }

    private static boolean isWhole(Type field) {
        return field.isPrimitive()
                && (field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32
                        || field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64);
    }
}
