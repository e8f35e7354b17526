package io.treegrad.formats;

import io.treegrad.common.Printable;
import io.treegrad.common.UserError;
import io.treegrad.data.DataReading;
import io.treegrad.data.TableLabel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds out what each column of a table is: from what the user says, the rows that were read before, and the head. */
final class TableColumnSearch {
    private static final int MOST_SHOWN = 8;

    private TableColumnSearch() {}

    /**
     * The columns of a table.
     *
     * @param head of its first file
     */
    static TableColumns columns(TableHead head, ReadingOptions options) {
        TableHeader header = head.header();
        TableColumns columns = options.like()
                .filter(before -> header.sharesNames(before.reading().features()))
                .map(before -> byName(header, options, before))
                .orElseGet(() -> byPlace(head, options));
        return options.prediction().isPresent() ? columns.forPrediction(header, id(header, options)) : columns;
    }

    /** The column that identifies a row; -1 if none was named. */
    private static int id(TableHeader header, ReadingOptions options) {
        return options.id()
                .map(name -> header.column(name).orElseThrow(() -> header.unknown(name, "id")))
                .orElse(-1);
    }

    private static TableColumns byPlace(TableHead head, ReadingOptions options) {
        TableHeader header = head.header();
        BitSet dropped = options.drop()
                .columns()
                .map(columns -> droppedByUser(header, columns))
                .or(() -> options.like().map(before -> droppedBefore(header, before)))
                .orElseGet(() -> emptyLastColumn(head));
        int id = id(header, options);
        if (id >= 0) {
            dropped.set(id);
        }
        int weight = weight(header, options);
        boolean isOpen = options.drop().columns().isEmpty() && options.like().isEmpty();
        BitSet indexes = isOpen ? IndexColumn.all(header, head.sample()) : new BitSet();
        if (weight >= 0) {
            indexes.clear(weight);
        }
        if (options.label().isEmpty()) {
            dropped.or(indexes);
        }
        BitSet apart = (BitSet) dropped.clone();
        if (weight >= 0) {
            apart.set(weight);
        }
        int end = header.columns();
        while (end > 1 && apart.get(end - 1)) {
            end--;
        }
        TableLabel label = label(head, options, apart, end);
        if (label.columns() > 0 && (end < label.columns() || end <= label.firstIn(end))) {
            throw tooFew(header, "a label" + (label.first() > 0 ? " in " + label.words() : ""));
        }
        if (weight >= 0 && TableHeader.isWithin(label, weight, end)) {
            throw new UserError(
                            UserError.Kind.BAD_CONFIGURATION,
                            "%s: column %s has both the weight and the label of a row, expected two columns."
                                    .formatted(header.place(), Printable.quoted(header.nameOf(weight))))
                    .fixedBy("label", "weight");
        }
        int first = label.firstIn(end);
        indexes.clear(first, first + label.columns());
        dropped.or(indexes);
        TableColumns columns = columns(header, label, dropped, weight, end);
        if (columns.features() < 1) {
            throw tooFew(
                    header, label.columns() > 1 ? "values and " + label.columns() + " labels" : "values and 1 label");
        }
        requireNumbers(head, columns);
        return columns;
    }

    /** @param weight column of the weights; -1 if there is none */
    private static TableColumns columns(TableHeader header, TableLabel label, BitSet dropped, int weight, int end) {
        int[] targets = new int[header.columns()];
        int values = 0;
        for (int column = 0; column < targets.length; column++) {
            boolean isLabel = TableHeader.isWithin(label, column, end);
            if (column == weight) {
                targets[column] = TableColumns.WEIGHT;
            } else if (isLabel) {
                targets[column] = TableColumns.partOfLabel(column - label.firstIn(end));
            } else {
                targets[column] = dropped.get(column) ? TableColumns.DROPPED : values++;
            }
        }
        List<String> left = dropped.stream().mapToObj(header::nameOf).toList();
        return new TableColumns(header, label, header.nameOf(label, end), left, targets, -1);
    }

