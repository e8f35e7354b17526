package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.CsvLabel;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What each column of a table is: a value, part of the label, or left out. Immutable. */
final class CsvColumns implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int DROPPED = -1;

    private final CsvLabel label;
    private final String labelName;
    private final List<String> dropped;
    private final List<String> names;
    /** For each column the number of its value, {@link #DROPPED}, or -2 - j for the j-th column of the label. */
    private final int[] targets;

    private final int features;

    private CsvColumns(CsvHeader header, CsvLabel label, String labelName, List<String> dropped, int[] targets) {
        this.label = label;
        this.labelName = labelName;
        this.dropped = dropped;
        this.targets = targets;
        this.features =
                (int) IntStream.of(targets).filter(target -> target >= 0).count();
        this.names = header.isPresent() ? names(header, targets, features) : List.of();
    }

    /** Of all values in their order; none if two are the same, since then a name says nothing. */
    private static List<String> names(CsvHeader header, int[] targets, int features) {
        String[] names = new String[features];
        for (int column = 0; column < targets.length; column++) {
            if (targets[column] >= 0) {
                names[targets[column]] = header.names().get(column);
            }
        }
        return Set.copyOf(Arrays.asList(names)).size() == features ? List.of(names) : List.of();
    }

    private static CsvColumns inPlace(CsvHeader header, CsvLabel label, BitSet dropped, int end) {
        int[] targets = new int[header.columns()];
        int values = 0;
        for (int column = 0; column < targets.length; column++) {
            boolean isLabel = CsvHeader.isWithin(label, column, end);
            targets[column] = isLabel ? -2 - (column - label.firstIn(end)) : dropped.get(column) ? DROPPED : values++;
        }
        List<String> left = dropped.stream().mapToObj(header::nameOf).toList();
        return new CsvColumns(header, label, header.nameOf(label, end), left, targets);
    }

    static CsvColumns of(CsvHead head, ReadingOptions options) {
        CsvHeader header = head.header();
        Optional<ReadingOptions.Precedent> named = options.like()
                .filter(before -> header.sharesNames(before.reading().features()));
        if (named.isPresent()) {
            return byName(header, options, named.get());
        }
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
        CsvColumns columns = inPlace(header, label, dropped, end);
        if (columns.features < 1) {
            throw tooFew(
                    header, label.columns() > 1 ? "values and " + label.columns() + " labels" : "values and 1 label");
        }
        return columns;
    }

    /** The columns of rows that were read before, wherever they are here; others are left out. */
    private static CsvColumns byName(CsvHeader header, ReadingOptions options, ReadingOptions.Precedent before) {
        int[] targets = new int[header.columns()];
        Arrays.fill(targets, DROPPED);
        List<String> names = before.reading().features();
        for (int value = 0; value < names.size(); value++) {
            targets[header.require(names.get(value), "a value")] = value;
        }
        CsvLabel label = options.label()
                .map(choice -> header.specified(choice, header.columns()))
                .or(() -> labelByName(header, before.reading(), targets, options.labelsOptional()))
                .orElse(CsvLabel.NONE);
        for (int column = 0; column < targets.length; column++) {
            if (CsvHeader.isWithin(label, column, targets.length)) {
                targets[column] = -2 - (column - label.firstIn(targets.length));
            }
        }
        List<String> left = IntStream.range(0, targets.length)
                .filter(column -> targets[column] == DROPPED)
                .mapToObj(header::nameOf)
                .toList();
        return new CsvColumns(header, label, header.nameOf(label, targets.length), left, targets);
    }

    /**
     * The label as in a file that was read before, among columns whose values were found by their names.
     *
     * @param targets negative where a column has no value
     * @param isOptional whether there may be none
     */
    private static Optional<CsvLabel> labelByName(
            CsvHeader header, DataReading other, int[] targets, boolean isOptional) {
        CsvLabel place = other.label();
        if (place.isOneHot()) {
            int first = place.firstIn(header.columns());
            boolean isFree = first >= 0
                    && IntStream.range(first, first + place.columns()).allMatch(column -> targets[column] < 0);
            return isFree || !isOptional ? Optional.of(place) : Optional.empty();
        }
        return isOptional && !header.sharesNames(List.of(other.labelName()))
                ? Optional.empty()
                : Optional.of(CsvLabel.column(header.require(other.labelName(), "the label"), header.columns()));
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
        return header.named(end)
                .or(() -> onlyText(head, dropped, end))
                .orElse(head.oneHot() > 0 && end == header.columns() ? CsvLabel.oneHot(head.oneHot()) : CsvLabel.LAST);
    }

    /** The only column of names. */
    private static Optional<CsvLabel> onlyText(CsvHead head, BitSet dropped, int end) {
        List<Integer> columns = IntStream.range(0, end)
                .filter(column -> !dropped.get(column)
                        && !head.sample().isEmpty()
                        && head.sample().stream()
                                .allMatch(row -> column < row.size() && CsvField.isName(row.get(column))))
                .boxed()
                .toList();
        return columns.size() == 1 ? Optional.of(CsvLabel.column(columns.get(0), end)) : Optional.empty();
    }

    /**
     * The same columns in another file of the table, by their names if both have a header.
     *
     * @param first header of the file that these columns were found in
     * @throws UserError if it has others
     */
    CsvColumns in(CsvHeader first, CsvHeader other) {
        if (other.columns() != first.columns()) {
            throw new UserError(
                    UserError.Kind.BAD_DATA,
                    "%s: found %d columns, expected %d as in %s; give files of one table."
                            .formatted(other.place(), other.columns(), first.columns(), first.place()));
        }
        if (!first.isPresent() || !other.isPresent() || first.names().equals(other.names())) {
            return this;
        }
        int[] moved = new int[targets.length];
        for (int column = 0; column < targets.length; column++) {
            moved[other.require(first.names().get(column), "a column of " + first.place())] = targets[column];
        }
        return new CsvColumns(other, label, labelName, dropped, moved);
    }

    CsvLabel label() {
        return label;
    }

    /** What a model keeps of all this. */
    DataReading reading(DataFormat format) {
        return new DataReading(format, label, labelName, dropped, false, names);
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
