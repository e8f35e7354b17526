package io.treegrad.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class WeightsDigestTest {
    @Test
    void digestIsThatOfTheLittleEndianBytes() {
        // python3 -c "import hashlib; print(hashlib.sha256(b'').hexdigest())"
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", WeightsDigest.of(new float[0]));
        // python3 -c "import hashlib, struct; print(hashlib.sha256(struct.pack('<3f', 1, -0.5, 2 *
        // 2**-149)).hexdigest())"
        assertEquals(
                "b7d9d0d22411cd417c65ecada1b029847d531a89bafb413919773a118f279c93",
                WeightsDigest.of(new float[] {1, -0.5f, 2 * Float.MIN_VALUE}));
        // more than one chunk: struct.pack('<10000f', *range(10000))
        float[] many = new float[10_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }
        assertEquals("042b8b3684f01a27d31442047abb51122d175ae97d5d6897ca0866c243f9dac8", WeightsDigest.of(many));
    }

    @Test
    void digestTellsApartWhatEqualsDoesNot() {
        assertNotEquals(WeightsDigest.of(new float[] {0f}), WeightsDigest.of(new float[] {-0f}));
    }
}