    /** All columns of text are told at once, and not one after the other as their rows are read. */
    private static void requireNumbers(TableHead head, TableColumns columns) {
        List<List<String>> rows = head.sample();
        List<String> texts = IntStream.range(0, columns.count())
                .filter(column -> columns.value(column) >= 0 && isText(column, rows))
                .mapToObj(column -> head.header().words(column) + " ("
                        + Printable.quoted(rows.get(0).get(column)) + ")")
                .toList();
        if (!texts.isEmpty()) {
            throw new UserError(
                            UserError.Kind.BAD_DATA,
                            "%s: found text in %s, expected numbers; leave %s out, or write numbers instead."
                                    .formatted(
                                            head.header().place(),
                                            Printable.list(texts, MOST_SHOWN),
                                            texts.size() == 1 ? "it" : "them"))
                    .fixedBy("drop");
        }
    }

    /** Whether a column has text in the first row, and no number in any. */
    private static boolean isText(int column, List<List<String>> rows) {
        return !rows.isEmpty()
                && rows.stream()
                        .allMatch(row -> column < row.size()
                                && (CsvField.isText(row.get(column)) || CsvField.isMissing(row.get(column))))
                && CsvField.isText(rows.get(0).get(column));
    }

    /** The columns of rows that were read before, wherever they are here; others are left out. */
    private static TableColumns byName(TableHeader header, ReadingOptions options, ReadingOptions.Precedent before) {
        int[] targets = new int[header.columns()];
        Arrays.fill(targets, TableColumns.DROPPED);
        int[] values = header.requireAll(before.reading().features(), "a column of the training rows");
        for (int value = 0; value < values.length; value++) {
            targets[values[value]] = value;
        }
        TableLabel label = options.label()
                .map(choice -> header.specified(choice, header.columns()))
                .or(() -> labelByName(header, before.reading(), targets, options.labelsOptional()))
                .orElse(TableLabel.NONE);
        for (int column = 0; column < targets.length; column++) {
            if (TableHeader.isWithin(label, column, targets.length)) {
                if (targets[column] >= 0) {
                    throw new UserError(
                                    UserError.Kind.BAD_CONFIGURATION,
                                    "%s: label is set to %s, which has values of the training rows, expected a column with labels."
                                            .formatted(header.place(), header.words(column)))
                            .fixedBy("label");
                }
                targets[column] = TableColumns.partOfLabel(column - label.firstIn(targets.length));
            }
        }
        int weight = weight(header, options);
        if (weight >= 0 && targets[weight] == TableColumns.DROPPED) {
            targets[weight] = TableColumns.WEIGHT;
        }
        List<String> left = IntStream.range(0, targets.length)
                .filter(column -> targets[column] == TableColumns.DROPPED)
                .mapToObj(header::nameOf)
                .toList();
        return new TableColumns(header, label, header.nameOf(label, targets.length), left, targets, -1);
    }

    /**
     * The label as in a file that was read before, among columns whose values were found by their names.
     *
     * @param targets negative where a column has no value
     * @param isOptional whether there may be none
     */
    private static Optional<TableLabel> labelByName(
            TableHeader header, DataReading other, int[] targets, boolean isOptional) {
        TableLabel place = other.label();
        if (place.isOneHot()) {
            int first = place.firstIn(header.columns());
            boolean isFree = first >= 0
                    && IntStream.range(first, first + place.columns()).allMatch(column -> targets[column] < 0);
            return isFree || !isOptional ? Optional.of(place) : Optional.empty();
        }
        return isOptional && !header.sharesNames(List.of(other.labelName()))
                ? Optional.empty()
                : Optional.of(TableLabel.column(header.require(other.labelName(), "the label"), header.columns()));
    }

