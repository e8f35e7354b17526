package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.FloatRows;
import java.util.stream.IntStream;

/**
 * What the fields of a row of CSV are.
 *
 * @param isNamed whether labels are names and not numbers
 * @param classes none where the labels are numbers to predict
 * @param survey collects the labels; null when the classes are known
 */
record CsvForm(TableColumns columns, boolean isNamed, Classes classes, ClassSurvey survey) implements TextSource.Form {
    /** After the survey. */
    CsvForm known(Classes found) {
        return new CsvForm(columns, isNamed, found, null);
    }

    private boolean hasNumbers() {
        return classes.count() == 0;
    }

    @Override
    public boolean isWeighted() {
        return columns.hasWeights();
    }

    @Override
    public TextSource.Row rowsOf(DelimitedFile file) {
        return new CsvRow(file, this);
    }

    @Override
    public int id() {
        return columns.id();
    }

    @Override
    public DataReading reading() {
        return columns.reading(DataFormat.CSV);
    }

    /**
     * Takes the fields of a row of CSV: its values as numbers, and its label as a class or for a survey. One object reads
     * all rows of a file, one after the other.
     */
    private static final class CsvRow implements TextSource.Row {
        private final DelimitedFile file;
        private final CsvForm form;
        private final TableColumns columns;

        private float[] values;
        private int at;
        private int label;
        /** To predict. */
        private float number;

        private float weight;
        /** Which of the one-hot columns has the 1; -1 if none had it yet. */
        private int hot;
        /** Columns that are needed also without the values. */
        private final int[] labelColumns;

        CsvRow(DelimitedFile file, CsvForm form) {
            this.file = file;
            this.form = form;
            this.columns = form.columns();
            this.labelColumns = IntStream.range(0, columns.count())
                    .filter(column -> columns.labelColumn(column) >= 0 || columns.isWeight(column))
                    .toArray();
        }

        @Override
        public void begin(float[] values, int at) {
            this.values = values;
            this.at = at;
            this.hot = -1;
        }

        @Override
        public float end() {
            if (file.columns() != columns.count()) {
                throw file.bad(file.columns() + " columns", columns.count() + " as in the first line");
            }
            if (columns.label().isOneHot()) {
                if (hot < 0) {
                    throw file.bad("only zeros in the " + columns.label().columns() + " one-hot columns", "a single 1");
                }
                return hot;
            }
            return form.hasNumbers() ? number : label;
        }

        @Override
        public float weight() {
            return weight;
        }

        @Override
        public void fields(int first, int end, byte[] text, int[] bounds) {
            int last = Math.min(end, columns.count());
            if (values == null) {
                for (int column : labelColumns) {
                    if (column >= first && column < last) {
                        field(column, text, bounds[column] + 1, bounds[column + 1]);
                    }
                }
                return;
            }
            float[] target = values;
            for (int column = first; column < last; column++) {
                int value = columns.value(column);
                float number = value < 0 ? Float.NaN : CsvNumber.parse(text, bounds[column] + 1, bounds[column + 1]);
                if (Float.isNaN(number)) {
                    field(column, text, bounds[column] + 1, bounds[column + 1]);
                } else {
                    target[at + value] = number;
                }
            }
        }

        @Override
        public void field(int column, byte[] text, int from, int to) {
            if (column >= columns.count()) {
                return; // told at the end of the row, with the number of columns
            }
            int value = columns.value(column);
            if (value >= 0) {
                if (values != null) {
                    float number = CsvField.value(text, from, to);
                    if (Float.isNaN(number)) {
                        throw file.notANumber(columns.words(column), text, from, to);
                    }
                    values[at + value] = number;
                }
            } else if (columns.labelColumn(column) >= 0) {
                if (columns.label().isOneHot()) {
                    readOneHot(column, text, from, to);
                } else if (form.hasNumbers()) {
                    readNumber(column, text, from, to);
                } else {
                    readLabel(column, text, from, to);
                }
            } else if (columns.isWeight(column)) {
                readWeight(column, text, from, to);
            }
        }

        private void readNumber(int column, byte[] text, int from, int to) {
            number = CsvField.number(text, from, to);
            if (Float.isNaN(number)) {
                throw noLabel(column, text(text, from, to), "a number to predict");
            }
        }

        private void readWeight(int column, byte[] text, int from, int to) {
            weight = CsvField.number(text, from, to);
            if (!FloatRows.isWeight(weight)) {
                throw file.badField(columns.words(column), text(text, from, to), "a weight, " + FloatRows.WEIGHTS)
                        .fixedBy("weight");
            }
        }

        private void readOneHot(int column, byte[] text, int from, int to) {
            float number = CsvField.value(text, from, to);
            int count = columns.label().columns();
            if (number != 0 && number != 1) {
                throw file.badField(
                        columns.words(column),
                        text(text, from, to),
                        "0 or 1, as this is one of the " + count + " one-hot columns");
            }
            if (number == 1) {
                if (hot >= 0) {
                    throw file.badField(
                            columns.words(column),
                            text(text, from, to),
                            "a single 1 in the one-hot columns, which was in number " + (hot + 1));
                }
                hot = columns.labelColumn(column);
            }
        }

        private void readLabel(int column, byte[] text, int from, int to) {
            if (form.isNamed()) {
                String name = file.name(column, text, from, to);
                if (CsvField.isMissingLabel(name)) {
                    throw noLabel(
                            column, name, "the name of a class, which is not one of the words for a missing value");
                }
                if (form.survey() != null) {
                    form.survey().add(name, file::place);
                } else {
                    label = form.classes().of(name);
                }
            } else {
                float number = CsvField.number(text, from, to);
                if (number != (int) number || Math.abs(number) > ClassSurvey.LARGEST_LABEL) {
                    UserError error = noLabel(
                            column,
                            text(text, from, to),
                            "a label, a whole number from 0 to " + ClassSurvey.LARGEST_LABEL);
                    throw Float.isNaN(number) ? error : error.fixedBy("label", "task");
                }
                if (form.survey() != null) {
                    form.survey().add((long) number, file::place);
                } else {
                    label = form.classes().of((long) number);
                }
            }
            if (label < 0) {
                throw noLabel(
                        column,
                        text(text, from, to),
                        "a label, " + form.classes().words());
            }
        }

        private UserError noLabel(int column, String found, String expected) {
            return file.badField(columns.words(column), found, expected).fixedBy("label");
        }

        private static String text(byte[] text, int from, int to) {
            return CsvField.text(text, from, to);
        }
    }
}
