package io.treegrad.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.treegrad.network.SplitMix64;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafeTensorsTest {
    @Test
    void bytesAreThoseOfTheFormat() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.of(new float[] {9, 1, 2}, 1, 1, 2));
        tensors.put("b", Tensor.vector(new float[] {-0.5f}));
        byte[] bytes = new SafeTensors(Map.of("k", "v"), tensors).toBytes();
        String header = "{\"__metadata__\":{\"k\":\"v\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
        assertEquals(135, header.length());
        byte[] expected = ByteBuffer.allocate(8 + 136 + 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(136)
                .put((header + " ".repeat(1)).getBytes(UTF_8))
                .putFloat(1)
                .putFloat(2)
                .putFloat(-0.5f)
                .array();
        assertArrayEquals(expected, bytes);
    }

    @Test
    void everyFiniteFloatComesBackBitForBitInEveryShape() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 300; round++) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (int t = random.nextInt(6); t > 0; t--) {
                tensors.put("tensor." + t + ".é\"\n", randomTensor(random));
            }
            byte[] bytes = new SafeTensors(Map.of("round", "" + round), tensors).toBytes();
            SafeTensors back = read(bytes);
            String replay = "round " + round + ", seed " + seed;
            assertEquals(
                    0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8, replay);
            assertEquals(Map.of("round", "" + round), back.metadata(), replay);
            // numbers of no bytes may change places with each other, all others stay where they were written
            assertEquals(tensors.keySet(), back.tensors().keySet(), replay);
            tensors.forEach((name, tensor) -> {
                assertEquals(tensor.shape(), back.tensors().get(name).shape(), replay);
                assertArrayEquals(bits(tensor), bits(back.tensors().get(name)), replay);
            });
        }
    }

    /** They go through a buffer of 4096 floats. */
    @Test
    void aLongTensorComesBackToItsLastFloat() throws IOException {
        for (int length : new int[] {4095, 4096, 4097, 8192, 10_000}) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = i;
            }
            byte[] bytes = new SafeTensors(Map.of(), Map.of("w", Tensor.vector(values))).toBytes();
            assertArrayEquals(values, read(bytes).tensors().get("w").toArray());
        }
    }

    @Test
    void noLongerHeaderIsWrittenThanIsRead() throws IOException {
        String longest = "x".repeat((1 << 20) - "{\"__metadata__\":{\"k\":\"\"}}".length());
        assertEquals(
                longest,
                read(new SafeTensors(Map.of("k", longest), Map.of()).toBytes())
                        .metadata()
                        .get("k"));
        SafeTensors longer = new SafeTensors(Map.of("k", longest + "x"), Map.of());
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, longer::toBytes);
        assertEquals("a header of 1048584 bytes for 0 tensors, expected at most 1048576", error.getMessage());
    }

    @Test
    void headerMayNameTensorsInAnyOrder() throws IOException {
        String header = "{\"b\":{\"shape\":[],\"data_offsets\":[4,8],\"dtype\":\"F32\"},"
                + "\"a\":{\"data_offsets\":[0,4],\"dtype\":\"F32\",\"shape\":[1,1]}}";
        byte[] bytes = ByteBuffer.allocate(8 + header.length() + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length())
                .put(header.getBytes(UTF_8))
                .putFloat(1)
                .putFloat(2)
                .array();
        SafeTensors read = read(bytes);
        assertEquals(List.of("a", "b"), List.copyOf(read.tensors().keySet()));
        assertEquals(1, read.tensors().get("a").at(0));
        assertEquals(2, read.tensors().get("b").at(0));
        assertEquals(List.of(), read.tensors().get("b").shape());
        assertTrue(read.metadata().isEmpty());
    }

    @Test
    void tensorIsAWindowThatStaysInside() {
        float[] values = {1, 2, 3, 4};
        Tensor tensor = Tensor.of(values, 1, 2);
        assertArrayEquals(new float[] {2, 3}, tensor.toArray());
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.at(2));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.at(-1));
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(values, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(values, 0, -1, -4));
    }

    @Test
    void namesThatTheFormatKeepsAreRefused() {
        Map<String, Tensor> tensors = Map.of("__metadata__", Tensor.vector(new float[1]));
        assertThrows(IllegalArgumentException.class, () -> new SafeTensors(Map.of(), tensors));
    }

    private static Tensor randomTensor(SplitMix64 random) {
        List<Integer> shape = new ArrayList<>();
        int size = 1;
        for (int rank = random.nextInt(4); rank > 0; rank--) {
            shape.add(random.nextInt(14));
            size *= shape.get(shape.size() - 1);
        }
        int offset = random.nextInt(5);
        float[] values = new float[offset + size + random.nextInt(5)];
        for (int i = 0; i < values.length; i++) {
            do {
                values[i] = Float.intBitsToFloat((int) random.nextLong());
            } while (!Float.isFinite(values[i]));
        }
        return Tensor.of(values, offset, shape.toArray(Integer[]::new));
    }

    private static int[] bits(Tensor tensor) {
        int[] bits = new int[tensor.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(tensor.at(i));
        }
        return bits;
    }

    private static SafeTensors read(byte[] bytes) throws IOException {
        return SafeTensors.read(new ByteArrayInputStream(bytes), bytes.length, "test.safetensors");
    }
}
