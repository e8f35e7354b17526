package io.treegrad.formats;

import io.treegrad.common.Printable;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.Shape;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Which columns of a Parquet file are the label and the values. A small value that is sent to tasks.
 *
 * @param columns the fields as columns of a table
 * @param label path of the label; empty if there is none
 * @param isNamed whether labels are names and not numbers
 * @param kind how a row has its values
 * @param values paths of the columns of values
 */
record ParquetColumns(
        TableColumns columns, List<String> label, boolean isNamed, Kind kind, List<List<String>> values, Shape shape)
        implements Serializable {
    /** How a row has its values. */
    enum Kind {
        /** One in each column. */
        NUMBERS,
        /** All in one column. */
        ARRAY,
        /** The columns type, size, indices and values of a vector of Spark ML: type 0 is sparse, 1 is dense. */
        VECTOR,
        /** PNG or JPEG. */
        PICTURE
    }

    private static final List<String> VECTOR_FIELDS = List.of("type", "size", "indices", "values");

    /**
     * Of a file; how many values an array, vector or picture has remains to be found.
     *
     * @param columns of its fields, by their names
     */
    static ParquetColumns of(ParquetFile file, TableColumns columns) {
        MessageType schema = file.schema();
        Type[] values = new Type[columns.features()];
        List<String> label = List.of();
        boolean isNamed = false;
        for (int field = 0; field < schema.getFieldCount(); field++) {
            Type type = schema.getType(field);
            if (columns.value(field) >= 0) {
                values[columns.value(field)] = type;
            } else if (columns.labelColumn(field) >= 0) {
                isNamed = ParquetType.isText(type);
                if (!(isNamed || ParquetType.isNumber(type)) || columns.label().isOneHot()) {
                    throw file.bad("the label in " + ParquetType.words(type), "a column of numbers or names")
                            .fixedBy("label");
                }
                label = List.of(type.getName());
            } else if (columns.isWeight(field) && !ParquetType.isNumber(type)) {
                throw file.bad("the weights in " + ParquetType.words(type), "a column of numbers")
                        .fixedBy("weight");
            }
        }
        List<Type> features = List.of(values);
        if (features.stream().allMatch(ParquetType::isNumber)) {
            List<List<String>> paths =
                    features.stream().map(type -> List.of(type.getName())).toList();
            return new ParquetColumns(columns, label, isNamed, Kind.NUMBERS, paths, new Shape(1, paths.size()));
        }
        if (features.size() > 1) {
            Type odd = features.stream()
                    .filter(type -> !ParquetType.isNumber(type))
                    .findFirst()
                    .orElseThrow();
            throw file.bad(
                            "the column " + odd.getName() + " beside " + (features.size() - 1) + " others",
                            "columns of numbers, or one column with all values. Leave the others out")
                    .fixedBy("drop");
        }
        return ofOne(file, columns, label, isNamed, features.get(0));
    }

    /**
     * Refuses another file of the same table if it has names for numbers, or the values in columns of other types.
     *
     * @param first the file of these columns
     */
    void requireSame(ParquetFile file, ParquetColumns other, String first) {
        if (other.isNamed != isNamed
                || other.kind != kind
                || !Set.copyOf(other.values).equals(Set.copyOf(values))) {
            throw file.bad("columns of other types than in " + first, "files of one table");
        }
    }

    /** The same columns, after a look at the first row. */
    ParquetColumns shaped(Shape ofFirstRow) {
        return new ParquetColumns(columns, label, isNamed, kind, values, ofFirstRow);
    }

    private static ParquetColumns ofOne(
            ParquetFile file, TableColumns columns, List<String> label, boolean isNamed, Type type) {
        List<List<String>> leaves = file.schema().getColumns().stream()
                .map(column -> List.of(column.getPath()))
                .filter(path -> path.get(0).equals(type.getName()))
                .toList();
        Shape unknown = new Shape(1, 1);
        List<List<String>> pictures = leaves.stream()
                .filter(path -> type.isPrimitive() || path.get(1).equals("bytes"))
                .filter(path -> ParquetType.isBinary(file.schema().getType(path.toArray(String[]::new))))
                .toList();
        if (pictures.size() == 1) {
            return new ParquetColumns(columns, label, isNamed, Kind.PICTURE, pictures, unknown);
        }
        List<List<String>> vector = VECTOR_FIELDS.stream()
                .flatMap(name -> leaves.stream()
                        .filter(path -> path.size() > 1 && path.get(1).equals(name))
                        .limit(1))
                .toList();
        if (vector.size() == VECTOR_FIELDS.size()) {
            return new ParquetColumns(columns, label, isNamed, Kind.VECTOR, vector, unknown);
        }
        if (leaves.size() == 1
                && ParquetType.isOfNumbers(file.schema().getType(leaves.get(0).toArray(String[]::new)))) {
            return new ParquetColumns(columns, label, isNamed, Kind.ARRAY, leaves, unknown);
        }
        throw file.bad(
                "the column " + ParquetType.words(type),
                "numbers, an array of numbers, a vector of Spark ML, or a picture in binary");
    }

    ColumnDescriptor labelIn(ParquetFile file) {
        return column(file, label);
    }

    ColumnDescriptor valuesIn(ParquetFile file, int index) {
        return column(file, values.get(index));
    }

    private static ColumnDescriptor column(ParquetFile file, List<String> path) {
        return file.schema().getColumnDescription(path.toArray(String[]::new));
    }

    /** Adds the labels of a group of rows to a survey. */
    void surveyLabels(ParquetFile file, int group, ClassSurvey survey) throws IOException {
        if (label.isEmpty()) {
            return;
        }
        int[] labels = new int[1];
        file.read(group, labelIn(file), RowSet.range(0, file.rows(group)), (row, value) -> {
            labels[0]++;
            Supplier<String> place = () -> file.place(group, row);
            if (isNamed) {
                String name = ParquetType.text(value);
                if (name.isBlank()) {
                    throw file.bad("the label " + Printable.quoted(name) + " in " + place.get(), "the name of a class")
                            .fixedBy("label");
                }
                survey.add(name, place);
            } else {
                survey.add(wholeLabel(file, place, value), place);
            }
        });
        if (labels[0] != file.rows(group)) {
            throw file.bad(file.rows(group) - labels[0] + " rows without a label", "a label in each row")
                    .fixedBy("label");
        }
    }

    /** Checks the numbers to predict of a group of rows. */
    void requireNumbers(ParquetFile file, int group) throws IOException {
        RowSet all = RowSet.range(0, file.rows(group));
        readTargets(file, group, all, Classes.NONE, new float[file.rows(group)], 0);
    }

    /** Reads how many rows each of some rows of a group counts as. */
    void readWeights(ParquetFile file, int group, RowSet wanted, float[] target, int at) throws IOException {
        file.read(
                group,
                column(file, List.of(columns.weight())),
                wanted,
                (i, value) -> target[at + i] = (float) ParquetType.number(value));
        for (int i = 0; i < wanted.size(); i++) {
            if (!FloatRows.isWeight(target[at + i])) {
                throw file.bad(
                                "the weight " + target[at + i] + " in " + file.place(group, wanted.at(i)),
                                FloatRows.WEIGHTS + " in each row")
                        .fixedBy("weight");
            }
        }
    }

    /** Reads the classes of some rows of a group, or their numbers if there are no classes. */
    void readTargets(ParquetFile file, int group, RowSet wanted, Classes classes, float[] target, int at)
            throws IOException {
        if (label.isEmpty()) {
            return;
        }
        int[] labels = new int[1];
        boolean hasNumbers = classes.count() == 0;
        file.read(group, labelIn(file), wanted, (i, value) -> {
            labels[0]++;
            Supplier<String> place = () -> file.place(group, wanted.at(i));
            if (hasNumbers) {
                target[at + i] = isNamed ? Float.NaN : (float) ParquetType.number(value);
                if (!Float.isFinite(target[at + i])) {
                    String shown = isNamed
                            ? Printable.quoted(ParquetType.text(value))
                            : Double.toString(ParquetType.number(value));
                    throw file.bad("the label " + shown + " in " + place.get(), "a number to predict")
                            .fixedBy("label");
                }
                return;
            }
            int found = isNamed ? classes.of(ParquetType.text(value)) : classes.of(wholeLabel(file, place, value));
            if (found < 0) {
                String shown = isNamed
                        ? Printable.quoted(ParquetType.text(value))
                        : Double.toString(ParquetType.number(value));
                throw file.bad("the label " + shown + " in " + place.get(), classes.words())
                        .fixedBy("label");
            }
            target[at + i] = found;
        });
        if (labels[0] != wanted.size()) {
            throw file.bad(wanted.size() - labels[0] + " rows without a label", "a label in each row")
                    .fixedBy("label");
        }
    }

    /** Reads what identifies some rows of a group. */
    void readIds(ParquetFile file, int group, RowSet wanted, String[] target, int at) throws IOException {
        String name = columns.idName();
        Type field = file.schema().getType(name);
        if (!(ParquetType.isText(field) || ParquetType.isNumber(field))) {
            throw file.bad("the column " + ParquetType.words(field), "names or numbers that identify rows")
                    .fixedBy("id");
        }
        file.read(group, column(file, List.of(name)), wanted, (i, value) -> target[at + i] = ParquetType.shown(value));
    }

    private static long wholeLabel(ParquetFile file, Supplier<String> place, ColumnReader value) {
        double number = ParquetType.number(value);
        if (number != (long) number || Math.abs(number) > ClassSurvey.LARGEST_LABEL) {
            throw file.bad(
                            "the label " + number + " in " + place.get(),
                            "a whole number up to " + ClassSurvey.LARGEST_LABEL)
                    .fixedBy("label");
        }
        return (long) number;
    }

    DataReading reading() {
        return columns.reading(DataFormat.PARQUET);
    }
}
