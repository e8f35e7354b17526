package io.treegrad.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treegrad.data.DataFormat;
import io.treegrad.data.RowSet;
import io.treegrad.data.RowSource;
import io.treegrad.testing.MemoryStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementTypeTest {
    @ParameterizedTest
    @CsvSource({
        "0000, 0",
        "0001, 5.960464477539063E-8",
        "03ff, 6.097555160522461E-5",
        "0400, 6.103515625E-5",
        "3555, 0.333251953125",
        "3c00, 1",
        "c000, -2",
        "7bff, 65504",
        "7c00, Infinity",
        "fc00, -Infinity",
        "7e00, NaN",
    })
    void halfIsWhatIts16BitsMean(String bits, double expected) {
        ByteBuffer data = ByteBuffer.allocate(2).putShort((short) Integer.parseInt(bits, 16));
        assertEquals(expected, ElementType.HALF.value(data, 0));
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "9223372036854775808, 9223372036854775808", "18446744073709551615, 18446744073709551615"})
    void longWithoutASignIsNotNegative(String bits, double expected) {
        ByteBuffer data = ByteBuffer.allocate(8).putLong(Long.parseUnsignedLong(bits));
        assertEquals(expected, ElementType.UNSIGNED_LONG.value(data, 0));
    }

    @Test
    void arraysOfNumPyMayHaveThem() throws IOException {
        byte[] halves = {0, 0x3C, 0, (byte) 0xC0};
        byte[] longs = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(1)
                .putLong(0)
                .array();
        MemoryStorage storage = new MemoryStorage()
                .with(
                        "t",
                        NpzBytes.zip(
                                "x.npy", NpzBytes.npy("<f2", "(2, 1)", halves),
                                "y.npy", NpzBytes.npy("<u8", "(2,)", longs)));
        RowSource source = Formats.open(DataFormat.NPZ, storage, List.of("t"), ReadingOptions.AUTO)
                .train();
        assertEquals(-2, source.read(RowSet.range(1, 2), storage).value(0, 0));
        assertEquals(1, source.labels(storage)[0]);
    }
}