    private static UserError tooFew(TableHeader header, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                "%s: found %d %s, expected %s, separated by commas, semicolons, tabs, bars or blanks; correct the file or give another one."
                        .formatted(
                                header.place(),
                                header.columns(),
                                header.columns() == 1 ? "column" : "columns",
                                expected));
    }

    private static BitSet droppedByUser(TableHeader header, List<String> columns) {
        BitSet dropped = new BitSet();
        for (String column : columns) {
            dropped.set(header.column(column).orElseThrow(() -> header.unknown(column, "drop")));
        }
        return dropped;
    }

    /** The column of the weights; -1 if there is none. */
    private static int weight(TableHeader header, ReadingOptions options) {
        if (options.weight().isPresent()) {
            String column = options.weight().get();
            return header.column(column).orElseThrow(() -> header.unknown(column, "weight"));
        }
        return options.like()
                .filter(before -> !before.reading().weight().isEmpty())
                .flatMap(before -> header.column(before.reading().weight())
                        .filter(at -> isAsWide(header, before)
                                || header.nameOf(at).equals(before.reading().weight())))
                .orElse(-1);
    }

    /** Whether there are as many columns as in the rows before. */
    private static boolean isAsWide(TableHeader header, ReadingOptions.Precedent before) {
        DataReading reading = before.reading();
        int weights = reading.weight().isEmpty() ? 0 : 1;
        return header.columns()
                == before.features()
                        + reading.label().columns()
                        + reading.dropped().size()
                        + weights;
    }

    /** The columns that were left out before, as far as they are here. */
    private static BitSet droppedBefore(TableHeader header, ReadingOptions.Precedent before) {
        BitSet dropped = new BitSet();
        for (String column : before.reading().dropped()) {
            header.column(column)
                    .filter(at -> isAsWide(header, before) || header.nameOf(at).equals(column))
                    .ifPresent(dropped::set);
        }
        return dropped;
    }

    /** The last column, if nothing follows the last separator of any line. */
    private static BitSet emptyLastColumn(TableHead head) {
        BitSet dropped = new BitSet();
        int last = head.header().columns() - 1;
        boolean isEmpty = !head.sample().isEmpty()
                && head.sample().stream()
                        .allMatch(row -> row.size() == last + 1 && row.get(last).isEmpty())
                && (!head.header().isPresent()
                        || head.header().names().get(last).isEmpty());
        dropped.set(last, isEmpty && last > 0);
        return dropped;
    }

    private static TableLabel label(TableHead head, ReadingOptions options, BitSet apart, int end) {
        TableHeader header = head.header();
        if (options.label().isPresent()) {
            return header.specified(options.label().get(), end);
        }
        int used = header.columns() - apart.cardinality();
        if (options.prediction()
                .filter(how -> how.features() == used || used == 1)
                .isPresent()) {
            return TableLabel.NONE;
        }
        if (options.like().isPresent()) {
            ReadingOptions.Precedent before = options.like().get();
            return options.labelsOptional() && used == before.features()
                    ? TableLabel.NONE
                    : header.like(before.reading(), end);
        }
        return header.named(end)
                .or(() -> onlyText(head, options, apart, end))
                .orElse(
                        head.oneHot() > 0 && end == header.columns() && !options.hasNumbers()
                                ? TableLabel.oneHot(head.oneHot())
                                : TableLabel.LAST);
    }

    /** The only column of names. */
    private static Optional<TableLabel> onlyText(TableHead head, ReadingOptions options, BitSet apart, int end) {
        if (options.hasNumbers()) {
            return Optional.empty();
        }
        List<Integer> columns = IntStream.range(0, end)
                .filter(column -> !apart.get(column)
                        && !head.sample().isEmpty()
                        && head.sample().stream()
                                .allMatch(row -> column < row.size() && CsvField.isName(row.get(column))))
                .boxed()
                .toList();
        return columns.size() == 1 ? Optional.of(TableLabel.column(columns.get(0), end)) : Optional.empty();
    }
}
