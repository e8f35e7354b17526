package io.treegrad.data;

import io.treegrad.common.UserError;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Pictures and their labels in a pair of IDX files, as MNIST is published.
 *
 * <p>{@link #open} checks both headers against the lengths of the files and with each other. {@link #read} checks the
 * headers again, each label it reads, and, if it reaches the last row, that both files end there; a reader of earlier
 * rows stops before that. {@link #labels} reads and checks every label.
 *
 * @param images path of the pictures, 3 dimensions   [rows × height × width]
 * @param labels path of the labels, 1 dimension   [rows]
 * @param classes labels are below this, at most 256
 */
public record IdxSource(String images, String labels, long rows, Shape shape, int classes) implements RowSource {
    private static final int MOST_CLASSES = 256;

    public IdxSource {
        if (classes < 1 || classes > MOST_CLASSES) {
            throw new IllegalArgumentException(
                    "There are " + classes + " classes, expected 1 to " + MOST_CLASSES + ", since a label is a byte.");
        }
    }

    /** Ten classes, as MNIST and the sets made in its likeness have. */
    public static IdxSource open(Storage storage, String images, String labels) throws IOException {
        return open(storage, images, labels, 10);
    }

    public static IdxSource open(Storage storage, String images, String labels, int classes) throws IOException {
        try (IdxFile pictures = IdxFile.open(storage, images, 3);
                IdxFile answers = IdxFile.open(storage, labels, 1)) {
            int[] sizes = pictures.sizes();
            int count = answers.sizes()[0];
            if (count != sizes[0]) {
                throw new UserError(
                        UserError.Kind.BAD_DATA,
                        labels + ": found " + count + " labels, expected " + sizes[0] + " as there are pictures in "
                                + images + "; give two files that belong together.");
            }
            return new IdxSource(images, labels, sizes[0], new Shape(sizes[1], sizes[2]), classes);
        }
    }

    /**
     * The pictures of one file with the labels that lie beside it: {@code images-idx3} in its name is
     * {@code labels-idx1} in theirs, each with or without {@code .gz}.
     */
    public static IdxSource withLabelsBeside(Storage storage, String images) throws IOException {
        if (!storage.exists(images)) {
            throw new UserError(
                    UserError.Kind.INPUT_MISSING,
                    images + ": there is no such file, expected pictures in an IDX file; check the path.");
        }
        int slash = images.lastIndexOf('/') + 1;
        String name = images.substring(slash).replace("images", "labels").replace("idx3", "idx1");
        String plain =
                images.substring(0, slash) + (name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name);
        for (String labels : List.of(plain, plain + ".gz")) {
            if (!labels.equals(images) && storage.exists(labels)) {
                return open(storage, images, labels);
            }
        }
        throw new UserError(
                UserError.Kind.INPUT_MISSING,
                images + ": without its labels, expected " + plain
                        + " (or with .gz) beside it; name the two files so.");
    }

    @Override
    public boolean ofBytes() {
        return true;
    }

    @Override
    public Rows read(RowSet wanted, Storage storage) throws IOException {
        // Labels first: they are small, and a wrong one spares the reading of the pictures.
        byte[] answers = readLabels(wanted, storage);
        try (IdxFile pictures = IdxFile.open(storage, images, 3)) {
            int[] expected = {(int) rows, shape.height(), shape.width()};
            if (!Arrays.equals(expected, pictures.sizes())) {
                throw pictures.bad(
                        "sizes " + Arrays.toString(pictures.sizes()),
                        Arrays.toString(expected) + " as when it was first opened");
            }
            return new ByteRows(features(), pictures.read(wanted), answers);
        }
    }

    @Override
    public int[] labels(Storage storage) throws IOException {
        byte[] answers = readLabels(RowSet.range(0, rows), storage);
        int[] wide = new int[answers.length];
        for (int row = 0; row < wide.length; row++) {
            wide[row] = answers[row] & 0xFF;
        }
        return wide;
    }

    @Override
    public List<String> paths() {
        return List.of(images, labels);
    }

    @Override
    public Optional<DataReading> reading() {
        return Optional.of(DataReading.of(DataFormat.IDX));
    }

    @Override
    public String describe() {
        return images + " (" + rows + " rows of " + shape + ")";
    }

    private byte[] readLabels(RowSet wanted, Storage storage) throws IOException {
        try (IdxFile file = IdxFile.open(storage, labels, 1)) {
            if (file.sizes()[0] != rows) {
                throw file.bad(file.sizes()[0] + " labels", rows + " as when it was first opened");
            }
            byte[] answers = file.read(wanted);
            for (int i = 0; i < answers.length; i++) {
                if ((answers[i] & 0xFF) >= classes) {
                    throw file.bad("label " + (answers[i] & 0xFF) + " in row " + wanted.at(i), "0 to " + (classes - 1));
                }
            }
            return answers;
        }
    }
}
