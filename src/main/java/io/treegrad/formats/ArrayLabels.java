package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.RowSet;
import io.treegrad.data.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The labels of rows, in an array of their own: one a row, or in the first of several columns, or one-hot, as {@code
 * keras.utils.to_categorical} makes them. A small value that is sent to tasks.
 *
 * @param place of the array   [rows] or [rows × columns]; null if there are no labels
 * @param isOneHot whether the class is the column that has a 1 among zeros
 * @param known what the classes are; none if the labels are numbers
 */
record ArrayLabels(ArrayPlace place, boolean isOneHot, Classes known) implements Serializable {
    static final ArrayLabels NONE = new ArrayLabels(null, false, Classes.numbered(0, 1));

    /** What is done with the labels of rows. */
    @FunctionalInterface
    private interface LabelReader {
        /**
         * @param i which of the wanted rows it is, from 0
         * @param labels numbers, those of the row from {@code at} on
         */
        void take(int i, ByteBuffer labels, int at);
    }

    /**
     * Looks at all labels, if that is needed to know what they are.
     *
     * @param rows so many there must be
     * @param values place of the rows, for messages
     * @param expected the classes, if they are not to be found from the labels
     */
    static ArrayLabels open(
            Storage storage,
            ArrayPlace place,
            int rows,
            String values,
            ReadingOptions options,
            Optional<Classes> expected)
            throws IOException {
        int columns;
        try (ArrayFile file = place.open(storage)) {
            columns = requireLabels(file, rows, values, options.hasNumbers());
        }
        if (options.hasNumbers()) {
            return new ArrayLabels(place, false, Classes.NONE);
        }
        Optional<Classes> before = options.like().map(rowsBefore -> new Classes(rowsBefore.classes()));
        if (columns > 1 && isOneHot(storage, place, columns)) {
            return new ArrayLabels(place, true, before.orElseGet(() -> Classes.numbered(0, columns)));
        }
        Optional<Classes> classes = before.or(() -> expected);
        return new ArrayLabels(place, false, classes.isPresent() ? classes.get() : survey(storage, place));
    }

    /** How many columns they have. */
    private static int requireLabels(ArrayFile labels, int rows, String values, boolean areNumbers) {
        int[] sizes = labels.sizes();
        if (sizes.length > 2) {
            throw labels.bad(
                    sizes.length + " dimensions", "1 or 2 (labels); are the files of pictures and labels exchanged?");
        }
        if (sizes[0] != rows) {
            throw labels.bad(sizes[0] + " labels", rows + " as there are pictures in " + values);
        }
        int columns = sizes.length == 2 ? sizes[1] : 1;
        if (areNumbers && columns > 1) {
            throw labels.bad(columns + " numbers a row", "1, since one is predicted");
        }
        return columns;
    }

    /**
     * Whether each row has a single 1 among zeros.
     *
     * @throws UserError if it has not, and the label is not in the first column either
     */
    private static boolean isOneHot(Storage storage, ArrayPlace place, int columns) throws IOException {
        boolean[] isOneHot = {true};
        try (ArrayFile file = place.open(storage)) {
            forEach(file, RowSet.range(0, file.sizes()[0]), (row, labels, at) -> {
                isOneHot[0] = isOneHot[0] && hot(file.type(), labels, at, columns) >= 0;
                if (!isOneHot[0] && !place.mayHaveLabelsFirst()) {
                    throw file.bad(
                            columns + " columns of labels, in row " + row + " without a single 1",
                            "1 column, or a single 1 among zeros in each row (one-hot)");
                }
            });
        }
        return isOneHot[0];
    }

    /** The column of the only 1 among zeros; -1 if there is none, or anything else. */
    private static int hot(ElementType type, ByteBuffer labels, int at, int columns) {
        int hot = -1;
        for (int column = 0; column < columns; column++) {
            double value = type.value(labels, at + column * type.bytes());
            if (value != 0 && (value != 1 || hot >= 0)) {
                return -1;
            }
            hot = value == 1 ? column : hot;
        }
        return hot;
    }

    private static Classes survey(Storage storage, ArrayPlace place) throws IOException {
        ClassSurvey survey = new ClassSurvey();
        try (ArrayFile file = place.open(storage)) {
            forEach(file, RowSet.range(0, file.sizes()[0]), (row, labels, at) -> {
                long label = whole(file, labels, at, row);
                if (Math.abs(label) > ClassSurvey.LARGEST_LABEL) {
                    throw file.bad("label " + label + " in row " + row, "at most " + ClassSurvey.LARGEST_LABEL);
                }
                survey.add(label, () -> "row " + row);
            });
            try {
                return survey.classes();
            } catch (UserError e) {
                throw file.bad("labels that cannot be classes (" + e.getMessage() + ")", "classes that occur");
            }
        }
    }

    private static long whole(ArrayFile file, ByteBuffer labels, int at, long row) {
        double label = file.type().value(labels, at);
        if ((long) label != label) {
            throw file.bad("label " + label + " in row " + row, "whole numbers");
        }
        return (long) label;
    }

    private static void forEach(ArrayFile file, RowSet wanted, LabelReader reader) throws IOException {
        file.readPieces(wanted, (first, count, bytes) -> {
            ByteBuffer labels = file.numbers(bytes);
            int bytesOfRow = Math.toIntExact(file.bytes() / file.sizes()[0]);
            for (int i = 0; i < count; i++) {
                reader.take(first + i, labels, i * bytesOfRow);
            }
        });
    }

    /** The classes of some rows, or their numbers; zeros if there are neither. */
    float[] targets(RowSet wanted, long rows, Storage storage) throws IOException {
        float[] targets = new float[Math.toIntExact(wanted.size())];
        if (place == null) {
            return targets;
        }
        try (ArrayFile file = place.open(storage)) {
            if (file.sizes()[0] != rows) {
                throw file.bad(file.sizes()[0] + " labels", rows + " as when it was first opened");
            }
            forEach(file, wanted, (i, labels, at) -> targets[i] = target(file, labels, at, wanted.at(i)));
        }
        return targets;
    }

    private float target(ArrayFile file, ByteBuffer labels, int at, long row) {
        if (known.count() == 0) {
            float number = (float) file.type().value(labels, at);
            if (!Float.isFinite(number)) {
                throw file.bad(
                        "the number " + number + " to predict in row " + row, "numbers within the range of float");
            }
            return number;
        }
        if (isOneHot) {
            int columns = file.sizes()[1];
            int hot = hot(file.type(), labels, at, columns);
            if (hot < 0 || columns != known.count()) {
                throw file.bad(
                        columns + " columns of labels, in row " + row + (hot < 0 ? " without a single 1" : ""),
                        known.count() + " with a single 1 among zeros, for " + known.words());
            }
            return hot;
        }
        long label = whole(file, labels, at, row);
        int found = known.of(label);
        if (found < 0) {
            throw file.bad("label " + label + " in row " + row, known.words());
        }
        return found;
    }
}
