package io.treegrad.formats;

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
 * @param answers the labels
 * @param type of the values
 * @param isTransposed whether lines and columns of pictures are exchanged
 */
public record ArraySource(
        DataFormat format,
        ArrayPlace values,
        ArrayLabels answers,
        long rows,
        Shape shape,
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
            ArrayLabels labels = answers.isEmpty() || options.isUnlabelled()
                    ? ArrayLabels.NONE
                    : ArrayLabels.open(storage, answers.get(), sizes[0], values.path(), options, known);
            return new ArraySource(format, values, labels, sizes[0], shape, array.type(), options.transposed());
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

    @Override
    public boolean ofBytes() {
        return type == ElementType.UNSIGNED_BYTE && answers.known().fitBytes();
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        // Labels first: they are small, and a wrong one spares the reading of the pictures.
        float[] targets = answers.targets(wanted, rows, storage);
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
        float[] targets = answers.targets(RowSet.range(0, rows), rows, storage);
        int[] labels = new int[targets.length];
        for (int row = 0; row < labels.length && classes() > 0; row++) {
            labels[row] = (int) targets[row];
        }
        return labels;
    }

    @Override
    public int classes() {
        return answers.known().count();
    }

    @Override
    public List<String> classNames() {
        return answers.known().names();
    }

    @Override
    public List<String> paths() {
        return answers.place() == null || answers.place().file().equals(values.file())
                ? List.of(values.file())
                : List.of(values.file(), answers.place().file());
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
