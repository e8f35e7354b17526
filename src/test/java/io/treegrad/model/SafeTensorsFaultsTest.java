package io.treegrad.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.treegrad.common.UserError;
import io.treegrad.network.SplitMix64;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 27 of the fault table: files that say what is not so. */
class SafeTensorsFaultsTest {
    private static final String PATH = "some/model.safetensors";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            8  | {"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}} | dtype "F64", expected "F32"
            4  | {"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}} | dtype 7, expected "F32"
            4  | {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}} | shape [2] has data_offsets [0,4], expected 8 bytes
            4  | {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}} | shape holds -1, expected whole numbers
            4  | {"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}} | shape holds 1.0, expected whole numbers
            4  | {"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}} | shape holds "1", expected whole numbers
            4  | {"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}} | shape is 1, expected an array
            4  | {"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,4]}} | expected at most 2147483639 floats
            4  | {"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,4]}} | expected at most
            4  | {"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}} | expected whole numbers
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}} | data_offsets holds -4, expected whole numbers
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}} | data_offsets [4,0], expected 4 bytes
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775804,9223372036854775807]}} | expected 4 bytes
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}} | data_offsets [0], expected a begin and an end
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}} | expected a begin and an end
            4  | {"a":{"dtype":"F32","shape":[1]}} | other fields, expected dtype, shape and data_offsets
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}} | other fields
            4  | {"a":{"dtype":"F32","shape":[1],"data":[0,4]}} | other fields
            4  | {"a":[]} | other fields
            8  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | begins at offset 4, after a gap, expected offset 0
            12 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}} | "b" begins at offset 8, after a gap
            8  | {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | "b" begins at offset 4, inside
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | begins at offset 0, inside
            5  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | end at offset 4, but 5 bytes follow
            3  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | end at offset 4, but 3 bytes follow
            4  | {"a":{"dtype":"F32","shape":[400000000],"data_offsets":[0,1600000000]}} | end at offset 1600000000, but 4 bytes
            4  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | Duplicate field 'a'
            4  | {"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}} | Duplicate field 'dtype'
            0  | {"__metadata__":{"k":"v","k":"v"}} | Duplicate field 'k'
            0  | {"__metadata__":{"k":1}} | __metadata__ holds 1, expected text
            0  | {"__metadata__":"v"} | __metadata__ is "v", expected an object
            0  | {"__metadata__":null} | __metadata__ is null, expected an object
            0  | {} {} | more than one value
            0  | {}x | expected well-formed JSON
            0  | {"a" | expected well-formed JSON
            0  | {'a':1} | expected well-formed JSON
            0  | [] | header begins with byte 91
            """)
    void headerThatDoesNotFitItsFileIsRefused(int dataBytes, String header, String sentence) {
        refused(file(header.getBytes(UTF_8), dataBytes), sentence);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 57, 1 << 20, (1 << 20) + 1, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void headerLengthIsNotBelieved(long headerLength) {
        // 8 + 48 bytes in all
        byte[] file = file("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[]}}".getBytes(UTF_8), 0);
        byte[] padded = Arrays.copyOf(file, 64);
        ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength);
        refused(
                padded,
                "the header has a length of " + Long.toUnsignedString(headerLength)
                        + " bytes, expected 2 to 56 in a file of 64 bytes");
    }

    @Test
    void headerAboveTheCapIsRefusedThoughItIsThere() {
        refused(
                file(("{}" + " ".repeat(1 << 20)).getBytes(UTF_8), 0),
                "length of 1048578 bytes, expected 2 to 1048576");
    }

    @Test
    void deepAndWideHeadersAreRefused() {
        refused(file(("{\"a\":" + "[".repeat(500_000)).getBytes(UTF_8), 0), "nesting depth");
        refused(file(("{\"a\":" + "1".repeat(500_000) + "}").getBytes(UTF_8), 0), "umber value length");
        refused(file(("{\"a\":[" + "1,".repeat(500_000) + "1]}").getBytes(UTF_8), 0), "other fields");
    }

    @Test
    void otherEncodingsAreRefused() {
        refused(file("{\"\u00e9\":1}".getBytes(ISO_8859_1), 0), "not UTF-8");
        refused(file("{\0}\0".getBytes(UTF_8), 0), "expected well-formed JSON");
    }

    @Test
    void weightsThatAreNotNumbersAreRefusedByPlace() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            byte[] file =
                    new SafeTensors(Map.of(), Map.of("w", Tensor.of(new float[] {1, 2, bad, 3}, 0, 2, 2))).toBytes();
            refused(file, "tensor \"w\" holds " + bad + " at position 2, expected finite floats");
        }
    }

    @Test
    void messageIsOneShortLineWhateverTheFileHolds() {
        String name = "line\\nline\\u001b[31m" + "x".repeat(3000);
        UserError error = refused(file(("{\"" + name + "\":1}").getBytes(UTF_8), 0), "line?line?[31m");
        assertTrue(error.getMessage().length() < 600, error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(error.getMessage().startsWith(PATH + ": "), error.getMessage());
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] file = valid();
        for (int length = 0; length < file.length; length++) {
            refused(Arrays.copyOf(file, length), "");
            int cut = length;
            // the file system still tells the whole length
            assertThrows(
                    UserError.class,
                    () -> SafeTensors.read(new ByteArrayInputStream(file, 0, cut), file.length, PATH),
                    "cut to " + cut);
        }
        refused(Arrays.copyOf(file, file.length + 1), "bytes follow the header");
        assertThrows(
                UserError.class,
                () -> SafeTensors.read(
                        new ByteArrayInputStream(Arrays.copyOf(file, file.length + 1)), file.length, PATH));
    }

    @Test
    void noDamageEndsInAnythingButAUserError() throws IOException {
        long seed = System.nanoTime();
        SplitMix64 random = new SplitMix64(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] file = valid();
            for (int damage = 1 + random.nextInt(3); damage > 0; damage--) {
                file[random.nextInt(file.length)] = (byte) random.nextLong();
            }
            try {
                SafeTensors.read(new ByteArrayInputStream(file), file.length, PATH);
            } catch (UserError e) {
                assertEquals(UserError.Kind.BAD_DATA, e.kind());
            } catch (RuntimeException e) {
                fail("round " + round + ", seed " + seed, e);
            }
        }
    }

    private static byte[] valid() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 0, 2, 3));
        tensors.put("b", Tensor.vector(new float[] {7, 8}));
        return new SafeTensors(Map.of("k", "v"), tensors).toBytes();
    }

    private static byte[] file(byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static UserError refused(byte[] file, String sentence) {
        UserError error = assertThrows(
                UserError.class, () -> SafeTensors.read(new ByteArrayInputStream(file), file.length, PATH));
        assertEquals(UserError.Kind.BAD_DATA, error.kind());
        assertTrue(error.getMessage().contains(sentence), error.getMessage());
        return error;
    }
}
