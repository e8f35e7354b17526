package io.treegrad.cli;

import io.treegrad.data.IdxBytes;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.data.SyntheticDigits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The four files of MNIST, with fewer rows, drawn by the program itself. */
public final class DigitFiles {
    public static final String TRAIN_PICTURES = "train-images-idx3-ubyte";
    static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    static final String TEST_PICTURES = "t10k-images-idx3-ubyte";
    static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    private static final int WIDTH = 28;

    private DigitFiles() {}

    public static Path write(Path directory, int trainRows, int testRows) throws IOException {
        Files.createDirectories(directory);
        SyntheticDigits train = new SyntheticDigits(1, 0, trainRows);
        SyntheticDigits test = new SyntheticDigits(1, 1, testRows);
        Files.write(directory.resolve(TRAIN_PICTURES), pictures(train));
        Files.write(directory.resolve(TRAIN_LABELS), labels(train));
        Files.write(directory.resolve(TEST_PICTURES), pictures(test));
        Files.write(directory.resolve(TEST_LABELS), labels(test));
        return directory;
    }

    private static byte[] pictures(SyntheticDigits source) {
        Rows rows = source.read(RowSet.range(0, source.rows()), null);
        byte[] pixels = new byte[rows.count() * rows.features()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) rows.value(i / rows.features(), i % rows.features());
        }
        return IdxBytes.join(IdxBytes.header(rows.count(), WIDTH, WIDTH), pixels);
    }

    private static byte[] labels(RowSource source) throws IOException {
        int[] labels = source.labels(null);
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return IdxBytes.join(IdxBytes.header(bytes.length), bytes);
    }
}
