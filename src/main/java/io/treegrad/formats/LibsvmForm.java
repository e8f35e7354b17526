package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;

/**
 * What the fields of a line of LIBSVM are.
 *
 * @param features values of a row
 * @param classes none where the labels are numbers to predict
 * @param isLabelled whether the label, which each line has, is wanted
 * @param survey collects labels and indices; null when they are known
 */
record LibsvmForm(int features, Classes classes, boolean isLabelled, Survey survey) implements TextSource.Form {
    private static final int MOST_FEATURES = 1 << 24;

    /** What was found in all lines so far. */
    static final class Survey {
        private final ClassSurvey labels = new ClassSurvey();
        private int largestIndex = 1;
    }

    static LibsvmForm surveying(ReadingOptions options) {
        int most = options.like().map(ReadingOptions.Precedent::features).orElse(MOST_FEATURES);
        boolean hasNumbers = options.hasNumbers() && !options.isUnlabelled();
        Classes unknown = hasNumbers ? Classes.NONE : Classes.numbered(0, 1);
        return new LibsvmForm(most, unknown, !options.isUnlabelled(), new Survey());
    }

    /** After the survey: as many values as the rows before, or else as the largest index. */
    LibsvmForm known(ReadingOptions options) {
        int width = options.like().isPresent() ? features : survey.largestIndex;
        Classes known = isLabelled ? options.classes(survey.labels) : classes;
        return new LibsvmForm(width, known, isLabelled, null);
    }

    @Override
    public DataReading reading() {
        return DataReading.of(DataFormat.LIBSVM);
    }

    @Override
    public TextSource.Row rowsOf(DelimitedFile file) {
        return new Line(file);
    }

    private final class Line implements TextSource.Row {
        private final DelimitedFile file;
        private float[] values;
        private int at;
        /** The class, or the number to predict. */
        private float target;

        private int lastIndex;
        private boolean isComment;

        Line(DelimitedFile file) {
            this.file = file;
        }

        @Override
        public void begin(float[] values, int at) {
            this.values = values;
            this.at = at;
            this.lastIndex = 0;
            this.isComment = false;
        }

        @Override
        public void field(int column, byte[] text, int from, int to) {
            isComment |= from < to && text[from] == '#';
            if (isComment) {
                return;
            }
            if (column == 0) {
                readLabel(text, from, to);
            } else {
                readValue(column, text, from, to);
            }
        }

        private void readLabel(byte[] text, int from, int to) {
            if (!isLabelled) {
                return;
            }
            float number = CsvField.number(text, from, to);
            if (classes.count() == 0) {
                if (Float.isNaN(number)) {
                    throw wrong(0, text, from, to, "a number to predict");
                }
                target = number;
                return;
            }
            if (number != (int) number || Math.abs(number) > ClassSurvey.LARGEST_LABEL) {
                throw wrong(0, text, from, to, "a label, a whole number up to " + ClassSurvey.LARGEST_LABEL);
            }
            if (survey != null) {
                survey.labels.add((long) number, file::place);
                return;
            }
            target = classes.of((long) number);
            if (target < 0) {
                throw wrong(0, text, from, to, "a label, " + classes.words());
            }
        }

        private void readValue(int column, byte[] text, int from, int to) {
            int index = 0;
            int colon = from;
            for (; colon < to && text[colon] >= '0' && text[colon] <= '9' && index <= features; colon++) {
                index = 10 * index + text[colon] - '0';
            }
            if (colon == from || colon == to || text[colon] != ':') {
                throw wrong(column, text, from, to, "INDEX:VALUE with an index from 1 to " + features);
            }
            if (index == 0) {
                throw wrong(
                        column,
                        text,
                        from,
                        to,
                        "an index from 1, as dump_svmlight_file of scikit-learn writes it with zero_based=False");
            }
            if (index <= lastIndex || index > features) {
                throw wrong(column, text, from, to, "an index from " + (lastIndex + 1) + " to " + features);
            }
            float value = CsvField.number(text, colon + 1, to);
            if (Float.isNaN(value)) {
                throw file.notANumber(words(column), text, colon + 1, to);
            }
            lastIndex = index;
            if (survey != null) {
                survey.largestIndex = Math.max(survey.largestIndex, index);
            }
            if (values != null) {
                values[at + index - 1] = value;
            }
        }

        private UserError wrong(int column, byte[] text, int from, int to, String expected) {
            return file.badField(words(column), CsvField.text(text, from, to), expected);
        }

        private static String words(int column) {
            return "column " + (column + 1);
        }

        @Override
        public float end() {
            return target;
        }
    }
}
