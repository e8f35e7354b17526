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

    private ParquetTable() {}

    static OpenedData open(Storage storage, List<String> paths, ReadingOptions options) throws IOException {
        ClassSurvey labels = new ClassSurvey();
        List<String> withRows = new ArrayList<>(); // Spark writes a file without rows for each task that had none
        List<List<Integer>> groups = new ArrayList<>();
        TableHeader header = null;
        ParquetColumns columns = null;
        for (String path : paths) {
            try (ParquetFile file = new ParquetFile(storage, path)) {
                if (file.firstGroup().isEmpty()) {
                    continue;
                }
                int first = file.firstGroup().getAsInt();
                TableHeader here = header(path, file);
                if (columns == null) {
                    TableHead head = new TableHead(',', here, true, sample(file, first), List.of(), 0);
                    ParquetColumns found = ParquetColumns.of(file, TableColumnSearch.columns(head, options));
                    columns = found.shaped(new ParquetRows(file, found, first).firstShape());
                    header = here;
                }
                columns.requireSame(
                        file, ParquetColumns.of(file, columns.columns().in(header, here)), header.place());
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
                withRows.add(path);
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
        for (int i = 0; i < withRows.size(); i++) {
            long rows = groups.get(i).stream().mapToLong(Integer::longValue).sum();
            files.add(new ParquetSource(withRows.get(i), columns, groups.get(i), rows, columns.shape(), classes));
        }
        return new OpenedData(JoinedSource.of(files), Optional.empty());
    }

    private static TableHeader header(String path, ParquetFile file) {
        List<String> names =
                file.schema().getFields().stream().map(Type::getName).toList();
        return new TableHeader(path, names.size(), names);
    }

    /** The first rows of a group as those of a text table, as far as they show which columns are an index or names. */
    private static List<List<String>> sample(ParquetFile file, int group) throws IOException {
        int count = Math.min(ROWS_LOOKED_AT, file.rows(group));
        List<List<String>> sample = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            sample.add(new ArrayList<>());
        }
        int column = 0;
        for (Type field : file.schema().getFields()) {
            int at = column++;
            String shown = ParquetType.isText(field) ? "text" : "0.5";
            sample.forEach(row -> row.add(shown));
            if (IndexColumn.isOfPandas(field.getName())) { // whose rows may have been mixed since
                IntStream.range(0, count).forEach(row -> sample.get(row).set(at, Integer.toString(row)));
            } else if (IndexColumn.hasName(field.getName()) && isWhole(field)) {
                ColumnDescriptor numbers = file.schema().getColumnDescription(new String[] {field.getName()});
                file.read(group, numbers, RowSet.range(0, count), (row, value) -> sample.get(row)
                        .set(at, Long.toString((long) ParquetType.number(value))));
            }
        }
        return sample;
    }

    private static boolean isWhole(Type field) {
        return field.isPrimitive()
                && (field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32
                        || field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64);
    }
}
