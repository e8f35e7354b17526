package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FloatArrayTest {
    @Test
    void everyBitSurvivesTheWire() throws Exception {
        int[] bits = {0, 0x80000000, 1, 0x3f800000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x7fc12345};
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
        float[] copy = copy(new FloatArray(values)).values();
        assertEquals(bits.length, copy.length);
        for (int i = 0; i < bits.length; i++) {
            assertEquals(bits[i], Float.floatToRawIntBits(copy[i]));
        }
        assertEquals(0, copy(new FloatArray(new float[0])).values().length);
    }

    @Test
    void numberTakesFourBytes() throws Exception {
        int empty = serialized(new FloatArray(new float[0])).length;
        assertTrue(empty < 100, empty + " bytes");
        int large = serialized(new FloatArray(new float[80_000])).length;
        assertTrue(large - empty < 4 * 80_000 + 2000, large + " bytes");
    }

    @Test
    void largeArrayArrivesWhole() throws Exception {
        float[] values = new float[1_000_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        assertArrayEquals(values, copy(new FloatArray(values)).values());
    }

    @Test
    void lengthThatTheMessageDoesNotHoldIsRefusedWithoutTakingMemory() throws Exception {
        // the length stands before the eight bytes of the two floats and the mark that ends the object's data
        byte[] message = serialized(new FloatArray(new float[] {1, 2}));
        int at = message.length - 13;
        assertEquals(8, ByteBuffer.wrap(message).getInt(at));
        for (int length : new int[] {-1, Integer.MIN_VALUE, 7, 12, 2_000_000_000}) {
            ByteBuffer.wrap(message).putInt(at, length);
            // 2 GB would not fit into the heap of the tests beside the rest
            assertThrows(IOException.class, () -> read(message), () -> "length " + length);
        }
    }

    private static FloatArray copy(FloatArray array) throws Exception {
        return read(serialized(array));
    }

    private static FloatArray read(byte[] message) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(message))) {
            return (FloatArray) in.readObject();
        }
    }

    private static byte[] serialized(FloatArray array) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(array);
        }
        return bytes.toByteArray();
    }
}
