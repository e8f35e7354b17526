package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.IdxBytes;
import io.treegrad.data.JoinedSource;
import io.treegrad.data.LocalStorage;
import io.treegrad.data.RowSet;
import io.treegrad.data.Rows;
import io.treegrad.data.Shape;
import io.treegrad.data.Storage;
import io.treegrad.data.TrainAndTest;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TrainAndTestTest {
    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void mnistIsFoundPlainAndCompressed() throws IOException {
        storage.with("dir/train-images-idx3-ubyte", IdxBytes.pictures(20, 28, 28))
                .with("dir/train-labels-idx1-ubyte.gz", IdxBytes.gzip(IdxBytes.labels(20)))
                .with("dir/t10k-images-idx3-ubyte.gz", IdxBytes.gzip(IdxBytes.pictures(10, 28, 28)))
                .with("dir/t10k-labels-idx1-ubyte", IdxBytes.labels(10));
        for (String directory : new String[] {"dir", "dir/"}) {
            TrainAndTest mnist = IdxFiles.mnist(storage, directory);
            assertEquals(20, mnist.train().rows());
            assertEquals(10, mnist.test().rows());
            assertEquals(
                    List.of("dir/t10k-images-idx3-ubyte.gz", "dir/t10k-labels-idx1-ubyte"),
                    mnist.test().paths());
        }
    }

    @Test
    void missingFilesAreNamedTogetherWithTheirDirectory() {
        storage.with("dir/train-images-idx3-ubyte", new byte[0]);
        UserError error = assertThrows(UserError.class, () -> IdxFiles.mnist(storage, "dir"));
        assertEquals(UserError.Kind.INPUT_MISSING, error.kind());
        assertEquals(
                "dir: without train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, expected these"
                        + " MNIST files, plain or with .gz; run fetch-data or give another directory.",
                error.getMessage());
    }

    @Test
    void picturesOfAnotherShapeAreRefusedEvenWithAsManyPixels() throws IOException {
        ArraySource train = source("train", 20, 28, 28, IdxBytes.labels(20));
        for (int[] shape : new int[][] {{28, 27}, {14, 56}}) {
            ArraySource test = source("test", 10, shape[0], shape[1], IdxBytes.labels(10));
            UserError error = assertThrows(UserError.class, () -> new TrainAndTest(train, test));
            assertEquals(UserError.Kind.BAD_DATA, error.kind());
            assertTrue(
                    error.getMessage().contains(shape[0] + "x" + shape[1] + " pixels, expected 28x28 pixels"),
                    error.getMessage());
            assertThrows(UserError.class, () -> new JoinedSource(List.of(train, test)));
        }
    }

    @Test
    void otherClassesAreRefused() throws IOException {
        ArraySource train = source("train", 20, 4, 4, IdxBytes.labels(20));
        ArraySource test = ArraySource.open(
                storage,
                DataFormat.IDX,
                new IdxFile("trainp"),
                Optional.of(new IdxFile("trainl")),
                ReadingOptions.AUTO,
                Optional.of(Classes.numbered(0, 11)));
        assertThrows(UserError.class, () -> new TrainAndTest(train, test));
    }

    @Test
    void lastRowsOfASortedFileAreWarnedOf() throws IOException {
        ArraySource source = source("some", 20, 4, 4, IdxBytes.labels(20));
        TrainAndTest both = new TrainAndTest(source, source);
        String unseen =
                both.splitWarning(new long[] {50, 50, 0}, new long[] {0, 0, 20}).orElseThrow();
        assertTrue(unseen.contains("The validation rows have 0 of the 2 classes: the rows seem to be sorted"), unseen);
        String some =
                both.splitWarning(new long[] {50, 50, 0}, new long[] {5, 5, 1}).orElseThrow();
        assertTrue(some.contains("No training row has label 2, as validation rows have"), some);
        assertEquals(Optional.empty(), both.splitWarning(new long[] {50, 50, 50}, new long[] {5, 0, 5}));
        assertEquals(Optional.empty(), both.splitWarning(new long[] {9, 9, 9}, new long[] {1, 0, 0}), "by chance");
        assertTrue(
                both.splitWarning(new long[] {50, 50, 38}, new long[] {0, 0, 12})
                        .isPresent(),
                "the last rows of iris");
        assertEquals(
                Optional.empty(),
                both.splitWarning(new long[] {900, 900, 1, 1, 1, 1}, new long[] {99, 99, 0, 0, 0, 0}),
                "rare classes are not seen in few rows");
    }

    @Test
    void exchangedSetsAreWarnedOf() throws IOException {
        ArraySource small = source("small", 10, 4, 4, IdxBytes.labels(10));
        ArraySource large = source("large", 20, 4, 4, IdxBytes.labels(20));
        List<String> warnings = new TrainAndTest(small, large).warnings(new long[] {6, 4});
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).endsWith("are they exchanged?"), warnings.get(0));
    }

    @Test
    void missingClassesAndASingleClassAreWarnedOf() throws IOException {
        ArraySource all = source("all", 10, 4, 4, IdxBytes.labels(10));
        TrainAndTest both = new TrainAndTest(all, all);
        assertEquals(List.of(), both.warnings(new long[] {3, 1, 1}));
        assertWarning("has label 1.", both.warnings(new long[] {3, 0, 1}));
        assertWarning("has label 0 or 3.", both.warnings(new long[] {0, 3, 1, 0}));
        assertWarning(
                "has label 0 or 1 or 2 or 3 or 4 or 2 others.", both.warnings(new long[] {0, 0, 0, 0, 0, 0, 0, 1, 1}));
        assertWarning("has label 1: there is nothing to learn.", both.warnings(new long[] {0, 3, 0}));
        assertEquals(List.of(), both.warnings(new long[] {3}), "a single class is what such data is for");
    }

    private static void assertWarning(String end, List<String> warnings) {
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).endsWith(end), warnings.get(0));
    }

    @Test
    void officialMnistIsReadWhole() throws IOException {
        String directory = System.getenv("MNIST_DIR");
        Assumptions.assumeTrue(directory != null, "MNIST_DIR is not set: the official files are not read.");
        Storage local = new LocalStorage();
        TrainAndTest mnist = IdxFiles.mnist(local, directory);
        assertEquals(60_000, mnist.train().rows());
        assertEquals(10_000, mnist.test().rows());
        assertEquals(new Shape(28, 28), mnist.train().shape());
        // How often each digit occurs, from the table that is printed with the data set everywhere.
        long[] rowsOfDigit = new long[10];
        for (int label : mnist.train().labels(local)) {
            rowsOfDigit[label]++;
        }
        assertArrayEquals(new long[] {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}, rowsOfDigit);
        assertEquals(List.of(), mnist.warnings(rowsOfDigit));
        Rows whole = mnist.train().read(RowSet.range(0, 60_000), local);
        double sum = 0;
        for (int row = 0; row < whole.count(); row++) {
            for (int pixel = 0; pixel < whole.features(); pixel++) {
                sum += whole.value(row, pixel);
            }
        }
        assertEquals(0.1307, sum / 255 / 784 / 60_000, 0.00005); // the mean that every MNIST example subtracts
        Rows part = mnist.train().read(RowSet.of(new int[] {5, 31_234, 59_999}), local);
        for (int pixel = 0; pixel < 784; pixel++) {
            assertEquals(whole.value(31_234, pixel), part.value(1, pixel));
            assertEquals(whole.value(59_999, pixel), part.value(2, pixel));
        }
    }

    private ArraySource source(String name, int rows, int height, int width, byte[] labels) throws IOException {
        storage.with(name + "p", IdxBytes.pictures(rows, height, width)).with(name + "l", labels);
        return ArraySource.idx(storage, name + "p", name + "l");
    }
}
