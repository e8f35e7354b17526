package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.common.UserError;
import io.treegrad.data.DataFormat;
import io.treegrad.data.IdxBytes;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.data.Rows;
import io.treegrad.testing.MemoryStorage;
import io.treegrad.testing.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Labels in several columns of an array. */
class ArrayLabelsTest {
    private static final byte[] ONE_HOT = {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1};

    private final MemoryStorage storage = new MemoryStorage();

    /** As keras.utils.to_categorical makes them: the first column alone would say whether it is the first class. */
    @Test
    void theColumnWithTheOnlyOneIsTheClass() throws IOException {
        RowSource source = npz("<f4", "(4, 3)", floats(ONE_HOT), ReadingOptions.AUTO);
        assertEquals(List.of("0", "1", "2"), source.classNames());
        assertEquals("[2, 0, 1, 2]", Arrays.toString(source.labels(storage)));
        Rows rows = source.read(RowSet.of(new int[] {1, 3}), storage);
        assertEquals(0, rows.label(0));
        assertEquals(2, rows.label(1));
        assertEquals("[2, 0, 1, 2]", Arrays.toString(idx(ONE_HOT).labels(storage)));
    }

    @Test
    void namesOfAModelAreThoseOfTheColumns() throws IOException {
        RowSource before = npz("|u1", "(4, 3)", ONE_HOT, ReadingOptions.AUTO);
        RowSource source = npz("|u1", "(4, 3)", ONE_HOT, like(before, List.of("a", "b", "c")));
        assertEquals(List.of("a", "b", "c"), source.classNames());
        assertEquals("[2, 0, 1, 2]", Arrays.toString(source.labels(storage)));
        RowSource wide = npz("|u1", "(4, 3)", ONE_HOT, like(before, List.of("a", "b")));
        UserError error = assertThrows(UserError.class, () -> wide.labels(storage));
        assertTrue(error.getMessage().contains("found 3 columns of labels, in row 0, expected 2"), error.getMessage());
    }

    @Test
    void otherColumnsAreNoLabels() {
        byte[] twice = ONE_HOT.clone();
        twice[3 * 2] = 1;
        refused(
                "found 3 columns of labels, in row 2 without a single 1, expected 1 column",
                twice,
                ReadingOptions.AUTO);
        refused(
                "found 3 numbers a row, expected 1, since one is predicted",
                ONE_HOT,
                Reading.numbers(Optional.empty()));
    }

    /** QMNIST has the class first, and the writer and others after it. */
    @Test
    void idxMayHaveOtherThingsBehindTheLabel() throws IOException {
        assertEquals(
                "[0, 1, 0, 1]",
                Arrays.toString(
                        idx(new byte[] {0, 1, 9, 1, 0, 7, 0, 0, 3, 1, 0, 0}).labels(storage)));
    }

    private void refused(String found, byte[] labels, ReadingOptions options) {
        UserError error = assertThrows(UserError.class, () -> npz("|u1", "(4, 3)", labels, options));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().contains(found), error.getMessage());
        assertEquals(0, storage.openStreams());
    }

    private RowSource npz(String type, String shape, byte[] labels, ReadingOptions options) throws IOException {
        byte[] values = NpzBytes.npy("|u1", "(4, 2)", new byte[8]);
        storage.with("t", NpzBytes.zip("x.npy", values, "y.npy", NpzBytes.npy(type, shape, labels)));
        return Formats.open(DataFormat.NPZ, storage, List.of("t"), options).train();
    }

    private RowSource idx(byte[] labels) throws IOException {
        storage.with("q-images-idx2-ubyte", IdxBytes.join(IdxBytes.header(4, 2), new byte[8]));
        storage.with("q-labels-idx2-ubyte", IdxBytes.join(IdxBytes.header(4, 3), labels));
        return Formats.open(DataFormat.IDX, storage, List.of("q-images-idx2-ubyte"), ReadingOptions.AUTO)
                .train();
    }

    private static ReadingOptions like(RowSource before, List<String> classes) {
        return ReadingOptions.AUTO.withLike(
                new ReadingOptions.Precedent(before.reading().orElseThrow(), classes, before.features()));
    }

    private static byte[] floats(byte[] values) {
        ByteBuffer floats = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (byte value : values) {
            floats.putFloat(value);
        }
        return floats.array();
    }
}
