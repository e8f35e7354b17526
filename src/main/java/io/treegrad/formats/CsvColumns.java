package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.CsvLabel;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What each column of a table is: a value, part of the label, or left out. Immutable. */
final class CsvColumns implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int DROPPED = -1;

    private final CsvLabel label;
    private final String labelName;
    private final List<String> dropped;
    /** For each column the number of its value, {@link #DROPPED}, or -2 - j for the j-th column of the label. */
    private final int[] targets;

    private final int features;

    private CsvColumns(CsvHeader header, CsvLabel label, BitSet dropped, int end) {
        this.label = label;
        this.labelName = header.nameOf(label, end);
        this.dropped = dropped.stream().mapToObj(header::nameOf).toList();
        this.targets = new int[header.columns()];
        int values = 0;
        for (int column = 0; column < targets.length; column++) {
            boolean isLabel = CsvHeader.isWithin(label, column, end);
            targets[column] = isLabel ? -2 - (column - label.firstIn(end)) : dropped.get(column) ? DROPPED : values++;
        }
        this.features = values;
    }

    static CsvColumns of(CsvHead head, ReadingOptions options) {
        CsvHeader header = head.header();
        BitSet dropped = options.drop()
                .columns()
                .map(columns -> told(header, columns))
                .or(() -> options.like().map(before -> like(header, before)))
                .orElseGet(() -> withoutText(head));
        int end = header.columns();
        while (end > 1 && dropped.get(end - 1)) {
            end--;
        }
        CsvLabel label = label(head, options, dropped, end);
        if (label.columns() > 0 && (end < label.columns() || end <= label.firstIn(end))) {
            throw tooFew(header, "a label" + (label.first() > 0 ? " in " + label.words() : ""));
        }
        boolean isOpen = options.drop().columns().isEmpty() && options.like().isEmpty();
        for (int column = 0; isOpen && column < end; column++) {
            if (!CsvHeader.isWithin(label, column, end) && header.isIndex(column, head.sample())) {
                dropped.set(column);
            }
        }
        CsvColumns columns = new CsvColumns(header, label, dropped, end);
        if (columns.features < 1) {
            throw tooFew(
                    header, label.columns() > 1 ? "values and " + label.columns() + " labels" : "values and 1 label");
        }
        return columns;
    }

    private static UserError tooFew(CsvHeader header, String expected) {
        return new UserError(
                UserError.Kind.BAD_DATA,
                "%s: found %d %s, expected %s, separated by commas, semicolons, tabs, bars or blanks; correct the file or give another one."
                        .formatted(
                                header.place(),
                                header.columns(),
                                header.columns() == 1 ? "column" : "columns",
                                expected));
    }

    private static BitSet told(CsvHeader header, List<String> columns) {
        BitSet dropped = new BitSet();
        for (String column : columns) {
            dropped.set(header.column(column).orElseThrow(() -> header.unknown(column, "drop")));
        }
        return dropped;
    }

    /** The columns that were left out before, as far as they are here. */
    private static BitSet like(CsvHeader header, ReadingOptions.Precedent before) {
        BitSet dropped = new BitSet();
        List<String> left = before.reading().dropped();
        boolean isAsWide =
                header.columns() == before.features() + before.reading().label().columns() + left.size();
        for (String column : left) {
            header.column(column)
                    .filter(at -> isAsWide || header.nameOf(at).equals(column))
                    .ifPresent(dropped::set);
        }
        return dropped;
    }

    /** Nothing follows the last separator of any line. */
    private static BitSet withoutText(CsvHead head) {
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

    private static CsvLabel label(CsvHead head, ReadingOptions options, BitSet dropped, int end) {
        CsvHeader header = head.header();
        if (options.label().isPresent()) {
            return header.specified(options.label().get(), end);
        }
        if (options.like().isPresent()) {
            ReadingOptions.Precedent before = options.like().get();
            boolean hasValuesOnly = header.columns() - dropped.cardinality() == before.features();
            return options.labelsOptional() && hasValuesOnly ? CsvLabel.NONE : header.like(before.reading(), end);
        }
        return header.named(end).or(() -> onlyText(head, dropped, end)).orElse(CsvLabel.LAST);
    }

    /** The only column of names. */
    private static Optional<CsvLabel> onlyText(CsvHead head, BitSet dropped, int end) {
        List<Integer> columns = IntStream.range(0, end)
                .filter(column -> !dropped.get(column)
                        && !head.sample().isEmpty()
                        && head.sample().stream()
                                .allMatch(row -> column < row.size() && CsvHeader.isName(row.get(column))))
                .boxed()
                .toList();
        return columns.size() == 1 ? Optional.of(CsvLabel.column(columns.get(0), end)) : Optional.empty();
    }

    /** @throws UserError if a file has other columns than the first file of its table */
    static void requireSame(CsvHeader header, CsvHeader other) {
        if (other.columns() != header.columns()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: found %d columns, expected %d as in %s; give files of one table."
                            .formatted(other.place(), other.columns(), header.columns(), header.place()));
        }
        if (header.isPresent() && other.isPresent() && !header.names().equals(other.names())) {
            List<String> names = new ArrayList<>(other.names());
            names.removeAll(header.names());
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: found other columns, or another order of them%s, expected those of %s; give files of one table."
                            .formatted(
                                    other.place(),
                                    names.isEmpty() ? "" : " (\"" + names.get(0) + "\")",
                                    header.place()));
        }
    }

    CsvLabel label() {
        return label;
    }

    /** Name of the label in the header; empty without a header, and for one-hot columns. */
    String labelName() {
        return labelName;
    }

    /** Names of the columns that were left out, or their numbers from 1. */
    List<String> dropped() {
        return dropped;
    }

    /** Columns of the file. */
    int count() {
        return targets.length;
    }

    int features() {
        return features;
    }

    /** The value that a column is; negative if it is none. */
    int value(int column) {
        return targets[column];
    }

    /** The column of the label that a column is, from 0; negative if it is none. */
    int labelColumn(int column) {
        return -2 - targets[column];
    }
}
