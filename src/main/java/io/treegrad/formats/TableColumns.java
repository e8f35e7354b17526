package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.TableLabel;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What each column of a table is: a value, part of the label, the weight of a row, what identifies it, or left out.
 * Immutable.
 */
final class TableColumns implements Serializable {
    private static final long serialVersionUID = 1;

    static final int DROPPED = -1;
    static final int WEIGHT = Integer.MIN_VALUE;

    private final TableLabel label;
    private final String labelName;
    private final List<String> dropped;
    private final String weight;
    private final List<String> names;
    /** For each column the number of its value, {@link #DROPPED}, {@link #WEIGHT} or {@link #partOfLabel}. */
    private final int[] targets;

    private final int features;
    /** The column that identifies a row; -1 if none was named. */
    private final int id;

    private final String idName;

    /** @param targets for each column the number of its value, {@link #DROPPED}, {@link #WEIGHT} or {@link #partOfLabel}; kept */
    TableColumns(TableHeader header, TableLabel label, String labelName, List<String> dropped, int[] targets, int id) {
        this.id = id;
        this.idName = id < 0 ? "" : header.nameOf(id);
        this.label = label;
        this.labelName = labelName;
        this.dropped = dropped;
        this.targets = targets;
        this.weight = IntStream.range(0, targets.length)
                .filter(column -> targets[column] == WEIGHT)
                .mapToObj(header::nameOf)
                .findFirst()
                .orElse("");
        this.features =
                (int) IntStream.of(targets).filter(target -> target >= 0).count();
        this.names = header.isPresent() ? names(header, targets, features) : List.of();
    }

    /** What stands for the j-th column of the label, from 0, among numbers of values. */
    static int partOfLabel(int j) {
        return -2 - j;
    }

    /** Of all values in their order; none if two are the same, since then a name says nothing. */
    private static List<String> names(TableHeader header, int[] targets, int features) {
        String[] names = new String[features];
        for (int column = 0; column < targets.length; column++) {
            if (targets[column] >= 0) {
                names[targets[column]] = header.names().get(column);
            }
        }
        return Set.copyOf(Arrays.asList(names)).size() == features ? List.of(names) : List.of();
    }

    /**
     * The same columns in another file of the table, by their names if both have a header.
     *
     * @param first header of the file that these columns were found in
     * @throws UserError if it has others
     */
    TableColumns in(TableHeader first, TableHeader other) {
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
        int movedId = -1;
        int[] there = other.requireAll(first.names(), "a column of " + first.place());
        for (int column = 0; column < targets.length; column++) {
            moved[there[column]] = targets[column];
            movedId = column == id ? there[column] : movedId;
        }
        return new TableColumns(other, label, labelName, dropped, moved, movedId);
    }

    /**
     * The same without a label and a weight.
     *
     * @param identifying the column that identifies a row; -1 if there is none
     */
    TableColumns forPrediction(TableHeader header, int identifying) {
        int[] others = IntStream.of(targets)
                .map(target -> target < 0 ? DROPPED : target)
                .toArray();
        return new TableColumns(header, TableLabel.NONE, "", dropped, others, identifying);
    }

    TableLabel label() {
        return label;
    }

    /** The column that identifies a row; -1 if none was named. */
    int id() {
        return id;
    }

    /** Its name, or its number from 1. */
    String idName() {
        return idName;
    }

    /** What a model keeps of all this. */
    DataReading reading(DataFormat format) {
        return new DataReading(format, label, labelName, dropped, weight, false, names);
    }

    /** Name of the column of the weights, or its number from 1; empty if there is none. */
    String weight() {
        return weight;
    }

    boolean hasWeights() {
        return !weight.isEmpty();
    }

    boolean isWeight(int column) {
        return targets[column] == WEIGHT;
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

    /** Number and name of a column; the number alone if it has no name. */
    String words(int column) {
        String name = "";
        if (!names.isEmpty()) {
            name = value(column) >= 0 ? names.get(value(column)) : isWeight(column) ? weight : labelName;
        }
        return TableHeader.words(column, name);
    }

    /** The column of the label that a column is, from 0; negative if it is none. */
    int labelColumn(int column) {
        return targets[column] == WEIGHT ? -1 : -2 - targets[column];
    }
}
