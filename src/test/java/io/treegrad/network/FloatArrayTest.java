package io.treegrad.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
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

    private static FloatArray copy(FloatArray array) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(serialized(array)))) {
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
