package io.treegrad.formats;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** How a column is known that holds the numbers of the rows, which must not be trained on. */
final class IndexColumn {
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
    /** What pandas and R call the index of the rows, and what pandas makes of that when it reads it. */
    private static final Set<String> OF_PANDAS = Set.of("", "unnamed: 0");
    /** What people call it. */
    private static final Set<String> NAMES =
            Set.of("", "id", "index", "unnamed: 0", "rownames", "row", "rowid", "row_id", "imageid", "_c0");
    /** What pandas calls an index that it wrote to Parquet. */
    private static final Pattern OF_PANDAS_IN_PARQUET = Pattern.compile("__index_level_[0-9]+__");

    /** Fewer running numbers in a file without a header may well be values. */
    private static final int FEWEST_ROWS_WITHOUT_A_HEADER = 10;

    private static final int FEWEST_ROWS = 2;

    private IndexColumn() {}

    static boolean hasName(String name) {
        return NAMES.contains(CsvField.plain(name)) || isOfPandas(name);
    }

    /** Whether pandas wrote it to Parquet. */
    static boolean isOfPandas(String name) {
        return OF_PANDAS_IN_PARQUET.matcher(name).matches();
    }

    /** All of a table, by their names and by some of the rows. */
    static BitSet all(TableHeader header, List<List<String>> rows) {
        return IntStream.range(0, header.columns())
                .filter(column -> is(header, column, rows))
                .collect(BitSet::new, BitSet::set, BitSet::or);
    }

    /**
     * Whether a header has no name over the first column, not even an empty one, as {@code write.table} of R writes it over
     * the names of the rows.
     */
    static boolean hasNoName(List<String> header, List<List<String>> rows) {
        int last = header.size();
        if (rows.size() < FEWEST_ROWS
                || !header.stream().allMatch(CsvField::isName)
                || !rows.stream().allMatch(row -> row.size() == last + 1)
                || rows.stream().allMatch(row -> row.get(last).isEmpty())) {
            return false;
        }
        return areNamesOfRows(rows.stream().map(row -> row.get(0)).toList());
    }

    /** Different numbers in any order, as rows may have been mixed, or different names or dates, as those of R. */
    private static boolean areNamesOfRows(List<String> fields) {
        boolean areWhole =
                fields.stream().allMatch(field -> WHOLE.matcher(field).matches());
        return (areWhole || fields.stream().noneMatch(CsvField::isNumber))
                && Set.copyOf(fields).size() == fields.size();
    }

    private static boolean is(TableHeader header, int column, List<List<String>> rows) {
        boolean named = header.isPresent() ? hasName(header.names().get(column)) : column == 0;
        if (!named || rows.size() < (header.isPresent() ? FEWEST_ROWS : FEWEST_ROWS_WITHOUT_A_HEADER)) {
            return false;
        }
        List<String> numbers = rows.stream()
                .map(row -> column < row.size() ? row.get(column) : "")
                .toList();
        boolean areWhole =
                numbers.stream().allMatch(number -> WHOLE.matcher(number).matches());
        if (column == 0
                && header.isPresent()
                && OF_PANDAS.contains(CsvField.plain(header.names().get(0)))) {
            return areNamesOfRows(numbers);
        }
        if (!areWhole) {
            return false;
        }
        int first = Integer.parseInt(numbers.get(0));
        return (header.isPresent() || first <= 1)
                && IntStream.range(0, numbers.size())
                        .allMatch(row -> numbers.get(row).equals(Integer.toString(first + row)));
    }
}
