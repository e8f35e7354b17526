package io.treegrad.formats;

import io.treegrad.common.UserError;
import io.treegrad.data.ByteRows;
import io.treegrad.data.ByteRowsBuilder;
import io.treegrad.data.DataFormat;
import io.treegrad.data.DataReading;
import io.treegrad.data.FloatRows;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.TableLabel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rows of an array in a file with the labels in another array: pictures, or rows of values.
 *
 * <p>{@link #open} checks both headers with each other. {@link #read} checks the headers again, each label it reads,
 * and, if it reaches the last row, that both arrays end there; a reader of earlier rows stops before that. {@link
 * #labels} reads and checks every label.
 *
 * @param values place of an array   [rows × height × width] or [rows × features]
 * @param answers place of the labels   [rows], or [rows × any] with the label first; null if there are none
 * @param known what the labels are
 * @param type of the values
 * @param isTransposed whether lines and columns of pictures are exchanged
 */
public record ArraySource(
        DataFormat format,
        ArrayPlace values,
        ArrayPlace answers,
        long rows,
        Shape shape,
        Classes known,
        ElementType type,
        boolean isTransposed)
        implements RowSource {
    /** Pictures and labels in a pair of IDX files, of ten classes, as MNIST and the sets made in its likeness have. */
    public static ArraySource idx(Storage storage, String images, String labels) throws IOException {
        return open(
                storage,
                DataFormat.IDX,
                new IdxFile(images),
                Optional.of(new IdxFile(labels)),
                ReadingOptions.AUTO,
                Optional.of(Classes.numbered(0, 10)));
    }

    /** @param known the classes; if empty, all labels are read to find them */
    static ArraySource open(
            Storage storage,
            DataFormat format,
            ArrayPlace values,
            Optional<ArrayPlace> answers,
            ReadingOptions options,
            Optional<Classes> known)
            throws IOException {
        try (ArrayFile array = values.open(storage)) {
            int[] sizes = array.sizes();
            if (sizes.length < 2) {
                throw array.bad("1 dimension", "2 to 4 (pictures); are the files of pictures and labels exchanged?");
            }
            Shape shape = shape(sizes, options.transposed());
            if (answers.isEmpty() || options.isUnlabelled()) {
                return new ArraySource(
                        format,
                        values,
                        null,
                        sizes[0],
                        shape,
                        Classes.numbered(0, 1),
                        array.type(),
                        options.transposed());
            }
            Classes classes;
            try (ArrayFile labels = answers.get().open(storage)) {
                requireLabels(labels, sizes[0], values.path());
                classes = classes(labels, options, known);
            }
            return new ArraySource(
                    format, values, answers.get(), sizes[0], shape, classes, array.type(), options.transposed());
        }
    }

    private static Shape shape(int[] sizes, boolean transposed) {
        boolean isPicture = sizes.length == 3 || (sizes.length == 4 && sizes[3] == 1);
        if (!isPicture) {
            long features = 1;
            for (int i = 1; i < sizes.length; i++) {
                features *= sizes[i];
            }
            return new Shape(1, Math.toIntExact(features));
        }
        return transposed ? new Shape(sizes[2], sizes[1]) : new Shape(sizes[1], sizes[2]);
    }

    private static void requireLabels(ArrayFile labels, int rows, String values) {
        int[] sizes = labels.sizes();
        if (sizes.length > 2) {
            throw labels.bad(
                    sizes.length + " dimensions", "1 or 2 (labels); are the files of pictures and labels exchanged?");
        }
        if (sizes[0] != rows) {
            throw labels.bad(sizes[0] + " labels", rows + " as there are pictures in " + values);
        }
    }

    private static Classes classes(ArrayFile labels, ReadingOptions options, Optional<Classes> known)
            throws IOException {
        if (options.hasNumbers()) {
            return Classes.NONE;
        }
        if (options.like().isPresent()) {
            return new Classes(options.like().get().classes());
        }
        return known.isPresent() ? known.get() : survey(labels);
    }

    private static Classes survey(ArrayFile labels) throws IOException {
        ClassSurvey survey = new ClassSurvey();
        long[] numbers = labels(labels, RowSet.range(0, labels.sizes()[0]));
        for (int row = 0; row < numbers.length; row++) {
            int number = row;
            if (Math.abs(numbers[row]) > ClassSurvey.LARGEST_LABEL) {
                throw labels.bad("label " + numbers[row] + " in row " + row, "at most " + ClassSurvey.LARGEST_LABEL);
            }
            survey.add(numbers[row], () -> "row " + number);
        }
        try {
            return survey.classes();
        } catch (UserError e) {
            throw labels.bad("labels that cannot be classes (" + e.getMessage() + ")", "classes that occur");
        }
    }

    /** The labels of some rows, each in the first column. */
    private static long[] labels(ArrayFile file, RowSet wanted) throws IOException {
        byte[] bytes = file.read(wanted);
        ByteBuffer numbers = file.numbers(bytes);
        long[] labels = new long[Math.toIntExact(wanted.size())];
        for (int i = 0; i < labels.length; i++) {
            double label = file.type().value(numbers, i * (bytes.length / labels.length));
            labels[i] = (long) label;
            if (labels[i] != label) {
                throw file.bad("label " + label + " in row " + wanted.at(i), "whole numbers");
            }
        }
        return labels;
    }

    @Override
    public boolean ofBytes() {
        return type == ElementType.UNSIGNED_BYTE && known.fitBytes();
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        // Labels first: they are small, and a wrong one spares the reading of the pictures.
        float[] targets = targets(wanted, storage);
        try (ArrayFile array = values.open(storage)) {
            Shape found = shape(array.sizes(), isTransposed);
            if (array.sizes()[0] != rows || !found.equals(shape) || array.type() != type) {
                throw array.bad(
                        "sizes " + Arrays.toString(array.sizes()),
                        rows + " rows of " + shape + " as when it was first opened");
            }
            return ofBytes() ? byteRows(array, wanted, targets) : floatRows(array, wanted, targets);
        }
    }

    private ByteRows byteRows(ArrayFile array, RowSet wanted, float[] labels) throws IOException {
        byte[] narrow = new byte[labels.length];
        for (int row = 0; row < narrow.length; row++) {
            narrow[row] = (byte) (int) labels[row];
        }
        ByteRowsBuilder rows = new ByteRowsBuilder(features(), narrow);
        array.readPieces(wanted, (first, count, bytes) -> rows.add(isTransposed ? transposed(bytes) : bytes, count));
        return rows.build();
    }

    private byte[] transposed(byte[] bytes) {
        byte[] transposed = new byte[bytes.length];
        for (int row = 0; row < bytes.length; row += features()) {
            for (int feature = 0; feature < features(); feature++) {
                transposed[row + feature] = bytes[row + stored(feature)];
            }
        }
        return transposed;
    }

    private FloatRows floatRows(ArrayFile array, RowSet wanted, float[] targets) throws IOException {
        float[] floats = new float[Math.multiplyExact(targets.length, features())];
        array.readPieces(wanted, (first, count, bytes) -> {
            ByteBuffer numbers = array.numbers(bytes);
            for (int row = 0; row < count; row++) {
                for (int feature = 0; feature < features(); feature++) {
                    int offset = (row * features() + stored(feature)) * type.bytes();
                    float value = (float) type.value(numbers, offset);
                    if (!Float.isFinite(value)) {
                        throw array.bad(
                                "the value " + value + " in row " + wanted.at(first + row),
                                "numbers within the range of float");
                    }
                    floats[(first + row) * features() + feature] = value;
                }
            }
        });
        return new FloatRows(features(), floats, targets, null);
    }

    /** Where a value is in a row of the file. */
    private int stored(int feature) {
        return isTransposed && shape.isPicture()
                ? feature % shape.width() * shape.height() + feature / shape.width()
                : feature;
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        float[] targets = targets(RowSet.range(0, rows), storage);
        int[] labels = new int[targets.length];
        for (int row = 0; row < labels.length && classes() > 0; row++) {
            labels[row] = (int) targets[row];
        }
        return labels;
    }

    /** The classes of some rows, or their numbers. */
    private float[] targets(RowSet wanted, Storage storage) throws IOException {
        float[] targets = new float[Math.toIntExact(wanted.size())];
        if (answers == null) {
            return targets;
        }
        try (ArrayFile file = answers.open(storage)) {
            if (file.sizes()[0] != rows) {
                throw file.bad(file.sizes()[0] + " labels", rows + " as when it was first opened");
            }
            if (classes() == 0) {
                return numbers(file, wanted);
            }
            long[] labels = labels(file, wanted);
            for (int i = 0; i < labels.length; i++) {
                targets[i] = known.of(labels[i]);
                if (targets[i] < 0) {
                    throw file.bad("label " + labels[i] + " in row " + wanted.at(i), known.words());
                }
            }
        }
        return targets;
    }

    /** The numbers of some rows, each in the first column. */
    private static float[] numbers(ArrayFile file, RowSet wanted) throws IOException {
        byte[] bytes = file.read(wanted);
        ByteBuffer stored = file.numbers(bytes);
        float[] numbers = new float[Math.toIntExact(wanted.size())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) file.type().value(stored, i * (bytes.length / numbers.length));
            if (!Float.isFinite(numbers[i])) {
                throw file.bad(
                        "the number " + numbers[i] + " to predict in row " + wanted.at(i),
                        "numbers within the range of float");
            }
        }
        return numbers;
    }

    @Override
    public int classes() {
        return known.count();
    }

    @Override
    public List<String> classNames() {
        return known.names();
    }

    @Override
    public List<String> paths() {
        return answers == null || answers.file().equals(values.file())
                ? List.of(values.file())
                : List.of(values.file(), answers.file());
    }

    @Override
    public Optional<DataReading> reading() {
        return Optional.of(new DataReading(format, TableLabel.NONE, "", List.of(), "", isTransposed, List.of()));
    }

    @Override
    public String describe() {
        return values.path() + " (" + rows + " rows of " + shape + ")";
    }
}
